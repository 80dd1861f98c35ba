// Adamax: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdamaxOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  weightDecay: number
}

export const adamax: Rule<AdamaxOptions> = {
  name: 'Adamax',
  options: {
    lr: rate(2e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-8),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  structural: [],
  state: () => ['expAvg', 'expInf'],
  passes: () => ['adamax'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(_pass, { lr, betas: [beta1, beta2], eps }, { t }, c, k) {
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = eps
    c[k + 4] = lr / (1 - integerPower(beta1, t))
  },
}

/**
 * Adamax: Adam with the largest gradient, slowly forgotten, in place of the root of the mean square.
 *
 * ```text
 * g ← g + λ·p
 * m ← β₁·m + (1 − β₁)·g
 * u ← max(β₂·u, |g| + ε)
 * p ← p − η/(1 − β₁ᵗ) · m / u
 * ```
 *
 * Options: `lr` η ≥ 0, default 2e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `weightDecay` λ ≥ 0 (L2), default 0 · `maximize`, default false.
 *
 * State: `expAvg` m, `expInf` u (the parameter's shape each).
 *
 * Source: `torch.optim.Adamax`; Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), section 7.1, which
 * has no ε.
 *
 * Deviations: gradients, m and u below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero; with ε = 0 that divides by zero. A NaN in
 * the gradient leaves u as it was, where PyTorch's becomes NaN (m is NaN then, and so is p).
 *
 * @example
 * ```ts
 * import { Adamax } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adamax({ w }, { lr: 0.5, eps: 1 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.625: a step of 0.5 · 3/(3 + 1)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adamax<
  const P extends ParamsInput<AdamaxOptions> = ParamsInput<AdamaxOptions>,
> extends Optimizer<AdamaxOptions, P> {
  constructor(params: P, options?: Partial<AdamaxOptions> & OptimizerOptions) {
    super(adamax, params, options)
  }
}
