// State to bytes: a safetensors file in memory.
import { checkNotDetached } from '../tensors'
import { crc32 } from './crc32'
import { headerText, NO_CHECKSUM, PREFIX, place } from './layout'
import { flatten } from './tree'

/**
 * A state as bytes, to be stored or sent; `decodeState` gives it back, the same to the last bit.
 *
 * ```text
 * 8 bytes: n, little-endian │ n bytes: header, JSON │ tensors, little-endian, widest elements first
 * ```
 *
 * Takes what `stateDict()` of optimizers, wrappers, schedulers and accumulators returns, parameters (`opt.params`, or
 * `{ data, shape }` to keep their shape), and records and lists of them: numbers with NaN, ±Infinity and −0, strings,
 * booleans, null, and Float32, Float64, Int8, Uint8 and Uint16 arrays, the last for bfloat16. The same state gives the
 * same bytes.
 *
 * The bytes are a file in the safetensors format, which Python's `safetensors` and others read: tensors are named by their
 * path, as in `state.w.expAvg`; all else is JSON text in the metadata, with a version and a CRC-32 of everything.
 *
 * @example
 * ```ts
 * import { AdamW, decodeState, encodeState } from 'cauchy'
 * const opt = new AdamW({ w: [2] }, { lr: 0.1 })
 * opt.params.w.set([1, -1])
 * opt.grads.w.fill(1)
 * opt.step()
 * const bytes = encodeState({ params: opt.params, optimizer: opt.stateDict() })
 *
 * const saved = decodeState(bytes)
 * const resumed = new AdamW(saved.params, { backend: 'js' })
 * resumed.loadStateDict(saved.optimizer)
 * resumed.params.w[0] === opt.params.w[0] // → true
 * resumed.stepCount // → 1
 * ```
 * @throws TypeError for anything else in the state, naming the place; RangeError for a name `__proto__`, for more than 64
 * levels, and for cycles.
 */
export const encodeState = (state: object): Uint8Array<ArrayBuffer> => encode('encodeState', state)

export function encode(who: string, state: unknown): Uint8Array<ArrayBuffer> {
  const { tree, tensors } = flatten(who, state)
  for (const { name, array } of tensors) checkNotDetached(`${who}: state.${name}`, array)
  const { placed, total } = place(tensors)
  const header = new TextEncoder().encode(headerText(who, tree, placed, NO_CHECKSUM))
  const start = 8 + Math.ceil(header.length / 8) * 8
  const bytes = new Uint8Array(start + total)
  new DataView(bytes.buffer).setUint32(0, start - 8, true)
  bytes.fill(0x20, 8, start)
  bytes.set(header, 8)
  const arrays = new Map(tensors.map(({ name, array }) => [name, array]))
  for (const { name, begin } of placed) {
    const { buffer, byteOffset, byteLength } = arrays.get(name) as Uint8Array
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + begin)
  }
  const checksum = crc32(bytes).toString(16).padStart(NO_CHECKSUM.length, '0')
  bytes.set(new TextEncoder().encode(checksum), 8 + PREFIX.length)
  return bytes
}
