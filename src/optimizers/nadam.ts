// NAdam: options, coefficients, documentation.
import { pow } from '../math/functions'
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface NAdamOptions extends DecayOptions {
  betas: readonly [number, number]
  eps: number
  momentumDecay: number
  correctedProduct: boolean
  constantMomentum: boolean
}

export const nadam: Rule<NAdamOptions> = {
  name: 'NAdam',
  options: {
    lr: rate(2e-3),
    betas: betas(0.9, 0.999),
    eps: rate(1e-8),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    momentumDecay: rate(4e-3),
    correctedProduct: flag(false),
    constantMomentum: flag(false),
    maximize: flag(false),
  },
  presets: {
    optax: { constantMomentum: true, correctedProduct: true },
    keras: { lr: 1e-3, eps: 1e-7, momentumDecay: 1, correctedProduct: true, decoupledWeightDecay: true },
  },
  structural: ['constantMomentum'],
  state: () => ['expAvg', 'expAvgSq'],
  scalars: () => ({ muProduct: 1 }),
  perTensor: true,
  passes: () => ['nadam'],
  l2: l2Decay,
  coefficients(_pass, options, { t, scalars }, c, k) {
    const {
      lr,
      betas: [beta1, beta2],
      eps,
      momentumDecay,
      correctedProduct,
      constantMomentum,
    } = options
    const momentum = (step: number) =>
      constantMomentum ? beta1 : beta1 * (1 - 0.5 * pow(0.96, step * momentumDecay))
    const mu = momentum(t)
    const next = momentum(t + 1)
    // The schedule's in single precision, whatever the tensor's: PyTorch keeps it so, and its numbers depend on it.
    const product = constantMomentum ? integerPower(beta1, t) : Math.fround(scalars[0] * Math.fround(mu))
    const ahead = correctedProduct
      ? product * next
      : Math.fround(Math.fround(product * Math.fround(mu)) * Math.fround(next))
    scalars[0] = product
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = 1 - beta2
    c[k + 4] = 1 / (1 - integerPower(beta2, t))
    c[k + 5] = eps
    c[k + 6] = (1 - mu) / (1 - product)
    c[k + 7] = next / (1 - ahead)
    c[k + 8] = lr
    c[k + 9] = decayFactor(options)
  },
}

/**
 * NAdam: Adam with Nesterov's momentum, looking one step of the running average ahead.
 *
 * ```text
 * g ← g + λ·p                          decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * μₜ = β₁·(1 − 0.96^(t·ψ)/2),  Πₜ = μ₁·…·μₜ               constantMomentum: μₜ = β₁
 * u = (1 − μₜ)/(1 − Πₜ)·g + μₜ₊₁/(1 − Πₜ·μₜ·μₜ₊₁)·m        correctedProduct: 1 − Πₜ·μₜ₊₁
 * p ← p − η·u / (√(v / (1 − β₂ᵗ)) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 2e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `weightDecay` λ ≥ 0 (L2), default 0 · `decoupledWeightDecay`, default false · `momentumDecay` ψ ≥ 0, default 4e-3 · `correctedProduct`: the paper's
 * product, which PyTorch has since 2.0, default false: PyTorch 1's, with one factor μₜ too many · `constantMomentum`,
 * default false · `maximize`, default false · `preset` 'optax' (its nadam): constantMomentum, correctedProduct; 'keras':
 * lr 1e-3, eps 1e-7, momentumDecay 1, correctedProduct, decoupledWeightDecay.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each), `muProduct` Π (a number).
 *
 * Source: `torch.optim.NAdam` (1.13); Dozat, "Incorporating Nesterov Momentum into Adam" (2016).
 *
 * Deviations: none in Π, which is rounded to float32 at every step for tensors of either type, as in PyTorch and, for
 * its default type, Keras; β₁ᵗ is not.
 * Gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v.
 *
 * @example
 * ```ts
 * import { NAdam } from 'cauchy'
 * const w = Float64Array.of(1)
 * const opt = new NAdam({ w }, { lr: 0.75, betas: [0.5, 0.999], eps: 0, momentumDecay: 0, correctedProduct: true })
 * opt.step({ w: Float64Array.of(3) })
 * w[0] // → 0.15: μ is 0.25, so u = g + 0.25/(1 − 0.25²)·0.5·g
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class NAdam<const P extends ParamsInput<NAdamOptions> = ParamsInput<NAdamOptions>> extends Optimizer<
  NAdamOptions,
  P
> {
  constructor(params: P, options?: Partial<NAdamOptions> & OptimizerOptions) {
    super(nadam, params, options)
  }
}
