// What a build for edge runtimes can compute with: WebAssembly, as modules that were compiled beforehand.
import common from '#common.wasm'
import { wasmBackend } from '../backends/wasm'
import { loaded } from './edge-loaded'
import { missing, type Tiers } from './tiers'

export const tiers: Tiers = {
  native: missing('this build is for edge runtimes, which load no addons'),
  wasm: () => wasmBackend(loaded.kernels ?? common),
  js: missing('this build is for edge runtimes, which always have WebAssembly'),
}
