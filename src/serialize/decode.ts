// Bytes to state: everything is checked, from the first byte to the last, before anything is made of it.
import { kindError, show, valueError } from '../check'
import { typedArrayName } from '../tensors'
import { crc32 } from './crc32'
import {
  ARRAYS,
  bytesOf,
  type ElementType,
  headerText,
  MAX_HEADER,
  NO_CHECKSUM,
  type Placed,
  PREFIX,
  place,
  type StateArray,
  VERSION,
} from './layout'
import { unflatten } from './tree'

/**
 * The state that `encodeState` made bytes of: fresh arrays, nothing shared with the bytes. Any backend and any runtime
 * loads what another wrote.
 *
 * The bytes may come from anywhere: damaged, truncated and forged ones are refused before anything is allocated. What the
 * state means is checked by the `loadStateDict()` it is for.
 *
 * @example
 * ```ts
 * import { decodeState, encodeState } from 'cauchy'
 * const bytes = encodeState({ w: Float32Array.of(1, 2), best: Infinity })
 * const { w, best } = decodeState(bytes) // of type any, or decodeState<{ w: Float32Array; best: number }>(bytes)
 * w.length // → 2
 * best > 1e308 // → true
 * ```
 * @throws TypeError for anything but a Uint8Array or an ArrayBuffer; RangeError for bytes that `encodeState` did not write.
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse, unless said otherwise
export const decodeState = <T extends object = any>(bytes: Uint8Array | ArrayBuffer): T =>
  decode('decodeState', bytes) as T

const DIGITS = NO_CHECKSUM.length
const CHECKSUM_AT = 8 + PREFIX.length

export function decode(who: string, given: unknown): unknown {
  const bytes = asBytes(who, given)
  const start = headerEnd(who, bytes)
  const checksum = checkIntegrity(who, bytes)
  const { text, tree, placed } = parseHeader(who, bytes.slice(8, start), bytes.length - start)
  // There is one header for a state. That leaves no room for names given twice, nor for anything unknown.
  if (text.trimEnd() !== headerText(who, tree, placed, checksum) || start % 8 !== 0) {
    throw new RangeError(`${who}: the header must be as encodeState writes it, got another for its tensors`)
  }
  return unflatten(who, tree, placed, (spec) => {
    const { dtype, begin, end } = spec as Placed
    const copy = bytes.slice(start + begin, start + end)
    return new ARRAYS[dtype](copy.buffer) as StateArray
  })
}

function asBytes(who: string, given: unknown): Uint8Array<ArrayBuffer> {
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given))
  if (!isBuffer && typedArrayName(given) !== 'Uint8Array') {
    throw kindError(`${who}: bytes`, 'a Uint8Array or an ArrayBuffer', given)
  }
  if (isBuffer) return new Uint8Array(given as ArrayBuffer)
  const { buffer, byteOffset, byteLength } = given as Uint8Array<ArrayBuffer>
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function headerEnd(who: string, bytes: Uint8Array<ArrayBuffer>): number {
  const smallest = CHECKSUM_AT + DIGITS
  if (bytes.length < smallest)
    throw valueError(`${who}: the length`, `at least ${smallest} bytes`, bytes.length)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const most = Math.min(bytes.length - 8, MAX_HEADER)
  if (length < smallest - 8 || length > most) {
    throw valueError(`${who}: the header's length`, `in [${smallest - 8}, ${most}]`, length)
  }
  return 8 + length
}

/** Returns the checksum's digits, once they are found to be right. */
function checkIntegrity(who: string, bytes: Uint8Array): string {
  const first = String.fromCharCode(...bytes.subarray(8, CHECKSUM_AT + DIGITS))
  const version = /^\{"__metadata__":\{"cauchy":"(\d+)"/.exec(first)?.[1]
  if (version === undefined) {
    throw new RangeError(
      `${who}: bytes must be what encodeState returns, got a header ${show(first.slice(0, 24))}`,
    )
  }
  if (version !== VERSION) throw valueError(`${who}: the version`, VERSION, Number(version))
  const got = first.slice(PREFIX.length)
  const before = crc32(bytes.subarray(0, CHECKSUM_AT))
  const without = crc32(new TextEncoder().encode(NO_CHECKSUM), before)
  const wanted = crc32(bytes.subarray(CHECKSUM_AT + DIGITS), without)
    .toString(16)
    .padStart(DIGITS, '0')
  if (got !== wanted || !first.startsWith(PREFIX)) {
    throw new RangeError(
      `${who}: the checksum must be ${show(wanted)}, got ${show(got)}: the bytes are damaged`,
    )
  }
  return got
}

function parseHeader(who: string, bytes: Uint8Array, available: number) {
  let text: string
  let tree: unknown
  let tensors: [string, unknown][]
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const { __metadata__: metadata, ...others } = JSON.parse(text)
    tree = metadata.state
    tensors = Object.entries(others)
    if (typeof tree !== 'string') throw kindError('__metadata__.state', 'a string', tree)
    if (JSON.stringify(JSON.parse(tree)) !== tree)
      throw new SyntaxError('__metadata__.state has a name twice')
  } catch (cause) {
    throw new RangeError(`${who}: the header must be JSON as encodeState writes it, got ${String(cause)}`, {
      cause,
    })
  }
  const found = tensors.map(([name, value]) =>
    parseTensor(`${who}: tensor ${show(name)}`, name, value, available),
  )
  const { placed, total } = place(found)
  const begins = new Map(found.map(({ name, begin }) => [name, begin]))
  for (const { name, begin } of placed) {
    const got = begins.get(name)
    if (got !== begin)
      throw valueError(`${who}: tensor ${show(name)}`, `at byte ${begin}, behind the others`, got)
  }
  if (total !== available) throw valueError(`${who}: the tensors`, `all of the ${available} bytes`, total)
  return { text, tree, placed }
}

function parseTensor(who: string, name: string, value: unknown, available: number): Placed {
  if (typeof value !== 'object' || value === null) throw valueError(who, 'a record', value)
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>
  if (typeof dtype !== 'string' || !Object.hasOwn(ARRAYS, dtype)) {
    throw valueError(`${who}: dtype`, `one of ${Object.keys(ARRAYS).join(', ')}`, dtype)
  }
  const isList = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0)
  if (!isList(shape)) throw valueError(`${who}: shape`, 'a list of integers ≥ 0', shape)
  if (!isList(offsets) || offsets.length !== 2 || offsets[0] > offsets[1] || offsets[1] > available) {
    throw valueError(`${who}: data_offsets`, `[begin, end] within ${available} bytes`, offsets)
  }
  const [begin, end] = offsets
  const spec = { name, dtype: dtype as ElementType, shape, begin, end }
  if (bytesOf(spec) !== end - begin) {
    throw valueError(`${who}: [${shape}] of ${dtype}`, `of ${bytesOf(spec)} bytes`, end - begin)
  }
  return spec
}
