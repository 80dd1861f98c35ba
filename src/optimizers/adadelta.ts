// Adadelta: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdadeltaOptions extends CommonOptions {
  rho: number
  eps: number
  weightDecay: number
}

export const adadelta: Rule<AdadeltaOptions> = {
  name: 'Adadelta',
  options: {
    lr: rate(1),
    rho: number(0.9, { min: 0, max: 1, openMax: true }),
    eps: rate(1e-6),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  structural: [],
  state: () => ['squareAvg', 'accDelta'],
  passes: () => ['adadelta'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(_pass, { lr, rho, eps }, _t, c, k) {
    c[k] = rho
    c[k + 1] = 1 - rho
    c[k + 2] = eps
    c[k + 3] = lr
  },
}

/**
 * Adadelta: steps as large as the average of those before, so that no learning rate needs to be chosen.
 *
 * ```text
 * g ← g + λ·p
 * v ← ρ·v + (1 − ρ)·g²
 * u = √(d + ε) / √(v + ε) · g
 * d ← ρ·d + (1 − ρ)·u²
 * p ← p − η·u
 * ```
 *
 * Options: `lr` η ≥ 0, default 1 · `rho` ρ in [0, 1), default 0.9 · `eps` ε ≥ 0, default 1e-6 · `weightDecay` λ ≥ 0
 * (L2), default 0 · `maximize`, default false.
 *
 * State: `squareAvg` v, `accDelta` d (the parameter's shape each).
 *
 * Source: `torch.optim.Adadelta`; Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).
 *
 * Deviations: gradients below 2⁻⁵⁸ (float64: 2⁻⁵⁰⁰) count as zero, and so do g/√(v + ε) and, in d, u below that; v
 * and d below 2⁻¹⁰⁰ (2⁻⁹⁰⁰).
 *
 * @example
 * ```ts
 * import { Adadelta } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adadelta({ w }, { lr: 0.25, rho: 0.75, eps: 4 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.4: √4 / √(0.25·3² + 4) · 3 is 2.4
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adadelta<
  const P extends ParamsInput<AdadeltaOptions> = ParamsInput<AdadeltaOptions>,
> extends Optimizer<AdadeltaOptions, P> {
  constructor(params: P, options?: Partial<AdadeltaOptions> & OptimizerOptions) {
    super(adadelta, params, options)
  }
}
