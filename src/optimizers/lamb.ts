// LAMB: options, coefficients of its two passes, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'
import { decayFactor, l2Decay } from './decay'

export interface LAMBOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  epsRoot: number
  weightDecay: number
  decoupledWeightDecay: boolean
}

export const lamb: Rule<LAMBOptions> = {
  name: 'LAMB',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-6),
    epsRoot: rate(0),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    maximize: flag(false),
  },
  presets: { optax: {}, keras: { eps: 1e-7, decoupledWeightDecay: true } },
  structural: [],
  state: () => ['expAvg', 'expAvgSq'],
  passes: () => ['lambMoments', 'lambUpdate'],
  coefficients(pass, options, { t, sums }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      epsRoot,
    } = options
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = 1 - beta2
    c[k + 4] = 1 / (1 - integerPower(beta1, t))
    c[k + 5] = 1 / (1 - integerPower(beta2, t))
    c[k + 6] = epsRoot
    c[k + 7] = eps
    c[k + 8] = l2Decay(options)
    if (pass === 1) {
      const decay = decayFactor(options)
      const paramNorm = Math.abs(decay) * Math.sqrt(sums[0])
      const updateNorm = Math.sqrt(sums[1])
      c[k + 9] = lr * (paramNorm === 0 || updateNorm === 0 ? 1 : paramNorm / updateNorm)
      c[k + 10] = decay
    }
  },
}

/**
 * LAMB: Adam's update, rescaled per tensor to the length of the tensor's weights.
 *
 * ```text
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * u = m̂ / (√(v̂ + ε₀) + ε) + λ·p        m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
 *                                      decoupledWeightDecay: p ← (1 − η·λ)·p first, no λ·p in u
 * p ← p − η·(‖p‖₂ / ‖u‖₂)·u            the ratio is 1 where either norm is 0
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-6 · `epsRoot` ε₀ ≥ 0, default 0 · `weightDecay` λ ≥ 0, default 0 · `decoupledWeightDecay`, default
 * false · `maximize`, default false · `preset` 'optax': the same; 'keras': eps 1e-7, decoupledWeightDecay.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each).
 *
 * Source: You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes" (2020), with
 * `optax.lamb`'s definitions and defaults (φ is the identity).
 *
 * Deviations: gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v,
 * elements below 2⁻¹²⁶ (2⁻⁵⁰⁰) in the norms.
 *
 * @example
 * ```ts
 * import { LAMB } from 'cauchy'
 * const w = Float64Array.of(3, 4)
 * new LAMB({ w }, { lr: 0.5, eps: 0 }).step({ w: Float64Array.of(7, 24) })
 * w[0] // → 1.2322330470336311: 3 − 0.5·5/√2, the update [1, 1] rescaled to the weights' length 5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class LAMB<const P extends ParamsInput<LAMBOptions> = ParamsInput<LAMBOptions>> extends Optimizer<
  LAMBOptions,
  P
> {
  constructor(params: P, options?: Partial<LAMBOptions> & OptimizerOptions) {
    super(lamb, params, options)
  }
}
