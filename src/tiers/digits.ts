// The WebAssembly tier from hexadecimal digits, or bytes.
import type { Backend } from '../backends/engine'
import { wasmBackend } from '../backends/wasm'

const digit = (code: number) => (code <= 57 ? code - 48 : code - 87) // 0–9, a–f

function decode(hex: string): Uint8Array<ArrayBuffer> {
  // Where it is there; the loop takes ten times as long.
  if (globalThis.Buffer) return globalThis.Buffer.from(hex, 'hex')
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * digit(hex.charCodeAt(2 * i)) + digit(hex.charCodeAt(2 * i + 1))
  return bytes
}

/** Compiles the kernels; throws where WebAssembly is missing, forbidden or without SIMD. */
export const compile = (kernels: string | Uint8Array<ArrayBuffer>): Backend =>
  wasmBackend(new WebAssembly.Module(typeof kernels === 'string' ? decode(kernels) : kernels))
