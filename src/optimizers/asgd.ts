// Averaged stochastic gradient descent: options, coefficients, documentation.
import { pow } from '../math/functions'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface ASGDOptions extends CommonOptions {
  lambd: number
  alpha: number
  t0: number
  weightDecay: number
}

export const asgd: Rule<ASGDOptions> = {
  name: 'ASGD',
  options: {
    lr: rate(1e-2),
    lambd: rate(1e-4),
    alpha: rate(0.75),
    t0: rate(1e6),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  structural: [],
  state: () => ['ax'],
  scalars: ({ lr }) => ({ eta: Math.fround(lr), mu: 1 }),
  perTensor: true,
  passes: () => ['asgd'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(_pass, { lr, lambd, alpha, t0 }, { t, scalars }, c, k) {
    if (t === 1) scalars[0] = Math.fround(lr)
    const [eta, mu] = scalars
    c[k] = 1 - lambd * eta
    c[k + 1] = eta
    c[k + 2] = mu
    c[k + 3] = 1
    // For the next step; in single precision, whatever the tensor's, as PyTorch keeps them.
    scalars[0] = Math.fround(lr / pow(1 + lambd * lr * t, alpha))
    scalars[1] = Math.fround(1 / Math.max(1, t - t0))
  },
}

/**
 * ASGD: gradient descent at a decaying rate, with the average of the parameters kept beside them.
 *
 * ```text
 * g ← g + κ·p
 * p ← (1 − λ·ηₜ)·p − ηₜ·g
 * a ← a + μₜ·(p − a)
 * ηₜ = η / (1 + λ·η·(t − 1))^α,  μₜ = 1 / max(1, t − 1 − t₀)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-2, a change of which takes effect one step later · `lambd` λ ≥ 0, default 1e-4 ·
 * `alpha` α ≥ 0, default 0.75 · `t0` t₀ ≥ 0, the step after which averaging starts, default 1e6 · `weightDecay` κ ≥ 0
 * (L2), default 0 · `maximize`, default false.
 *
 * State: `ax` a, the averaged parameters (the parameter's shape); `eta` and `mu` of the next step (numbers).
 *
 * Source: `torch.optim.ASGD` (1.13); Polyak and Juditsky, "Acceleration of stochastic approximation by averaging"
 * (1992).
 *
 * Deviations: none in ηₜ and μₜ, which are rounded to float32 for tensors of either type, as in PyTorch. Gradients, a
 * and p − a below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { ASGD } from 'cauchy'
 * const w = Float64Array.of(1)
 * const opt = new ASGD({ w }, { lr: 0.5, lambd: 0, t0: 0 })
 * for (const g of [1, 1, 1]) opt.step({ w: Float64Array.of(g) })
 * w[0] // → -0.5
 * const { ax } = opt.stateDict().state.w
 * ax[0] // → -0.25: the average of 0 and −0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class ASGD<const P extends ParamsInput<ASGDOptions> = ParamsInput<ASGDOptions>> extends Optimizer<
  ASGDOptions,
  P
> {
  constructor(params: P, options?: Partial<ASGDOptions> & OptimizerOptions) {
    super(asgd, params, options)
  }
}
