// The addon for arm64 and WebAssembly on that machine's Node, under qemu's user-mode emulation.
import { existsSync } from 'node:fs'
import { binary, Missing, program } from './binaries.mjs'
import { run, versionOf } from './packed.mjs'

const LIBRARIES = '/usr/aarch64-linux-gnu' // of Debian's g++-aarch64-linux-gnu

export async function* arm64(packed) {
  const emulator = program('qemu-aarch64')
  if (!existsSync(LIBRARIES)) throw new Missing(`there is no ${LIBRARIES}`)
  const args = ['-L', LIBRARIES, binary('node-20-arm64')]
  const version = versionOf(emulator, [...args, '--version'])
  const everyRule = await packed.bundleTest('every-rule.mjs')
  const row = (how, backend, ...rest) => ({
    runtime: 'Node for arm64, emulated',
    version,
    how,
    backend,
    start: () => run(emulator, [...args, ...rest], { cwd: packed.folder }),
  })
  yield row('import', 'native', 'main.mjs')
  yield row('every optimizer against JavaScript', 'native', everyRule)
  yield row('--no-addons', 'wasm', '--no-addons', 'main.mjs')
}
