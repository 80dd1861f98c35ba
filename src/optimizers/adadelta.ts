// Adadelta: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import { type DecayOptions, decayFactor, l2Decay } from './decay'

export interface AdadeltaOptions extends DecayOptions {
  rho: number
  eps: number
  delayed: boolean
}

export const adadelta: Rule<AdadeltaOptions> = {
  name: 'Adadelta',
  options: {
    lr: rate(1),
    rho: number(0.9, { min: 0, max: 1, openMax: true }),
    eps: rate(1e-6),
    weightDecay: rate(0),
    decoupledWeightDecay: flag(false),
    delayed: flag(false),
    maximize: flag(false),
  },
  presets: {
    optax: {},
    keras: { lr: 1e-3, rho: 0.95, eps: 1e-7, decoupledWeightDecay: true },
    tfjs: { lr: 1e-3, rho: 0.95, eps: 1e-7, delayed: true },
  },
  structural: ['delayed'],
  state: () => ['squareAvg', 'accDelta'],
  passes: ({ delayed }) => [delayed ? 'adadeltaDelayed' : 'adadelta'],
  l2: l2Decay,
  coefficients(_pass, options, _t, c, k) {
    const { lr, rho, eps } = options
    c[k] = rho
    c[k + 1] = 1 - rho
    c[k + 2] = eps
    c[k + 3] = lr
    c[k + 4] = decayFactor(options)
  },
}

/**
 * Adadelta: steps as large as the average of those before, so that no learning rate needs to be chosen.
 *
 * ```text
 * g ← g + λ·p                    decoupledWeightDecay: p ← (1 − η·λ)·p, apart from g
 * v ← ρ·v + (1 − ρ)·g²
 * u = √(d + ε) / √(v + ε) · g    delayed: the v before this gradient
 * d ← ρ·d + (1 − ρ)·u²
 * p ← p − η·u
 * ```
 *
 * Options: `lr` η ≥ 0, default 1 · `rho` ρ in [0, 1), default 0.9 · `eps` ε ≥ 0, default 1e-6 · `weightDecay` λ ≥ 0
 * (L2), default 0 · `decoupledWeightDecay`, default false · `delayed` (TensorFlow.js' order), default false · `maximize`,
 * default false · `preset` 'optax': the same; 'keras', 'tfjs': lr 1e-3, rho 0.95, eps 1e-7; Keras' decoupledWeightDecay,
 * TensorFlow.js' delayed.
 *
 * State: `squareAvg` v, `accDelta` d (the parameter's shape each).
 *
 * Source: `torch.optim.Adadelta`; Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).
 *
 * Deviations: gradients below 2⁻⁵⁸ (float64: 2⁻⁵⁰⁰) count as zero, and so do g/√(v + ε) and, in d, u below that; v
 * and d below 2⁻¹⁰⁰ (2⁻⁹⁰⁰).
 *
 * @example
 * ```ts
 * import { Adadelta } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adadelta({ w }, { lr: 0.25, rho: 0.75, eps: 4 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.4: √4 / √(0.25·3² + 4) · 3 is 2.4
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adadelta<
  const P extends ParamsInput<AdadeltaOptions> = ParamsInput<AdadeltaOptions>,
> extends Optimizer<AdadeltaOptions, P> {
  constructor(params: P, options?: Partial<AdadeltaOptions> & OptimizerOptions) {
    super(adadelta, params, options)
  }
}
