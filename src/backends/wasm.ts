// The WebAssembly tier: tensors in the block are computed in place by one call; the caller's arrays are
// staged through a window of the block, a chunk at a time.
import { KERNEL_NUMBERS, type KernelName, kernelInfo } from '../kernels'
import { BLOCK, type Block, elementBytes, newArray, RECORD, SLOTS, SUMS, type TensorSpec } from '../memory'
import type { DType, FloatArray } from '../types'
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

class WasmEngine implements Engine {
  readonly #tensors: readonly TensorSpec[]
  readonly #block: Block
  readonly #run: Run
  /** The records of all tensors: dtype, length, slot addresses. */
  readonly #records: Uint32Array
  /** The caller's p and g, per tensor; a missing array is in the block. */
  readonly #outside: (FloatArray | undefined)[][]
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
      [block.paramWindow, block.gradientWindow].map((at) => newArray(dtype, buffer, at, BLOCK))
    this.#windows = { float32: windows('float32'), float64: windows('float64') }
    tensors.forEach(({ dtype, length }, t) => {
      this.#records.set([dtype === 'float32' ? 0 : 1, length], this.#at(t))
    })
  }

  #at(tensor: number): number {
    return (tensor * RECORD) / 4
  }

  bind(tensor: number, slot: number, array: FloatArray): void {
    const inside = array.buffer === this.#block.buffer
    if (inside) this.#records[this.#at(tensor) + 2 + slot] = array.byteOffset
    if (slot < 2) this.#outside[tensor][slot] = inside ? undefined : array
  }

  run(kernel: KernelName): void {
    const { control } = this.#block
    const { reads, writes } = kernelInfo(kernel)
    const staged: number[] = []
    this.#outside.forEach(([p, g], t) => {
      const stagesP = p !== undefined && (writes || reads.includes('p'))
      const stagesG = g !== undefined && reads.includes('g')
      if (control[2 * t] >= 0 && (stagesP || stagesG)) staged.push(t)
    })
    if (staged.length === 0) {
      this.#call(kernel, 0, this.#tensors.length)
      return
    }
    const rows = control.slice()
    for (const t of staged) control[2 * t] = -1
    this.#call(kernel, 0, this.#tensors.length)
    control.set(rows)
    for (const t of staged) this.#runStaged(kernel, t)
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

  // One of the caller's tensors, chunk by chunk. A chunk is a reduction block, so sums add up the same.
  #runStaged(kernel: KernelName, tensor: number): void {
    const { reads, writes } = kernelInfo(kernel)
    const { dtype, length } = this.#tensors[tensor]
    const windows = this.#windows[dtype]
    const record = this.#records.subarray(this.#at(tensor), this.#at(tensor + 1))
    const before = record.slice()
    const outside = this.#outside[tensor]
    for (let start = 0; start < length; start += BLOCK) {
      const end = Math.min(start + BLOCK, length)
      record[1] = end - start
      for (let slot = 0; slot < SLOTS; slot++) {
        const array = slot < 2 ? outside[slot] : undefined
        if (array === undefined) {
          record[2 + slot] = before[2 + slot] + start * elementBytes(dtype)
        } else {
          record[2 + slot] = windows[slot].byteOffset
          if (reads.includes(slot === 0 ? 'p' : 'g')) windows[slot].set(array.subarray(start, end))
        }
      }
      this.#call(kernel, tensor, 1)
      if (writes && outside[0]) outside[0].set(windows[0].subarray(0, end - start), start)
    }
    record.set(before)
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
