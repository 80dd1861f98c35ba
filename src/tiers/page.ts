// What a page can compute with that brings its own policy: WebAssembly, inlined.
import { loadInlinedWasm } from './inlined-wasm'
import { missing, type Tiers } from './tiers'

export const tiers: Tiers = {
  native: missing('this build is for browsers, which load no addons'),
  wasm: loadInlinedWasm,
  js: missing('this page has WebAssembly only'),
}
