// What a build for Node and Bun can compute with: the addon, WebAssembly and JavaScript.
import { jsBackend } from '../backends/js/driver'
import { loadNative } from '../backends/native'
import { loadInlinedWasm } from './inlined-wasm'
import type { Tiers } from './tiers'

export const tiers: Tiers = { native: loadNative, wasm: loadInlinedWasm, js: () => jsBackend }
