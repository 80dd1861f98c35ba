// RMSprop: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import { type PackingOptions, packingOptions } from '../packing'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface RMSpropOptions extends DecayOptions, PackingOptions {
  alpha: number
  eps: number
  momentum: number
  centered: boolean
  epsInSqrt: boolean
  lrInBuffer: boolean
}

export const rmsprop: Rule<RMSpropOptions> = {
  name: 'RMSprop',
  options: {
    lr: rate(1e-2),
    alpha: number(0.99, { min: 0, max: 1, openMax: true }),
    eps: rate(1e-8),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    momentum: rate(0),
    centered: flag(false),
    epsInSqrt: flag(false),
    lrInBuffer: flag(false),
    maximize: flag(false),
    ...packingOptions,
  },
  presets: {
    optax: { alpha: 0.9, epsInSqrt: true, lrInBuffer: true },
    keras: { lr: 1e-3, alpha: 0.9, eps: 1e-7, epsInSqrt: true, lrInBuffer: true, decoupledWeightDecay: true },
    tfjs: { alpha: 0.9, eps: 1e-7, epsInSqrt: true, lrInBuffer: true },
  },
  structural: ['centered', 'lrInBuffer', 'stateDtype'],
  validate({ centered, momentum, stateDtype }) {
    if (stateDtype === 'float32' || (!centered && momentum === 0)) return
    throw new RangeError(
      `RMSprop: stateDtype ${JSON.stringify(stateDtype)} needs no momentum and centered false, got momentum ${momentum}, centered ${centered}`,
    )
  },
  state: ({ centered, momentum }) => [
    'squareAvg',
    ...(centered ? ['gradAvg'] : []),
    ...(momentum === 0 ? [] : ['momentumBuffer']),
  ],
  moments: { squareAvg: 'second' },
  passes({ centered, momentum }) {
    if (momentum === 0) return [centered ? 'rmspropCentered' : 'rmsprop']
    return [centered ? 'rmspropCenteredMomentum' : 'rmspropMomentum']
  },
  l2: l2Decay,
  coefficients(_pass, options, _t, c, k) {
    const { lr, alpha, eps, momentum, epsInSqrt, lrInBuffer } = options
    c[k] = alpha
    c[k + 1] = 1 - alpha
    c[k + 2] = epsInSqrt ? eps : 0
    c[k + 3] = epsInSqrt ? 0 : eps
    c[k + 4] = momentum
    c[k + 5] = lrInBuffer ? lr : 1
    c[k + 6] = lrInBuffer && momentum !== 0 ? 1 : lr
    c[k + 7] = decayFactor(options)
  },
}

/**
 * RMSprop: steps scaled by a running average of squared gradients, optionally centered and with momentum.
 *
 * ```text
 * g ← g + λ·p                           decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * v ← α·v + (1 − α)·g²
 * m ← α·m + (1 − α)·g                   centered; then v − m², not below 0, stands for v below
 * u = g / (√v + ε)                      epsInSqrt: √(v + ε)
 * b ← μ·b + u,  p ← p − η·b             lrInBuffer: b ← μ·b + η·u, p ← p − b; no momentum: b = u
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-2 · `alpha` α in [0, 1), default 0.99 · `eps` ε ≥ 0, default 1e-8 · `weightDecay` λ
 * ≥ 0 (L2), default 0 · `decoupledWeightDecay`, default false · `momentum` μ ≥ 0, default 0 · `centered`, default
 * false · `epsInSqrt` and `lrInBuffer` (TensorFlow's and optax's places for ε and η), default false · `maximize`,
 * default false · `stateDtype` 'float32' (default), 'bf16' or 'int8', without centered and momentum · `seed` of its
 * rounding, an integer ≥ 0, default 0: see `PackingOptions` · `preset` 'optax', 'keras', 'tfjs': alpha 0.9, epsInSqrt,
 * lrInBuffer; eps 1e-7 but for optax; Keras' lr 1e-3 and decoupledWeightDecay.
 *
 * State: `squareAvg` v, `gradAvg` m if centered, `momentumBuffer` b if momentum is not 0 (the parameter's shape each).
 *
 * Source: `torch.optim.RMSprop`; Hinton, "Neural Networks for Machine Learning", lecture 6e (2012); Graves,
 * "Generating Sequences With Recurrent Neural Networks" (2013) for the centered form.
 *
 * Deviations: the centered variance is kept from falling below 0 by rounding, where PyTorch gives NaN; with
 * 'tfjs' ε is added inside the root all the same, where TensorFlow.js takes it from the variance. Gradients and
 * state below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, below 2⁻⁵⁸ (2⁻⁵⁰⁰) in squares.
 *
 * @example
 * ```ts
 * import { RMSprop } from 'cauchy'
 * const w = Float64Array.of(1)
 * new RMSprop({ w }, { lr: 0.25, alpha: 0.75, eps: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class RMSprop<
  const P extends ParamsInput<RMSpropOptions> = ParamsInput<RMSpropOptions>,
> extends Optimizer<RMSpropOptions, P> {
  constructor(params: P, options?: Partial<RMSpropOptions> & OptimizerOptions) {
    super(rmsprop, params, options)
  }
}
