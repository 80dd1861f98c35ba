// RAdam: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface RAdamOptions extends DecayOptions {
  betas: readonly [number, number]
  eps: number
  epsHat: boolean
}

export const radam: Rule<RAdamOptions> = {
  name: 'RAdam',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-8),
    epsHat: flag(true),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    maximize: flag(false),
  },
  presets: { optax: { epsHat: false } },
  structural: [],
  state: () => ['expAvg', 'expAvgSq'],
  passes: () => ['radam'],
  l2: l2Decay,
  coefficients(_pass, options, { t }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      epsHat,
    } = options
    const power2 = integerPower(beta2, t)
    const rhoInf = 2 / (1 - beta2) - 1
    const rho = rhoInf - (2 * t * power2) / (1 - power2)
    const rectified = rho > 5
    const rectification = rectified
      ? Math.sqrt(((rho - 4) * (rho - 2) * rhoInf * (1 - power2)) / ((rhoInf - 4) * (rhoInf - 2) * rho))
      : 1
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = 1 - beta2
    c[k + 4] = epsHat ? eps : eps * Math.sqrt(1 - power2)
    // The denominator's limits.
    c[k + 5] = rectified ? 0 : 1
    c[k + 6] = rectified ? Number.POSITIVE_INFINITY : 1
    c[k + 7] = (lr * rectification) / (1 - integerPower(beta1, t))
    c[k + 8] = decayFactor(options)
  },
}

/**
 * RAdam: Adam that steps by plain momentum until its second moment is worth trusting, and less boldly after.
 *
 * ```text
 * g ← g + λ·p                                    decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * m ← β₁·m + (1 − β₁)·g,  m̂ = m / (1 − β₁ᵗ)
 * v ← β₂·v + (1 − β₂)·g²
 * ρ∞ = 2/(1 − β₂) − 1,  ρ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)
 * p ← p − η·m̂                                     as long as ρ ≤ 5, then
 * p ← p − η·r·m̂·√(1 − β₂ᵗ) / (√v + ε)             r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))
 *                                                epsHat false: η·r·m̂ / (√(v / (1 − β₂ᵗ)) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `epsHat`, ε beside the uncorrected root, default true · `weightDecay` λ ≥ 0 (L2), default 0 ·
 * `decoupledWeightDecay`, default false · `maximize`, default false · `preset` 'optax': epsHat false.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each).
 *
 * Source: `torch.optim.RAdam`; Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (2020).
 *
 * Deviations: gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v.
 *
 * @example
 * ```ts
 * import { RAdam } from 'cauchy'
 * const w = Float64Array.of(1)
 * new RAdam({ w }, { lr: 0.25 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.25: not yet rectified, so a step of lr·g
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class RAdam<const P extends ParamsInput<RAdamOptions> = ParamsInput<RAdamOptions>> extends Optimizer<
  RAdamOptions,
  P
> {
  constructor(params: P, options?: Partial<RAdamOptions> & OptimizerOptions) {
    super(radam, params, options)
  }
}
