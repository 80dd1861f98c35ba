// Deno, without any permission.
import { join } from 'node:path'
import { binary } from './binaries.mjs'
import { run, versionOf } from './packed.mjs'

const program = () => binary('@deno/linux-x64-glibc')

function start(packed, file) {
  const env = { DENO_DIR: join(packed.elsewhere, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' }
  return run(program(), ['run', '--no-prompt', '--no-remote', file], { cwd: packed.folder, env })
}

/** Runs a job in Deno. */
export function inDeno(packed, job = {}) {
  const text = `import * as cauchy from 'cauchy'
    import { trainByText } from './training.mjs'
    console.log(JSON.stringify(await trainByText(cauchy, ${JSON.stringify(job)})))`
  return start(packed, packed.write('deno-main.mjs', text))
}

export async function* deno(packed) {
  const everyRule = await packed.bundleTest('every-rule.mjs')
  const version = versionOf(program())
  const row = (how, backend, start) => ({ runtime: 'Deno', version, how, backend, start })
  yield row('no permission', 'wasm', () => inDeno(packed))
  yield row("no permission, backend: 'js'", 'js', () => inDeno(packed, { backend: 'js' }))
  yield row('every optimizer against JavaScript', 'wasm', () => start(packed, everyRule))
}
