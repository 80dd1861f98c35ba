// Node, every version in use: both module systems, threads, flags that forbid this or that, and one-file bundles.
import { join } from 'node:path'
import { binary } from './binaries.mjs'
import { run, versionOf } from './packed.mjs'

const FUNCTION = `
  const { handler } = require(process.argv[1])
  async function main() {
    let answer = {}
    for (const end of [25, 50, 75, 100]) answer = await handler({ saved: answer.saved, end })
    console.log(JSON.stringify(answer))
  }
  main()`

async function* version(node, packed) {
  const number = versionOf(node)
  const permission = /^v?20\./.test(number) ? '--experimental-permission' : '--permission'
  const once = (args, cwd = packed.folder, env = {}) => run(node, args, { cwd, env })
  const row = (how, backend, start) => ({ runtime: 'Node', version: number, how, backend, start })

  yield row('import', 'native', () => once(['main.mjs']))
  yield row('require', 'native', () => once(['main.cjs']))
  yield row('worker_threads, two terminated mid-step; threads: 2, stepAsync', 'native', () =>
    once(['threads.mjs'], packed.folder, { CAUCHY_CUTOVER: '0' }),
  )
  yield row('--jitless', 'native', () => once(['--jitless', 'main.mjs']))
  yield row('--no-addons', 'wasm', () => once(['--no-addons', 'main.mjs']))
  const permitted = [permission, `--allow-fs-read=${packed.folder}/*`]
  yield row('--permission', 'wasm', () => once([...permitted, 'main.mjs']))
  yield row('--permission --allow-addons', 'native', () => once([...permitted, '--allow-addons', 'main.mjs']))
  yield row('--no-addons --jitless', 'js', () => once(['--no-addons', '--jitless', 'main.mjs']))

  const options = { platform: 'node', outExtension: { '.js': '.mjs' } }
  const bundle = await packed.bundle('main.mjs', options)
  yield row('one file by esbuild, elsewhere', 'wasm', () => once(['main.mjs'], bundle))
  const lambda = await packed.bundle('handler.mjs', { platform: 'node', format: 'cjs' })
  yield row('Lambda handler, state in the events', 'wasm', () =>
    once(['-e', FUNCTION, join(lambda, 'handler.js')], lambda),
  )
}

/** This Node, and those from the registry. */
export async function* node(packed) {
  yield* version(process.execPath, packed)
  for (const name of ['node-22', 'node-24', 'node-26']) yield* version(binary(name), packed)
}
