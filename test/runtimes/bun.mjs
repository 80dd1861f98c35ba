// Bun, which loads the addon; and its own engine under the other backends.
import { binary } from './binaries.mjs'
import { run, versionOf } from './packed.mjs'

export async function* bun(packed) {
  const program = binary('@oven/bun-linux-x64')
  const everyRule = await packed.bundleTest('every-rule.mjs')
  const version = versionOf(program)
  const row = (how, backend, file, env) => ({
    runtime: 'Bun',
    version,
    how,
    backend,
    start: () => run(program, [file], { cwd: packed.folder, env }),
  })
  yield row('import', 'native', 'main.mjs')
  yield row('CAUCHY_BACKEND=wasm', 'wasm', 'main.mjs', { CAUCHY_BACKEND: 'wasm' })
  yield row('CAUCHY_BACKEND=js', 'js', 'main.mjs', { CAUCHY_BACKEND: 'js' })
  yield row('every optimizer against JavaScript', 'native', everyRule)
}
