// A short name for the exact bits of parameters.
import { createHash } from 'node:crypto'
import type { Tensors } from 'cauchy'

/** The first 16 hexadecimal digits of SHA-256 over all bytes, tensors in order. */
export function fingerprint(tensors: Tensors): string {
  const hash = createHash('sha256')
  for (const { buffer, byteOffset, byteLength } of Object.values(tensors)) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return hash.digest('hex').slice(0, 16)
}
