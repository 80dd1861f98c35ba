// SignSGD and, with momentum, Signum: options, coefficients, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface SignSGDOptions extends CommonOptions {
  momentum: number
  weightDecay: number
}

export const signsgd: Rule<SignSGDOptions> = {
  name: 'SignSGD',
  options: {
    lr: rate(1e-3),
    momentum: number(0, { min: 0, max: 1, openMax: true }),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  state: ({ momentum }) => (momentum === 0 ? [] : ['expAvg']),
  passes: ({ momentum }) => [momentum === 0 ? 'signsgd' : 'signum'],
  coefficients(_pass, { lr, momentum, weightDecay }, _t, c, k) {
    c[k] = 1 - lr * weightDecay
    c[k + 1] = lr
    c[k + 2] = momentum
    c[k + 3] = 1 - momentum
  },
}

/**
 * SignSGD: steps of one size in every parameter, in the direction of the gradient's sign; with momentum, Signum.
 *
 * ```text
 * m ← μ·m + (1 − μ)·g                    no momentum: m = g
 * p ← (1 − η·λ)·p − η·sign(m)            sign(0) = 0
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `momentum` μ in [0, 1), default 0 (Signum: 0.9) · `weightDecay` λ ≥ 0
 * (decoupled), default 0 · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvg` m (the parameter's shape) if momentum is not 0.
 *
 * Source: `optax.sign_sgd` and `optax.signum`; Bernstein et al., "signSGD: Compressed Optimisation for Non-Convex
 * Problems" (2018).
 *
 * Deviations: optax has no weight decay here; it is what its `add_decayed_weights` would do. Gradients and m below
 * 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero. A NaN gradient makes the parameter NaN.
 *
 * @example
 * ```ts
 * import { SignSGD } from 'cauchy'
 * const w = Float64Array.of(1)
 * new SignSGD({ w }, { lr: 0.5, momentum: 0.9 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class SignSGD<
  const P extends ParamsInput<SignSGDOptions> = ParamsInput<SignSGDOptions>,
> extends Optimizer<SignSGDOptions, P> {
  constructor(params: P, options?: Partial<SignSGDOptions> & OptimizerOptions) {
    super(signsgd, params, options)
  }
}
