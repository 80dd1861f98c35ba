// What a build for browsers, Deno and every other runtime can compute with: WebAssembly and JavaScript.
import { jsBackend } from '../backends/js/driver'
import { loadInlinedWasm } from './inlined-wasm'
import { missing, type Tiers } from './tiers'

export const tiers: Tiers = {
  native: missing(
    'this build is for runtimes that load no addons (they do not set the node-addons condition)',
  ),
  wasm: loadInlinedWasm,
  js: () => jsBackend,
}
