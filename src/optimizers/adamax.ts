// Adamax: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface AdamaxOptions extends DecayOptions {
  betas: readonly [number, number]
  eps: number
  epsOutside: boolean
  lrDecay: number
}

export const adamax: Rule<AdamaxOptions> = {
  name: 'Adamax',
  options: {
    lr: rate(2e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-8),
    epsOutside: flag(false),
    lrDecay: rate(0),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    maximize: flag(false),
  },
  presets: {
    optax: {},
    keras: { lr: 1e-3, eps: 1e-7, epsOutside: true, decoupledWeightDecay: true },
    tfjs: { eps: 1e-7, epsOutside: true },
  },
  structural: ['epsOutside'],
  state: () => ['expAvg', 'expInf'],
  passes: () => ['adamax'],
  l2: l2Decay,
  coefficients(_pass, options, { t }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      epsOutside,
      lrDecay,
    } = options
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = epsOutside ? 0 : eps
    c[k + 4] = lr / (1 + (t - 1) * lrDecay) / (1 - integerPower(beta1, t))
    c[k + 5] = epsOutside ? eps : 0
    c[k + 6] = decayFactor(options)
  },
}

/**
 * Adamax: Adam with the largest gradient, slowly forgotten, in place of the root of the mean square.
 *
 * ```text
 * g ← g + λ·p                         decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * m ← β₁·m + (1 − β₁)·g
 * u ← max(β₂·u, |g| + ε)              epsOutside: max(β₂·u, |g|), and u + ε below
 * p ← p − ηₜ/(1 − β₁ᵗ) · m / u        ηₜ = η/(1 + (t − 1)·κ)
 * ```
 *
 * Options: `lr` η ≥ 0, default 2e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `epsOutside` (Keras' and TensorFlow.js' place for ε), default false · `lrDecay` κ ≥ 0 (TensorFlow.js' decay),
 * default 0 · `weightDecay` λ ≥ 0 (L2), default 0 · `decoupledWeightDecay`, default false · `maximize`, default false ·
 * `preset` 'optax': the same; 'keras', 'tfjs': eps 1e-7, epsOutside; Keras' lr 1e-3 and decoupledWeightDecay.
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
