// What a build for browsers, Deno and every other runtime can compute with: WebAssembly and JavaScript.
import { jsBackend } from '../backends/js/driver'
import { loadInlinedWasm } from './inlined-wasm'
import { loadAddon } from './no-addon'
import type { Tiers } from './tiers'

export const tiers: Tiers = { native: loadAddon, wasm: loadInlinedWasm, js: () => jsBackend }
