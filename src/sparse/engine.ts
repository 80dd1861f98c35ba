// Takes sparse gradients to the kernels that dense ones go to: rows are gathered into a window, which another engine of
// the same backend computes, and scattered back. Nothing here grows with the tensor.
import { type Backend, type Engine, runAsync, type Threading } from '../backends/engine'
import { type KernelName, kernelInfo } from '../kernels'
import { allocate, BLOCK, type Block, ROW, SUMS, type TensorSpec, vectorSpec } from '../memory'
import type { FloatArray, StateArray } from '../types'
import { SparseRows } from './rows'

/** The windows' lengths: a few elements should not cost a whole reduction block. */
const LENGTHS = [64, 512, BLOCK]

/** Tensors of the windows' lengths, by their own engine. */
interface Windows {
  readonly block: Block
  readonly engine: Engine
}

/** Below it, a loop copies faster than two calls. */
const LONG = 32

/** The engine of an optimizer, for gradients of either kind. */
export class SparseEngine implements Engine {
  readonly #inner: Engine
  /** What stands in for each tensor's gradient where that is sparse. */
  readonly #sparse = new Map<number, SparseRows>()
  /** Tensors of sparse gradients have no packed state. */
  readonly #slots: FloatArray[][]
  readonly #windows = new Map<string, Windows>()

  constructor(
    readonly who: string,
    readonly backend: Backend,
    readonly tensors: readonly TensorSpec[],
    readonly block: Block,
    threading: Threading,
  ) {
    this.#inner = backend.createEngine(tensors, block, threading)
    this.#slots = tensors.map(() => [])
  }

  bind(tensor: number, slot: number, array: StateArray | SparseRows): void {
    if (array instanceof SparseRows) {
      this.#windowsOf(tensor) // what cannot be allocated throws before anything is written
      this.#sparse.set(tensor, array)
      return
    }
    if (slot === 1) this.#sparse.delete(tensor)
    this.#slots[tensor][slot] = array as FloatArray
    this.#inner.bind(tensor, slot, array)
  }

  run(kernel: KernelName): void {
    if (this.#sparse.size === 0) {
      this.#inner.run(kernel)
      return
    }
    const { control } = this.block
    const active = [...this.#sparse].filter(([t]) => control[2 * t] >= 0)
    const rows = active.map(([t]) => control[2 * t])
    for (const [t] of active) control[2 * t] = -1
    this.#inner.run(kernel)
    active.forEach(([t, gradient], i) => {
      control[2 * t] = rows[i]
      this.#runRows(kernel, t, gradient)
    })
  }

  async runAsync(kernel: KernelName): Promise<void> {
    if (this.#sparse.size === 0) await runAsync(this.#inner, kernel)
    else this.run(kernel)
  }

  get threads(): number {
    return this.#inner.threads ?? 1
  }

  #windowsOf(tensor: number): Windows {
    const { dtype, states } = this.tensors[tensor]
    const key = `${dtype} ${states.length}`
    const known = this.#windows.get(key)
    if (known) return known
    const specs = LENGTHS.map((length) => vectorSpec(dtype, length, true, states.length))
    const block = allocate(this.who, specs, this.backend.memory)
    const engine = this.backend.createEngine(specs, block)
    LENGTHS.forEach((_, w) => {
      slotsOf(block, w).forEach((array, slot) => void engine.bind(w, slot, array))
    })
    const windows = { block, engine }
    this.#windows.set(key, windows)
    return windows
  }

  // Chunk by chunk. A chunk is a reduction block, so sums are those of a dense array of the same values.
  #runRows(kernel: KernelName, t: number, gradient: SparseRows): void {
    const { reads, reductions } = kernelInfo(kernel)
    const { values } = gradient
    const { block, engine } = this.#windowsOf(t)
    const { control, coefficients, sums } = this.block
    const row = control[2 * t] * ROW
    block.coefficients.set(coefficients.subarray(row, row + ROW))
    // A kernel that takes nothing but the gradient needs the other arrays neither here nor back.
    const moved = reads.includes('p') ? [...this.#slots[t].keys()].filter((slot) => slot !== 1) : []
    for (let start = 0; start < values.length; start += BLOCK) {
      const end = Math.min(start + BLOCK, values.length)
      const w = LENGTHS.findIndex((length) => end - start <= length)
      const window = slotsOf(block, w)
      for (const slot of moved) gather(this.#slots[t][slot], window[slot], gradient, start, end)
      window[1].set(values.subarray(start, end))
      window[1].fill(0, end - start)
      block.control.fill(-1)
      block.control.set([0, control[2 * t + 1]], 2 * w)
      block.sums.fill(0)
      engine.run(kernel)
      for (const slot of moved) scatter(window[slot], this.#slots[t][slot], gradient, start, end)
      for (let k = 0; k < reductions; k++) sums[t * SUMS + k] += block.sums[w * SUMS + k]
    }
  }
}

/** All arrays of a tensor that lies in its block. */
const slotsOf = ({ p, g, state }: Block, t: number): FloatArray[] => [
  p[t] as FloatArray,
  g[t] as FloatArray,
  ...(state[t] as readonly FloatArray[]),
]

type Move = (source: FloatArray, target: FloatArray, rows: SparseRows, start: number, end: number) => void

/** Elements [start, end) of the rows, laid one after the other, from a tensor to a window. */
const gather: Move = (tensor, window, rows, start, end) =>
  forEachRun(rows, start, end, (at, from, length) => copy(tensor, at, window, from - start, length))

/** The same back. */
const scatter: Move = (window, tensor, rows, start, end) =>
  forEachRun(rows, start, end, (at, from, length) => copy(window, from - start, tensor, at, length))

/** Visits what of each row is in [start, end): where it lies in the tensor, where among the rows, how long it is. */
function forEachRun(
  { rows, rowSize }: SparseRows,
  start: number,
  end: number,
  visit: (at: number, from: number, length: number) => void,
): void {
  for (let from = start; from < end; ) {
    const r = Math.floor(from / rowSize)
    const length = Math.min((r + 1) * rowSize, end) - from
    visit(rows[r] * rowSize + from - r * rowSize, from, length)
    from += length
  }
}

function copy(source: FloatArray, at: number, target: FloatArray, to: number, length: number): void {
  if (length >= LONG) target.set(source.subarray(at, at + length), to)
  else for (let i = 0; i < length; i++) target[to + i] = source[at + i]
}
