// The safetensors layout: the header's length, the header in JSON, then the tensors without gaps.
import { valueError } from '../check'

/** Element types by safetensors' names. A Uint16Array holds bfloat16. */
export const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  BF16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const

export type ElementType = keyof typeof ARRAYS
export type StateArray = InstanceType<(typeof ARRAYS)[ElementType]>

export interface TensorSpec {
  readonly name: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
}

export interface Placed extends TensorSpec {
  /** Bytes, counted from the header's end. */
  readonly begin: number
  readonly end: number
}

/** The version of what `encodeState` writes. */
export const VERSION = '1'
/** What the file's first byte after the header's length begins; eight digits of the checksum follow. */
export const PREFIX = `{"__metadata__":{"cauchy":"${VERSION}","crc32":"`
export const NO_CHECKSUM = '00000000'
/** safetensors reads no longer header. */
export const MAX_HEADER = 100_000_000

const sizeOf = (dtype: ElementType) => ARRAYS[dtype].BYTES_PER_ELEMENT

/** Bytes of a tensor; not a safe integer if the dimensions are absurd. */
export const bytesOf = ({ dtype, shape }: TensorSpec): number =>
  shape.reduce((product, size) => product * size, sizeOf(dtype))

/** Wider elements first, so that all are aligned; then by name: the same tensors always lie in the same places. */
const order = (a: TensorSpec, b: TensorSpec) =>
  sizeOf(b.dtype) - sizeOf(a.dtype) || (a.name < b.name ? -1 : Number(a.name > b.name))

/** Places tensors behind each other. */
export function place(specs: readonly TensorSpec[]): { placed: Placed[]; total: number } {
  let total = 0
  const placed = [...specs].sort(order).map((spec) => {
    const begin = total
    total += bytesOf(spec)
    return { ...spec, begin, end: total }
  })
  return { placed, total }
}

/** The one header that these tensors have, padded with spaces so that they start at a multiple of eight bytes. */
export function headerText(who: string, tree: string, placed: readonly Placed[], checksum: string): string {
  const tensors = placed.map(
    ({ name, dtype, shape, begin, end }) =>
      `,${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
  )
  const text = `${PREFIX}${checksum}","state":${JSON.stringify(tree)}}${tensors.join('')}}`
  if (text.length > MAX_HEADER) {
    throw valueError(`${who}: the header`, `at most ${MAX_HEADER} bytes`, text.length)
  }
  return text
}
