// What core.js can compute with: the addon if it is given what loads one, WebAssembly and JavaScript.
import type { LoadAddon } from '../backends/addon'
import { jsBackend } from '../backends/js/driver'
import { loadNative } from '../backends/native'
import { loadInlinedWasm } from './inlined-wasm'
import type { Tiers } from './tiers'

/** The argument of the core. */
declare const loadAddon: LoadAddon

export const tiers: Tiers = {
  native: () => loadNative(loadAddon),
  wasm: loadInlinedWasm,
  js: () => jsBackend,
}
