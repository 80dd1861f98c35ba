// ADOPT: options, coefficients, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface ADOPTOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  weightDecay: number
  clip: boolean
  nesterov: boolean
}

export const adopt: Rule<ADOPTOptions> = {
  name: 'ADOPT',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.9999),
    eps: rate(1e-6),
    weightDecay: rate(0),
    clip: flag(true),
    nesterov: flag(false),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: ['nesterov'],
  state: () => ['expAvg', 'expAvgSq'],
  passes: ({ nesterov }) => [nesterov ? 'adoptNesterov' : 'adopt'],
  coefficients(_pass, { lr, betas: [beta1, beta2], eps, weightDecay, clip }, { t }, c, k) {
    // The first gradient only fills v: everything is clipped to 0, and nothing is divided by v = 0.
    const first = t === 1
    c[k] = 1 - lr * weightDecay
    c[k + 1] = beta1
    c[k + 2] = 1 - beta1
    c[k + 3] = first ? 0 : beta2
    c[k + 4] = first ? 1 : 1 - beta2
    c[k + 5] = first ? 1 : eps
    c[k + 6] = clip || first ? Math.sqrt(Math.sqrt(t - 1)) : Number.POSITIVE_INFINITY
    c[k + 7] = lr
  },
}

/**
 * ADOPT: Adam that divides by the average of the gradients before this one, and so converges with any β₂.
 *
 * ```text
 * first step:  v ← g²
 * then:        u = g / max(√v, ε),  kept within ±(t − 1)^¼        clip: false: u as it is
 *              m ← β₁·m + (1 − β₁)·u
 *              p ← (1 − η·λ)·p − η·m                nesterov: β₁·m + (1 − β₁)·u for m
 *              v ← β₂·v + (1 − β₂)·g²
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.9999] · `eps` ε ≥ 0, default
 * 1e-6 · `weightDecay` λ ≥ 0 (decoupled, in the first step too), default 0 · `clip`, default true · `nesterov`,
 * default false · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each).
 *
 * Source: `optax.contrib.adopt`; Taniguchi et al., "ADOPT: Modified Adam Can Converge with Any β₂ with the Optimal
 * Rate" (2024).
 *
 * Deviations: optax has no weight decay here; it is what its `add_decayed_weights` would do. Gradients, m and v below
 * 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁰ (2⁻⁴⁵⁰) in v.
 *
 * @example
 * ```ts
 * import { ADOPT } from 'cauchy'
 * const w = Float64Array.of(1)
 * const opt = new ADOPT({ w }, { lr: 0.5, betas: [0.5, 0.9999] })
 * opt.step({ w: Float64Array.of(4) })
 * opt.step({ w: Float64Array.of(2) })
 * w[0] // → 0.875: the second gradient is half the first, and half of that enters the average
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class ADOPT<const P extends ParamsInput<ADOPTOptions> = ParamsInput<ADOPTOptions>> extends Optimizer<
  ADOPTOptions,
  P
> {
  constructor(params: P, options?: Partial<ADOPTOptions> & OptimizerOptions) {
    super(adopt, params, options)
  }
}
