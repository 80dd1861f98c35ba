// AdEMAMix: options, warm-up, coefficients, documentation.
import { exp, ln } from '../math/functions'
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdEMAMixOptions extends CommonOptions {
  betas: readonly [number, number, number]
  alpha: number
  tAlpha: number
  tBeta3: number
  eps: number
  epsRoot: number
  weightDecay: number
}

/** From β₁ to β₃ in T steps, so that the averages' half-lives grow linearly. */
function beta3At(t: number, { betas: [beta1, , beta3], tBeta3 }: AdEMAMixOptions): number {
  if (t >= tBeta3) return beta3
  const share = t / tBeta3
  return Math.min(beta3, exp(1 / ((1 - share) / ln(beta1) + share / ln(beta3))))
}

export const ademamix: Rule<AdEMAMixOptions> = {
  name: 'AdEMAMix',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.999, 0.9999),
    alpha: rate(5),
    tAlpha: rate(0),
    tBeta3: rate(0),
    eps: rate(1e-8),
    epsRoot: rate(0),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  state: () => ['expAvgFast', 'expAvgSlow', 'expAvgSq'],
  passes: () => ['ademamix'],
  coefficients(_pass, options, { t }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      alpha,
      tAlpha,
      eps,
      epsRoot,
      weightDecay,
    } = options
    const beta3 = beta3At(t, options)
    c[k] = 1 - lr * weightDecay
    c[k + 1] = beta1
    c[k + 2] = 1 - beta1
    c[k + 3] = beta2
    c[k + 4] = 1 - beta2
    c[k + 5] = beta3
    c[k + 6] = 1 - beta3
    c[k + 7] = 1 / (1 - integerPower(beta2, t))
    c[k + 8] = epsRoot
    c[k + 9] = eps
    c[k + 10] = lr / (1 - integerPower(beta1, t))
    c[k + 11] = lr * (t < tAlpha ? alpha * (t / tAlpha) : alpha)
  },
}

/**
 * AdEMAMix: AdamW with a second, much slower average of the gradients, which warms up.
 *
 * ```text
 * αₜ = α·min(t/Tα, 1)
 * βₜ = exp(1 / ((1 − t/Tβ)/ln β₁ + (t/Tβ)/ln β₃)), at most β₃; from Tβ on β₃
 * m ← β₁·m + (1 − β₁)·g
 * s ← βₜ·s + (1 − βₜ)·g
 * v ← β₂·v + (1 − β₂)·g²
 * v̂ = v / (1 − β₂ᵗ),  m̂ = m / (1 − β₁ᵗ)
 * p ← (1 − η·λ)·p − η·(m̂ + αₜ·s) / (√(v̂ + ε₀) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂, β₃] each in [0, 1), default [0.9, 0.999, 0.9999] · `alpha`
 * α ≥ 0, default 5 · `tAlpha` Tα and `tBeta3` Tβ ≥ 0, steps of warm-up, default 0: none (the paper: all steps of the
 * run) · `eps` ε ≥ 0, default 1e-8 · `epsRoot` ε₀ ≥ 0, default 0 · `weightDecay` λ ≥ 0 (decoupled), default 0 ·
 * `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvgFast` m, `expAvgSlow` s, `expAvgSq` v (the parameter's shape each).
 *
 * Source: `optax.contrib.ademamix`; Pagliardini, Ablin and Grangier, "The AdEMAMix Optimizer: Better, Faster, Older"
 * (2024), whose two warm-ups these are (optax takes schedules instead; the authors' code adds 1e-8 to β before ln).
 *
 * Deviations: gradients, m, s and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v.
 * With ε = 0 a gradient between the two divides by zero.
 *
 * @example
 * ```ts
 * import { AdEMAMix } from 'cauchy'
 * const w = Float64Array.of(1)
 * const options = { lr: 0.25, betas: [0.9, 0.999, 0.5], alpha: 2, eps: 0 } as const
 * new AdEMAMix({ w }, options).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5: steps of lr·sign(g) along the fast average and of lr·2·0.5·sign(g) along the slow one
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class AdEMAMix<
  const P extends ParamsInput<AdEMAMixOptions> = ParamsInput<AdEMAMixOptions>,
> extends Optimizer<AdEMAMixOptions, P> {
  constructor(params: P, options?: Partial<AdEMAMixOptions> & OptimizerOptions) {
    super(ademamix, params, options)
  }
}
