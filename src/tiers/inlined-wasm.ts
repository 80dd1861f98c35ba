// The WebAssembly tier from digits within the JavaScript: nothing is read or fetched.
import hex from '../../dist/kernels.wasm'
import { wasmBackend } from '../backends/wasm'

const digit = (code: number) => (code <= 57 ? code - 48 : code - 87) // 0–9, a–f

function decode(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * digit(hex.charCodeAt(2 * i)) + digit(hex.charCodeAt(2 * i + 1))
  return bytes
}

/** Compiles the kernels; throws where WebAssembly is missing, forbidden or without SIMD. */
export const loadInlinedWasm = () => wasmBackend(new WebAssembly.Module(decode()))
