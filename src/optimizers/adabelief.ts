// AdaBelief: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdaBeliefOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  epsRoot: number
  weightDecay: number
  nesterov: boolean
}

export const adabelief: Rule<AdaBeliefOptions> = {
  name: 'AdaBelief',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-16),
    epsRoot: rate(1e-16),
    weightDecay: rate(0),
    nesterov: flag(false),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: ['nesterov'],
  state: () => ['expAvg', 'expAvgVar'],
  passes: ({ nesterov }) => [nesterov ? 'adabeliefNesterov' : 'adabelief'],
  coefficients(_pass, options, { t }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      epsRoot,
      weightDecay,
      nesterov,
    } = options
    const biasCorrection1 = 1 - integerPower(beta1, t)
    c[k] = 1 - lr * weightDecay
    c[k + 1] = beta1
    c[k + 2] = 1 - beta1
    c[k + 3] = beta2
    c[k + 4] = 1 - beta2
    c[k + 5] = 1 / (1 - integerPower(beta2, t))
    c[k + 6] = epsRoot
    c[k + 7] = eps
    c[k + 8] = nesterov ? (lr * beta1) / (1 - integerPower(beta1, t + 1)) : lr / biasCorrection1
    c[k + 9] = (lr * (1 - beta1)) / biasCorrection1
  },
}

/**
 * AdaBelief: Adam whose steps shrink where gradients differ from their running average, not where they are large.
 *
 * ```text
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·(g − m)² + ε₀
 * v̂ = v / (1 − β₂ᵗ),  m̂ = m / (1 − β₁ᵗ)
 * m̂ = β₁·m / (1 − β₁ᵗ⁺¹) + (1 − β₁)·g / (1 − β₁ᵗ)        nesterov
 * p ← (1 − η·λ)·p − η·m̂ / (√v̂ + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-16 · `epsRoot` ε₀ ≥ 0, default 1e-16 · `weightDecay` λ ≥ 0 (decoupled), default 0 · `nesterov`, default false ·
 * `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvg` m, `expAvgVar` v (the parameter's shape each).
 *
 * Source: `optax.adabelief`; Zhuang et al., "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed
 * Gradients" (2020).
 *
 * Deviations: optax has no weight decay here; it is what its `add_decayed_weights` would do. The paper's ε is 1e-8;
 * ε₀ goes into v at every step, as in both. Gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, g − m
 * below 2⁻⁵⁸ (2⁻⁵⁰⁰).
 *
 * @example
 * ```ts
 * import { AdaBelief } from 'cauchy'
 * const w = Float64Array.of(1)
 * new AdaBelief({ w }, { lr: 0.25, betas: [0.5, 0.5], eps: 0, epsRoot: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5: the average is corrected to 3, its distance from the gradient is 1.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class AdaBelief<
  const P extends ParamsInput<AdaBeliefOptions> = ParamsInput<AdaBeliefOptions>,
> extends Optimizer<AdaBeliefOptions, P> {
  constructor(params: P, options?: Partial<AdaBeliefOptions> & OptimizerOptions) {
    super(adabelief, params, options)
  }
}
