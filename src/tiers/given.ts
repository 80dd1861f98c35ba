// What core.js can compute with: the addon if it is given what loads one, WebAssembly and JavaScript.
import type { LoadAddon } from '../backends/addon'
import type { jsBackend } from '../backends/js/driver'
import { checkAnswers } from '../backends/known-answers'
import { loadNative } from '../backends/native'
import { compile } from './digits'
import type { Tiers } from './tiers'

/** The argument of the core. */
declare const parts: {
  readonly loadAddon: LoadAddon
  /** The digits of dist/kernels.js, or the bytes. */
  readonly kernels: () => string | Uint8Array<ArrayBuffer>
  /** What dist/reference.js has. */
  readonly reference: () => { readonly jsBackend: typeof jsBackend }
}

export const tiers: Tiers = {
  native: () => loadNative(parts.loadAddon),
  wasm: () => compile(parts.kernels()),
  js: () => {
    const { jsBackend } = parts.reference()
    checkAnswers(jsBackend) // The answers are its own: so they cannot go stale unnoticed.
    return jsBackend
  },
}
