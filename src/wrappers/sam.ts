// SAM: the gradient taken where the loss is worst nearby.
import { kindError, show } from '../check'
import { SUMS } from '../memory'
import { flag, number, rate } from '../options'
import { checkFloatArray } from '../tensors'
import type { Closure, FloatArray, StepInfo, StepOptions } from '../types'
import { ruleRow, type Vectors } from '../vectors'
import { type OptimizerInterface, Wrapper } from './wrapper'

export interface SAMOptions {
  rho: number
  adaptive: boolean
  eta: number
}

const options = { rho: rate(0.05), adaptive: flag(false), eta: number(0.01, { min: 0 }) }

/**
 * Sharpness-aware minimisation: an optimizer's step along the gradient at the worst point within ρ. Two gradients a step.
 *
 * ```text
 * p̂ = p + ρ·g/‖g‖                      g = ∇J(p)
 * p̂ = p + ρ·t²·g/‖t·g‖,  t = |p| + η    adaptive (ASAM)
 * p ← the inner optimizer's step from p with ∇J(p̂)
 * ```
 *
 * The norm is over all tensors; those with a `null` gradient and frozen ones do not take part. A gradient whose norm is
 * zero, NaN or infinite perturbs nothing. `step` takes a closure alone: it fills the gradients from the parameters as they are
 * and returns the loss; the loss reported is that at p. When it throws, the parameters are as they were, to the last bit.
 *
 * Options: `rho` ρ ≥ 0, default 0.05 (ASAM's authors take 0.5 and more) · `adaptive`, default false · `eta` η ≥ 0, default
 * 0.01, for adaptive. All in `options`, writable.
 *
 * State: that of the inner optimizer. A copy of the parameters is kept as working memory.
 *
 * Source: Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (2021); Kwon et al.,
 * "ASAM: Adaptive Sharpness-Aware Minimization" (2021).
 *
 * Deviations: gradients below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, in the adaptive form t and g below 2⁻⁵⁸ (2⁻⁵⁰⁰).
 * ASAM here scales every tensor, biases too.
 *
 * @example
 * ```ts
 * import { SAM, SGD } from 'cauchy'
 * const w = Float64Array.of(1)
 * const opt = new SAM(new SGD({ w }, { lr: 0.25 }), { rho: 0.5 })
 * const { loss } = opt.step(({ w: g }) => {
 *   g[0] = 2 * w[0]
 *   return w[0] ** 2
 * })
 * loss // → 1
 * w[0] // → 0.25: the gradient 3 was taken at 1.5
 * ```
 * @throws TypeError for wrong kinds, unknown options and a step without a closure, RangeError for values out of range.
 */
export class SAM<I extends OptimizerInterface> extends Wrapper<I, SAMOptions> {
  readonly #vectors: Vectors
  readonly #before: readonly FloatArray[]

  constructor(optimizer: I, given?: Partial<SAMOptions>) {
    super('SAM', optimizer, options, given)
    this.#vectors = this.vectors(0)
    this.#before = this.arrays.map((array) => array.slice())
  }

  override get needsClosure(): boolean {
    return true
  }

  /** One step of the inner optimizer with the gradient that SAM makes of the closure's. */
  override step(closure?: Parameters<I['step']>[0], options?: StepOptions): StepInfo {
    return super.step(this.#around('step', closure) as Parameters<I['step']>[0], options)
  }

  /** The same off the event loop; both gradients are computed at once, before it. */
  override async stepAsync(closure?: Closure<I['params']> | null, options?: StepOptions): Promise<StepInfo> {
    return super.stepAsync(this.#around('stepAsync', closure), options)
  }

  /** The closure with SAM's gradient for its own. */
  #around(method: string, closure: unknown): (grads: I['grads']) => number {
    if (typeof closure !== 'function') {
      throw kindError(`SAM.${method}: grads`, 'a closure, since two gradients are needed', closure)
    }
    return (grads) => this.#evaluate(method, closure as (grads: I['grads']) => unknown, grads)
  }

  #evaluate(method: string, closure: (grads: I['grads']) => unknown, grads: I['grads']): number {
    const who = `SAM.${method}`
    const loss = closure(grads)
    if (typeof loss !== 'number') throw kindError(`${who}: the closure's result`, 'the loss (a number)', loss)
    const frozen = new Set(this.frozen)
    const arrays = Object.values(grads).map((array, t) => {
      return frozen.has(this.names[t])
        ? null
        : checkFloatArray(`${who}: gradient ${show(this.names[t])}`, array)
    })
    this.checkAlive(method, arrays)
    const perturb = this.#perturbation(arrays)
    if (perturb === undefined) return loss
    this.#before.forEach((copy, t) => void copy.set(this.arrays[t]))
    try {
      perturb()
      closure(grads)
    } finally {
      this.arrays.forEach((array, t) => {
        if (array.length > 0) array.set(this.#before[t])
      })
    }
    return loss
  }

  /** What moves the parameters to the worst point nearby, unless there is none. */
  #perturbation(gradients: readonly (FloatArray | null)[]): (() => void) | undefined {
    const vectors = this.#vectors
    const { rho, adaptive, eta } = this.options
    let norm: number
    if (adaptive) {
      const sums = vectors.run('asamSquares', () => ruleRow(0, eta), gradients)
      norm = Math.sqrt(gradients.reduce((total, _, t) => total + sums[t * SUMS], 0))
    } else {
      norm = vectors.norm(gradients)
    }
    if (!Number.isFinite(norm) || norm === 0 || rho === 0) return undefined
    const row = ruleRow(rho / norm, eta)
    return () => void vectors.run(adaptive ? 'asamPerturb' : 'addScaled', () => row, gradients)
  }
}
