// The WebAssembly tier: tensors in the block are computed in place by one call; the caller's arrays are
// staged through a window of the block, a chunk at a time.
import { KERNEL_NUMBERS, type KernelName, kernelInfo } from '../kernels'
import {
  BLOCK,
  type Block,
  elementBytes,
  newArray,
  RECORD,
  RECORD_SLOTS,
  SCALED,
  SLOTS,
  SUMS,
  type TensorSpec,
} from '../memory'
import type { DType, FloatArray, StateArray } from '../types'
import type { Backend, Engine } from './engine'

type Run = (
  kernel: number,
  count: number,
  records: number,
  control: number,
  coefficients: number,
  sums: number,
  scratch: number,
) => void

/** Where the slot addresses begin in a record, in words. */
const FIRST_SLOT = RECORD_SLOTS / 4

const VECTOR = 16 // bytes

class WasmEngine implements Engine {
  readonly #tensors: readonly TensorSpec[]
  readonly #block: Block
  readonly #run: Run
  /** The records of all tensors: dtype, length, rows, columns, packing, first element, slot addresses. */
  readonly #records: Uint32Array
  /** The caller's p and g, per tensor; a missing array is in the block. */
  readonly #outside: (FloatArray | undefined)[][]
  #anyOutside = false
  /** Where a chunk of the caller's p and g is staged. */
  readonly #windows: Record<DType, FloatArray[]>

  constructor(module: WebAssembly.Module, tensors: readonly TensorSpec[], block: Block) {
    const { memory, buffer } = block
    this.#run = new WebAssembly.Instance(module, { env: { memory: memory as WebAssembly.Memory } }).exports
      .run as Run
    this.#tensors = tensors
    this.#block = block
    this.#records = new Uint32Array(buffer, block.records, (tensors.length * RECORD) / 4)
    this.#outside = tensors.map(() => [])
    const windows = (dtype: DType) =>
      [block.paramWindow, block.gradientWindow].map((at) => newArray(dtype, buffer, at, block.window))
    this.#windows = { float32: windows('float32'), float64: windows('float64') }
    tensors.forEach(({ dtype, length, rows, columns, packing }, t) => {
      this.#records.set([dtype === 'float32' ? 0 : 1, length, rows, columns, packing, 0], this.#at(t))
    })
  }

  #at(tensor: number): number {
    return (tensor * RECORD) / 4
  }

  bind(tensor: number, slot: number, array: StateArray): void {
    // Its last vector must be there as a whole: of the caller's views of this memory, it may not.
    const end = array.byteOffset + VECTOR * Math.ceil(array.byteLength / VECTOR)
    const inside = array.buffer === this.#block.buffer && end <= array.buffer.byteLength
    if (inside) this.#records[this.#at(tensor) + FIRST_SLOT + slot] = array.byteOffset
    if (slot < 2) this.#outside[tensor][slot] = inside ? undefined : (array as FloatArray)
    this.#anyOutside ||= !inside
  }

  run(kernel: KernelName): void {
    const staged = this.#anyOutside ? this.#staged(kernel) : []
    if (staged.length === 0) {
      this.#call(kernel, 0, this.#tensors.length)
      return
    }
    const { control } = this.#block
    const rows = control.slice()
    for (const t of staged) control[2 * t] = -1
    this.#call(kernel, 0, this.#tensors.length)
    control.set(rows)
    for (const t of staged) this.#runStaged(kernel, t)
  }

  /** The tensors of which a kernel needs arrays that are not in the block. */
  #staged(kernel: KernelName): number[] {
    const { control } = this.#block
    const { reads, writes } = kernelInfo(kernel)
    const stagesP = writes || reads.includes('p')
    const stagesG = reads.includes('g')
    const staged: number[] = []
    this.#outside.forEach(([p, g], t) => {
      const needed = (stagesP && p !== undefined) || (stagesG && g !== undefined)
      if (needed && control[2 * t] >= 0) staged.push(t)
    })
    return staged
  }

  #call(kernel: KernelName, first: number, count: number): void {
    const { records, control, coefficients, sums, scratch } = this.#block
    this.#run(
      KERNEL_NUMBERS[kernel],
      count,
      records + first * RECORD,
      control.byteOffset + first * 8,
      coefficients.byteOffset,
      sums.byteOffset + first * SUMS * 8,
      scratch,
    )
  }

  // One of the caller's tensors, chunk by chunk. A chunk is of whole reduction blocks, so sums add up the same.
  #runStaged(kernel: KernelName, tensor: number): void {
    const { reads, writes, reductions, kind, shapes } = kernelInfo(kernel)
    const spec = this.#tensors[tensor]
    const bytes = elementBytes(spec.dtype)
    const windows = this.#windows[spec.dtype]
    const record = this.#records.subarray(this.#at(tensor), this.#at(tensor + 1))
    const before = record.slice()
    const outside = this.#outside[tensor]
    const chunks = kind === 'ROWS' ? rowChunks(spec) : blocks(spec, this.#block.window)
    for (const { element, length, row, rows, column, columns } of chunks) {
      record.set([length, rows, columns, spec.packing, element], 1)
      const offsets: Record<string, number> = {
        t: element * bytes,
        c: column * bytes,
        C: column * 8,
        r: row * bytes,
        results: row * reductions * 8,
      }
      for (let slot = 0; slot < SLOTS; slot++) {
        const array = slot < 2 ? outside[slot] : undefined
        if (array === undefined) {
          const shape = kind !== 'ROWS' ? 't' : slot === SLOTS - 1 ? 'results' : (shapes?.[slot] ?? '_')
          const offset = spec.packing === 0 ? (offsets[shape] ?? 0) : stateOffset(spec, slot, element)
          record[FIRST_SLOT + slot] = before[FIRST_SLOT + slot] + offset
        } else {
          record[FIRST_SLOT + slot] = windows[slot].byteOffset
          if (reads.includes(slot === 0 ? 'p' : 'g')) {
            windows[slot].set(array.subarray(element, element + length))
          }
        }
      }
      this.#call(kernel, tensor, 1)
      if (writes && outside[0]) outside[0].set(windows[0].subarray(0, length), element)
    }
    record.set(before)
  }
}

/** Where the part of a packed tensor's array from an element on begins: p and g are float32, state is in its own type. */
function stateOffset({ states }: TensorSpec, slot: number, element: number): number {
  if (slot < 2) return element * 4
  const { dtype = 'uint8' } = states[slot - 2] ?? {}
  return dtype === 'float32' ? (element / SCALED) * 4 : element * elementBytes(dtype)
}

/** A part of a tensor that fits the window: where it starts in elements, rows and columns, and its own size. */
interface Chunk {
  readonly element: number
  readonly length: number
  readonly row: number
  readonly rows: number
  readonly column: number
  readonly columns: number
}

function* blocks({ length }: TensorSpec, window: number): Generator<Chunk> {
  for (let element = 0; element < length; element += window) {
    const size = Math.min(window, length - element)
    yield { element, length: size, row: 0, rows: 1, column: 0, columns: size }
  }
}

/** Whole rows of one matrix, or a block of a row that is longer than the window. */
function* rowChunks({ length, rows, columns }: TensorSpec): Generator<Chunk> {
  let row = 0
  for (let element = 0; element < length; ) {
    const matrix = Math.floor(row / rows) * columns
    const start = element - row * columns
    const width = Math.min(columns - start, BLOCK)
    const height = columns > BLOCK ? 1 : Math.min(Math.floor(BLOCK / columns), rows - (row % rows))
    yield { element, length: height * width, row, rows: height, column: matrix + start, columns: width }
    element += height * width
    if (start + width === columns) row += height
  }
}

export function wasmBackend(module: WebAssembly.Module): Backend {
  return {
    name: 'wasm',
    isa: 'simd128',
    memory: 'wasm-only',
    createEngine: (tensors, block) => new WasmEngine(module, tensors, block),
  }
}
