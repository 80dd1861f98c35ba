// The vectors of L-BFGS, one array per tensor in the optimizer's own memory, and kernels over them.
import type { Engine } from '../backends/engine'
import type { KernelName } from '../kernels'
import { type Block, MODE, RULE_OFFSET, SUMS } from '../memory'
import type { FloatArray } from '../types'

export type Vector = readonly FloatArray[]

/** Kernels find their vectors behind p and g. */
const FIRST_SLOT = 2

export class Space {
  /** Whether each tensor takes part: kernels and copies pass the others over. */
  active: readonly boolean[] = []
  readonly #bound: Vector[] = []

  constructor(
    readonly block: Block,
    readonly engine: Engine,
  ) {}

  /** Runs a kernel over the active tensors with these vectors and row 0 of the coefficients. */
  run(kernel: KernelName, vectors: readonly Vector[], ...coefficients: readonly number[]): void {
    const { control, coefficients: rows, sums } = this.block
    vectors.forEach((vector, k) => void this.#bind(FIRST_SLOT + k, vector))
    this.active.forEach((isActive, t) => {
      control[2 * t] = isActive ? 0 : -1
      control[2 * t + 1] = MODE.asIs
    })
    rows.set(coefficients, RULE_OFFSET)
    sums.fill(0)
    this.engine.run(kernel)
  }

  #bind(slot: number, vector: Vector): void {
    if (this.#bound[slot] === vector) return
    vector.forEach((array, t) => void this.engine.bind(t, slot, array))
    this.#bound[slot] = vector
  }

  /** A reduction of the last run: the sum over the tensors, in their order. */
  sum(k = 0): number {
    const { sums } = this.block
    return this.active.reduce((total, isActive, t) => (isActive ? total + sums[t * SUMS + k] : total), 0)
  }

  /** How many elements of t·x are larger than the limit. */
  countAbove(x: Vector, t: number, limit: number): number {
    this.run('lbfgsMeasure', [x, x], t, limit, 1)
    return this.sum(1)
  }

  copy(from: Vector, to: Vector): void {
    this.active.forEach((isActive, t) => {
      if (isActive) to[t].set(from[t])
    })
  }
}

/** Copies of vectors as they were, to put them back. */
export class Undo {
  readonly #kept = new Map<Vector, Vector>()

  constructor(readonly space: Space) {}

  /** Notes a vector as it is, unless it was noted before. */
  keep(vector: Vector): void {
    if (this.#kept.has(vector)) return
    const { active } = this.space
    this.#kept.set(
      vector,
      vector.map((array, t) => (active[t] ? array.slice() : array.subarray(0, 0))),
    )
  }

  restore(): void {
    for (const [vector, copies] of this.#kept) {
      // A parameter whose memory was taken away meanwhile has no elements to put back.
      copies.forEach((copy, t) => void (vector[t].length >= copy.length && vector[t].set(copy)))
    }
  }
}
