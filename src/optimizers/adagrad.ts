// Adagrad: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, rate } from '../options'
import { type PackingOptions, packingOptions } from '../packing'
import type { Rule } from '../rule'
import type { ParamsInput, SparseGrads } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface AdagradOptions extends DecayOptions, PackingOptions {
  lrDecay: number
  initialAccumulatorValue: number
  eps: number
  epsInSqrt: boolean
}

export const adagrad: Rule<AdagradOptions> = {
  name: 'Adagrad',
  options: {
    lr: rate(1e-2),
    lrDecay: rate(0),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    initialAccumulatorValue: rate(0),
    eps: rate(1e-10),
    epsInSqrt: flag(false),
    maximize: flag(false),
    ...packingOptions,
  },
  presets: {
    optax: { initialAccumulatorValue: 0.1, eps: 1e-7, epsInSqrt: true },
    keras: { lr: 1e-3, initialAccumulatorValue: 0.1, eps: 1e-7, epsInSqrt: true, decoupledWeightDecay: true },
    tfjs: { initialAccumulatorValue: 0.1, eps: 1e-7, epsInSqrt: true },
  },
  structural: ['initialAccumulatorValue', 'stateDtype'],
  state: () => ['sum'],
  moments: { sum: 'second' },
  initial: ({ initialAccumulatorValue }) => initialAccumulatorValue,
  lazy: ({ weightDecay, stateDtype }) => weightDecay === 0 && stateDtype === 'float32',
  passes: () => ['adagrad'],
  l2: l2Decay,
  coefficients(_pass, options, { t }, c, k) {
    const { lr, lrDecay, eps, epsInSqrt } = options
    c[k] = lr / (1 + (t - 1) * lrDecay)
    c[k + 1] = epsInSqrt ? eps : 0
    c[k + 2] = epsInSqrt ? 0 : eps
    c[k + 3] = decayFactor(options)
  },
}

/**
 * Adagrad: steps shrink with the sum of squared gradients, per parameter.
 *
 * ```text
 * g ← g + λ·p                                      decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * v ← v + g²
 * p ← p − η/(1 + (t − 1)·κ) · g / (√v + ε)        epsInSqrt: √(v + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-2 · `lrDecay` κ ≥ 0, default 0 · `weightDecay` λ ≥ 0 (L2), default 0 ·
 * `decoupledWeightDecay`, default false · `initialAccumulatorValue` ≥ 0, default 0 · `eps` ε ≥ 0, default 1e-10 ·
 * `epsInSqrt`, default false · `maximize`, default false · `stateDtype` 'float32' (default), 'bf16' or 'int8' · `seed`
 * of its rounding, an integer ≥ 0, default 0: see `PackingOptions` · `preset` 'optax', 'keras', 'tfjs': accumulator
 * 0.1, eps 1e-7 in the root; Keras' lr 1e-3 and decoupledWeightDecay.
 *
 * Gradients may be sparse while weightDecay is 0 and stateDtype 'float32': see `SparseGrad`.
 *
 * State: `sum` v (the parameter's shape).
 *
 * Source: `torch.optim.Adagrad`; Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and
 * Stochastic Optimization" (2011).
 *
 * Deviations: gradients below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, below 2⁻⁵⁸ (2⁻⁵⁰⁰) in the square.
 *
 * @example
 * ```ts
 * import { Adagrad } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adagrad({ w }, { lr: 0.5, eps: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adagrad<
  const P extends ParamsInput<AdagradOptions> = ParamsInput<AdagradOptions>,
> extends Optimizer<AdagradOptions, P, SparseGrads> {
  constructor(params: P, options?: Partial<AdagradOptions> & OptimizerOptions) {
    super(adagrad, params, options)
  }
}
