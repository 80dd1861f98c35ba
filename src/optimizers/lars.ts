// LARS: options, coefficients of its two passes, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface LARSOptions extends CommonOptions {
  weightDecay: number
  trustCoefficient: number
  eps: number
  momentum: number
  nesterov: boolean
}

export const lars: Rule<LARSOptions> = {
  name: 'LARS',
  options: {
    lr: rate(1),
    weightDecay: rate(0),
    trustCoefficient: rate(1e-3),
    eps: rate(0),
    momentum: rate(0.9),
    nesterov: flag(false),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: ['nesterov'],
  validate({ momentum, nesterov }) {
    if (nesterov && momentum === 0)
      throw new RangeError('LARS: nesterov needs a momentum above 0, got momentum 0')
  },
  state: ({ momentum }) => (momentum === 0 ? [] : ['momentumBuffer']),
  passes: ({ momentum, nesterov }) => [
    'larsNorms',
    momentum === 0 ? 'sgd' : nesterov ? 'larsNesterov' : 'larsMomentum',
  ],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(pass, { lr, trustCoefficient, eps, momentum }, { sums }, c, k) {
    if (pass !== 1) return
    const paramNorm = Math.sqrt(sums[0])
    const gradNorm = Math.sqrt(sums[1])
    const ratio = paramNorm === 0 || gradNorm === 0 ? 1 : (trustCoefficient * paramNorm) / (gradNorm + eps)
    c[k] = lr * ratio
    c[k + 1] = momentum
  },
}

/**
 * LARS: gradient descent with momentum, each tensor's gradient rescaled to a part of the length of its weights.
 *
 * ```text
 * g ← g + λ·p
 * u = η·(κ·‖p‖₂ / (‖g‖₂ + ε))·g        the ratio κ·… is 1 where either norm is 0
 * m ← μ·m + u
 * p ← p − m                             nesterov: p ← p − (u + μ·m)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1 · `weightDecay` λ ≥ 0 (L2), default 0 · `trustCoefficient` κ ≥ 0, default 1e-3 ·
 * `eps` ε ≥ 0, default 0 · `momentum` μ ≥ 0, default 0.9 · `nesterov`, default false, needs momentum ·
 * `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `momentumBuffer` m (the parameter's shape) if momentum is not 0.
 *
 * Source: You, Gitman and Ginsburg, "Large Batch Training of Convolutional Networks" (2017), with `optax.lars`'s
 * definitions and defaults (which leave the rate to the caller).
 *
 * Deviations: the norm in the denominator is that of the decayed gradient, as in optax; the paper adds λ·‖p‖ to the
 * gradient's. Gradients and m below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, elements below 2⁻¹²⁶ (2⁻⁵⁰⁰) in the norms.
 *
 * @example
 * ```ts
 * import { LARS } from 'cauchy'
 * const w = Float64Array.of(3, 4)
 * new LARS({ w }, { trustCoefficient: 0.1 }).step({ w: Float64Array.of(0, 20) })
 * w[1] // → 3.5: a step a tenth as long as the weights, against the gradient
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class LARS<const P extends ParamsInput<LARSOptions> = ParamsInput<LARSOptions>> extends Optimizer<
  LARSOptions,
  P
> {
  constructor(params: P, options?: Partial<LARSOptions> & OptimizerOptions) {
    super(lars, params, options)
  }
}
