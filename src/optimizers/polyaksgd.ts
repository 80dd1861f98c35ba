// Gradient descent with Polyak's step size: options, coefficients of its two passes, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface PolyakSGDOptions extends CommonOptions {
  maxLearningRate: number
  scaling: number
  fMin: number
  eps: number
}

export const polyakSGD: Rule<PolyakSGDOptions> = {
  name: 'PolyakSGD',
  options: {
    lr: rate(1),
    maxLearningRate: rate(1),
    scaling: rate(1),
    fMin: number(0),
    eps: rate(0),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  state: () => [],
  passes: () => ['gradientSquares', 'sgd'],
  needsLoss: true,
  couplesGroups: true,
  combine(pass, _options, tensors) {
    if (pass !== 1) return
    const squaredNorm = tensors.reduce((total, { sums }) => total + sums[0], 0)
    for (const { sums } of tensors) sums[0] = squaredNorm
  },
  coefficients(pass, { lr, maxLearningRate, scaling, fMin, eps, maximize }, { sums, loss }, c, k) {
    if (pass !== 1) return
    const gap = maximize ? fMin - loss : loss - fMin
    const denominator = sums[0] + eps
    const size = denominator <= Number.EPSILON ? 0 : Math.min(gap / denominator, maxLearningRate)
    c[k] = lr * scaling * size
  },
}

/**
 * Gradient descent with Polyak's step size: as far as the tangent needs to come down to the least loss.
 *
 * ```text
 * p ← p − η·s·min((f − f*) / (‖g‖₂² + ε), γ)·g        ‖g‖₂ over all tensors; 0 where ‖g‖₂² + ε ≤ 2⁻⁵²
 * ```
 *
 * A step needs the loss f, hence a closure. Where f falls below f* the step goes uphill.
 *
 * Options: `maxLearningRate` γ ≥ 0, default 1 · `scaling` s ≥ 0, default 1 · `fMin` f*, any number, the least loss
 * (with `maximize` the greatest), default 0 · `eps` ε ≥ 0, default 0 · `lr` η ≥ 0, default 1: a factor as `scaling` is, for
 * schedulers · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: none.
 *
 * Source: Polyak, "Introduction to Optimization" (1987); Loizou et al., "Stochastic Polyak Step-size for SGD" (2021),
 * with `optax.polyak_sgd`'s definitions and defaults.
 *
 * Deviations: gradients below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, below 2⁻¹²⁶ (2⁻⁵⁰⁰) in the norm.
 *
 * @example
 * ```ts
 * import { PolyakSGD } from 'cauchy'
 * const w = Float64Array.of(3)
 * new PolyakSGD({ w }).step((grads) => {
 *   grads.w[0] = 2 * w[0]
 *   return w[0] ** 2
 * })
 * w[0] // → 1.5: 3 − 9/6²·6
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class PolyakSGD<
  const P extends ParamsInput<PolyakSGDOptions> = ParamsInput<PolyakSGDOptions>,
> extends Optimizer<PolyakSGDOptions, P> {
  constructor(params: P, options?: Partial<PolyakSGDOptions> & OptimizerOptions) {
    super(polyakSGD, params, options)
  }
}
