// Owned memory: one block per optimizer for its parameters, gradients, state and everything a step needs,
// laid out the same for every backend and never moved, so that views and native pointers stay valid.
import type { DType, ElementType, FloatArray, StateArray } from './types'

/** Elements per reduction block. */
export const BLOCK = 4096
/** Elements of the caller's arrays that are staged at a time: few stay in the cache, many keep the memory streaming. */
const WINDOW = { least: 4 * BLOCK, most: 16 * BLOCK }
/** Doubles in one row of coefficients: four of the gradient, then the rule's. */
export const ROW = 24
export const RULE_OFFSET = 4
/** Doubles of reduction results per tensor. */
export const SUMS = 4
/** Accumulators of a reduction: element i adds to number i mod 16. */
export const ACCUMULATORS = 16
/** Arrays of one tensor that kernels reach: p, g, its state from the third on, working arrays from the last back. */
export const SLOTS = 8
/** Elements to which rows of working matrices are padded: two of the widest vectors. */
const PADDING = 32

/** From one row of a working matrix to the next, in elements. */
export const padded = (columns: number): number => Math.ceil(columns / PADDING) * PADDING

/** How the gradient reaches the rule: as it is, scaled and clipped, or with L2 weight decay added as well. */
export const MODE = { asIs: 0, prepared: 1, decayed: 2 } as const

/** How a state array is packed; a tensor's `packing` holds a byte for each. */
export const PACKING = { bf16First: 1, bf16Second: 2, int8First: 3, int8Second: 4 } as const
/** Elements of packed state that share a scale, unpacked at a time. */
export const SCALED = 256
/** Where in a row of coefficients the key of a packed tensor's random numbers stands: a multiplier and an offset. */
export const KEY = ROW - 2

const ALIGN = 64
const PAGE = 65536
const MAX_PAGES = 65536
/** Where the slot addresses begin in a tensor's record in WASM memory, after dtype, length, rows, columns, packing, first; in bytes. */
export const RECORD_SLOTS = 24
export const RECORD = RECORD_SLOTS + 4 * SLOTS
/**
 * The WASM backend's scratch: working slots, what lies behind a row's end in each, two sets of accumulators, then a
 * prepared or staged gradient, then unpacked state: slots of two arrays, and the arrays.
 */
const PREPARED = 64 + SLOTS * 32 + 2 * SUMS * ACCUMULATORS * 8
const UNPACKED = 2 * 16 + 2 * SCALED * 4

export interface TensorSpec {
  readonly dtype: DType
  readonly length: number
  /** Whether p and g live in the block. */
  readonly owned: boolean
  /** Of each of the matrices that lie one after the other in it; a vector is one row. */
  readonly rows: number
  readonly columns: number
  readonly states: readonly ArraySpec[]
  /** How its first state arrays are packed, a byte each of `PACKING`; 0: not at all. */
  readonly packing: number
  /** Arrays that keep nothing between steps. */
  readonly work: readonly WorkSpec[]
  /** Whether tensors share their working arrays. */
  readonly sharesWork: boolean
}

/** A tensor that kernels go through element by element, with so many state arrays of its length. */
export const vectorSpec = (dtype: DType, length: number, owned: boolean, states: number): TensorSpec => ({
  dtype,
  length,
  owned,
  rows: 1,
  columns: length,
  states: Array.from({ length: states }, () => ({ dtype, length })),
  packing: 0,
  work: [],
  sharesWork: false,
})

export interface ArraySpec {
  readonly dtype: ElementType
  readonly length: number
}

export interface WorkSpec {
  readonly dtype: DType
  readonly length: number
}

export interface Block {
  readonly buffer: ArrayBuffer
  /** The WebAssembly.Memory behind the buffer, unless it is a plain one. */
  readonly memory: WebAssembly.Memory | null
  /** Per tensor: its row of coefficients (−1: left alone), gradient mode. */
  readonly control: Int32Array
  readonly coefficients: Float64Array
  readonly sums: Float64Array
  /** Byte offsets of what only the WASM backend uses. */
  readonly records: number
  readonly scratch: number
  /** Where a chunk of the caller's g and p is staged; the latter 0 when every p is owned. */
  readonly gradientWindow: number
  readonly paramWindow: number
  /** Elements of each. */
  readonly window: number
  readonly p: readonly (FloatArray | null)[]
  readonly g: readonly (FloatArray | null)[]
  /** In an order that a solver may change. */
  readonly state: readonly StateArray[][]
  readonly work: readonly (readonly FloatArray[])[]
}

const TYPES = { float32: Float32Array, float64: Float64Array, uint16: Uint16Array, uint8: Uint8Array }

export const elementBytes = (dtype: ElementType): number => TYPES[dtype].BYTES_PER_ELEMENT

type ArrayArguments = [number] | [ArrayBufferLike, number, number]

export function newArray(dtype: DType, ...args: ArrayArguments): FloatArray
export function newArray(dtype: ElementType, ...args: ArrayArguments): StateArray
export function newArray(dtype: ElementType, ...args: ArrayArguments): StateArray {
  return new TYPES[dtype](...(args as [ArrayBuffer, number, number]))
}

/** Where everything in a block of these tensors lies, in bytes; −1 for what is not in it. */
export function layout(tensors: readonly TensorSpec[]) {
  const count = tensors.length
  let end = ALIGN
  const take = (bytes: number) => {
    const start = end
    end += Math.ceil(bytes / ALIGN) * ALIGN
    return start
  }
  const tensor = ({ dtype, length }: ArraySpec) => take(length * elementBytes(dtype))
  const shared = new Map<number, number>()
  const share = (k: number) => {
    const known = shared.get(k)
    if (known !== undefined) return known
    const bytes = ({ work }: TensorSpec) => (work[k] ? work[k].length * elementBytes(work[k].dtype) : 0)
    const place = take(tensors.reduce((most, spec) => Math.max(most, bytes(spec)), 0))
    shared.set(k, place)
    return place
  }
  const longest = tensors.reduce((most, { length }) => Math.max(most, length), 0)
  const staged = Math.min(longest, Math.max(WINDOW.least, Math.min(WINDOW.most, longest / 4)))
  const window = Math.max(1, Math.ceil(staged / BLOCK)) * BLOCK
  // Elementwise, a staged gradient is prepared where it stands; along rows it must outlast the rows before it.
  const takeScratch = () => {
    const packed = tensors.some(({ packing }) => packing !== 0)
    const alongRows = tensors.some(({ length, columns }) => columns !== length)
    const apart = packed || alongRows
    const scratch = take(PREPARED + (apart ? BLOCK : window) * 8 + (packed ? UNPACKED : 0))
    return { scratch, gradientWindow: apart ? take(window * 8) : scratch + PREPARED, window }
  }
  const places = {
    records: take(count * RECORD),
    control: take(count * 8),
    coefficients: take(count * ROW * 8),
    sums: take(count * SUMS * 8),
    ...takeScratch(),
    paramWindow: tensors.every(({ owned }) => owned) ? 0 : take(window * 8),
    p: tensors.map((spec) => (spec.owned ? tensor(spec) : -1)),
    g: tensors.map((spec) => (spec.owned ? tensor(spec) : -1)),
    state: tensors.map(({ states }) => states.map(tensor)),
    work: tensors.map(({ work, sharesWork }) =>
      work.map((spec, k) => (sharesWork ? share(k) : tensor(spec))),
    ),
  }
  // The last vector of a row may reach past the end.
  return { ...places, bytes: end + ALIGN }
}

/** Allocates a block of exactly the size its tensors need; `RangeError` when the memory cannot be had. */
export function allocate(
  who: string,
  tensors: readonly TensorSpec[],
  kind: 'wasm-only' | 'wasm-preferred' | 'plain',
): Block {
  const count = tensors.length
  const { control, coefficients, sums, p, g, state, work, bytes, ...places } = layout(tensors)
  const { buffer, memory } = getMemory(who, bytes, kind)
  const view = (at: number, t: number) =>
    at < 0 ? null : newArray(tensors[t].dtype, buffer, at, tensors[t].length)
  return {
    buffer,
    memory,
    control: new Int32Array(buffer, control, 2 * count),
    coefficients: new Float64Array(buffer, coefficients, ROW * count),
    sums: new Float64Array(buffer, sums, SUMS * count),
    ...places,
    p: p.map(view),
    g: g.map(view),
    state: state.map((list, t) =>
      list.map((at, k) => newArray(tensors[t].states[k].dtype, buffer, at, tensors[t].states[k].length)),
    ),
    work: work.map((list, t) =>
      list.map((at, k) => newArray(tensors[t].work[k].dtype, buffer, at, tensors[t].work[k].length)),
    ),
  }
}

function getMemory(who: string, bytes: number, kind: 'wasm-only' | 'wasm-preferred' | 'plain') {
  const pages = Math.ceil(bytes / PAGE)
  if (kind === 'wasm-only' && pages > MAX_PAGES) {
    throw new RangeError(`${who}: the wasm backend holds at most 4 GiB, got ${bytes} bytes`)
  }
  if (kind !== 'plain' && pages <= MAX_PAGES && typeof WebAssembly !== 'undefined') {
    try {
      // No growth, so views never detach; a transfer of the buffer copies, so native pointers stay valid.
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
      return { memory, buffer: memory.buffer as ArrayBuffer }
    } catch (cause) {
      if (kind === 'wasm-only') throw outOfMemory(who, bytes, cause)
    }
  }
  try {
    return { memory: null, buffer: new ArrayBuffer(bytes) }
  } catch (cause) {
    throw outOfMemory(who, bytes, cause)
  }
}

function outOfMemory(who: string, bytes: number, cause: unknown): RangeError {
  return new RangeError(`${who}: cannot allocate ${bytes} bytes for parameters, gradients and state`, {
    cause,
  })
}
