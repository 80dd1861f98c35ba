// What a build for edge runtimes can compute with: WebAssembly, as a module that was compiled beforehand.
import module from '#kernels.wasm'
import { wasmBackend } from '../backends/wasm'
import { missing, type Tiers } from './tiers'

export const tiers: Tiers = {
  native: missing('this build is for edge runtimes, which load no addons'),
  wasm: () => wasmBackend(module),
  js: missing('this build is for edge runtimes, which always have WebAssembly'),
}
