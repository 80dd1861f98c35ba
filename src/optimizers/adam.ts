// Adam: AdamW's rule without decoupled decay; weight decay enters through the gradient.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type AdamWOptions, adamBase, adamCoefficients, adamOptions, validateAdam } from './adamw'
import { decayFactor, l2Decay } from './decay'

export interface AdamOptions extends AdamWOptions {
  decoupledWeightDecay: boolean
}

export const adam: Rule<AdamOptions> = {
  ...adamBase,
  name: 'Adam',
  options: { ...adamOptions(0), decoupledWeightDecay: flag(false) },
  validate: (options) => validateAdam('Adam', options),
  presets: {
    optax: { amsgradCorrected: true },
    keras: { eps: 1e-7, epsHat: true, decoupledWeightDecay: true },
    tfjs: { eps: 1e-7 },
  },
  l2: l2Decay,
  coefficients(_pass, options, { t }, c, k) {
    adamCoefficients(options, decayFactor(options), t, c, k)
  },
}

/**
 * Adam: momentum, and steps scaled by a running average of squared gradients, both corrected for their start.
 *
 * ```text
 * g ← g + λ·p                                decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g, as AdamW
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * v̂ = v / (1 − β₂ᵗ),  m̂ = m / (1 − β₁ᵗ)        amsgrad: the largest v so far stands for v in v̂
 *                                              amsgradCorrected: the largest v̂ for v̂
 * p ← p − η·m̂ / (√(v̂ + ε₀) + ε)                epsHat: p ← p − η·√(1 − β₂ᵗ)·m̂ / (√(v + ε₀) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `epsRoot` ε₀ ≥ 0 (optax's eps_root), default 0 · `weightDecay` λ ≥ 0 (L2), default 0 ·
 * `decoupledWeightDecay`, default false · `amsgrad`, default false · `amsgradCorrected` (optax's maximum), default
 * false · `epsHat` (TensorFlow's ε̂, beside the uncorrected root), default false · `maximize`, default false ·
 * `stateDtype` 'float32' (default), 'bf16' or 'int8', without amsgrad · `seed` of its rounding, an integer ≥ 0,
 * default 0: see `PackingOptions` · `preset` 'optax': amsgradCorrected; 'keras': eps 1e-7, epsHat,
 * decoupledWeightDecay; 'tfjs': eps 1e-7.
 *
 * State: `expAvg` m, `expAvgSq` v, `maxExpAvgSq` if amsgrad (the parameter's shape each).
 *
 * Source: `torch.optim.Adam`; Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015); Reddi, Kale and
 * Kumar, "On the Convergence of Adam and Beyond" (2018) for amsgrad.
 *
 * Deviations: as `AdamW`.
 *
 * @example
 * ```ts
 * import { Adam } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adam({ w }, { lr: 0.5, eps: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5: the first step is lr·sign(g)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adam<const P extends ParamsInput<AdamOptions> = ParamsInput<AdamOptions>> extends Optimizer<
  AdamOptions,
  P
> {
  constructor(params: P, options?: Partial<AdamOptions> & OptimizerOptions) {
    super(adam, params, options)
  }
}
