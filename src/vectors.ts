// Kernels over arrays outside any optimizer: wrappers, clipping and accumulation run theirs through here.
import { chooseBackend } from './backend'
import type { Engine } from './backends/engine'
import { kindError, show } from './check'
import { gradientNorm } from './gradients'
import type { KernelName } from './kernels'
import { allocate, type Block, MODE, ROW, SUMS, vectorSpec } from './memory'
import { Places } from './places'
import { isSparse } from './sparse/rows'
import { checkFloatArray, dtypeOf } from './tensors'
import type { FloatArray } from './types'

export interface NamedArray {
  readonly name: string
  readonly array: FloatArray
}

/** Gradients in a record, a list or a single array, checked; `null` entries are passed over. */
export function collect(who: string, grads: unknown): NamedArray[] {
  const iterable = typeof grads === 'object' && grads !== null && Symbol.iterator in grads
  const listed = Array.isArray(grads) || ArrayBuffer.isView(grads)
  if (typeof grads !== 'object' || grads === null || (iterable && !listed)) {
    throw kindError(`${who}: grads`, 'arrays in a list or a record', grads)
  }
  const entries = ArrayBuffer.isView(grads)
    ? [['0', grads] as const]
    : Object.entries(Array.isArray(grads) ? Array.from(grads) : grads)
  const named = entries
    .filter(([, array]) => array !== null)
    .map(([name, array]) => ({ name, array: checkDense(`${who}: gradient ${show(name)}`, array) }))
  if (new Places(named.map(({ array }) => array)).clash() !== undefined) {
    throw new TypeError(`${who}: gradients must not share memory, got two that overlap`)
  }
  return named
}

function checkDense(who: string, array: unknown): FloatArray {
  if (isSparse(array)) throw new TypeError(`${who} must be an array of all rows, got a sparse gradient`)
  return checkFloatArray(who, array)
}

/** A row of coefficients for a kernel of the gradient: g ← clip(scale·g, ±limit). */
export const gradientRow = (scale: number, limit = Number.POSITIVE_INFINITY): number[] => [scale, limit, 1, 0]

/** A row of coefficients for any other kernel. */
export const ruleRow = (...coefficients: number[]): number[] => [...gradientRow(1), ...coefficients]

const PLAIN = { gradScale: 1, clipValue: Number.POSITIVE_INFINITY }

export class Vectors {
  /** Arrays of the kernels' own, `states` for each of the arrays given. */
  readonly state: readonly (readonly FloatArray[])[]
  readonly block: Block
  readonly engine: Engine
  readonly #bound: (FloatArray | undefined)[]

  /** @param arrays What kernels take for p; also g, until gradients are given. */
  constructor(
    readonly who: string,
    readonly arrays: readonly FloatArray[],
    backend: unknown,
    states = 0,
  ) {
    const choice = chooseBackend(who, backend).backend
    const specs = arrays.map((array) => vectorSpec(dtypeOf(array), array.length, false, states))
    const memory = states > 0 || choice.memory === 'wasm-only' ? choice.memory : 'plain'
    this.block = allocate(who, specs, memory)
    this.engine = choice.createEngine(specs, this.block)
    this.state = this.block.state as readonly (readonly FloatArray[])[]
    this.#bound = [...arrays]
    arrays.forEach((array, t) => {
      this.engine.bind(t, 0, array)
      this.engine.bind(t, 1, array)
      this.state[t].forEach((own, k) => {
        this.engine.bind(t, 2 + k, own)
      })
    })
  }

  /**
   * Runs a kernel over the arrays for which `row` gives coefficients, and returns its reductions.
   * All arrays must be alive.
   */
  run(
    kernel: KernelName,
    row: (t: number) => readonly number[] | null,
    gradients?: readonly (FloatArray | null)[],
  ): Float64Array {
    const { control, coefficients, sums } = this.block
    sums.fill(0)
    for (let t = 0; t < this.arrays.length; t++) {
      const gradient = gradients?.[t]
      const values = gradient === null ? null : row(t)
      control[2 * t] = values === null ? -1 : t
      control[2 * t + 1] = MODE.asIs
      if (values !== null) coefficients.set(values, t * ROW)
    }
    if (gradients) this.#bind(gradients)
    this.engine.run(kernel)
    return sums
  }

  #bind(gradients: readonly (FloatArray | null)[]): void {
    gradients.forEach((gradient, t) => {
      if (gradient === null || gradient === this.#bound[t]) return
      this.engine.bind(t, 1, gradient)
      this.#bound[t] = gradient
    })
  }

  /** The 2-norm of all gradients together, in the fixed order of reductions. */
  norm(gradients: readonly (FloatArray | null)[]): number {
    this.#bind(gradients)
    return gradientNorm(this.engine, this.block, gradients, PLAIN).norm
  }

  /** The 2-norm of each array. */
  norms(): number[] {
    const sums = this.run('squares', () => gradientRow(1)).slice()
    return this.arrays.map((_, t) => {
      const total = sums[t * SUMS]
      if (Number.isFinite(total)) return Math.sqrt(total)
      return this.norm(this.arrays.map((array, k) => (k === t ? array : null)))
    })
  }
}

/** Throws where an array has lost its memory since its length was noted. */
export function checkAlive(
  who: string,
  what: string,
  names: readonly string[],
  arrays: readonly (FloatArray | null)[],
  lengths: readonly number[],
): void {
  arrays.forEach((array, t) => {
    if (array !== null && array.length !== lengths[t]) {
      throw new TypeError(`${who}: ${what} ${show(names[t])} must keep its memory, got a detached array`)
    }
  })
}
