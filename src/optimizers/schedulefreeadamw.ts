// Schedule-free AdamW: options, coefficients, documentation.
import { valueError } from '../check'
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, rate } from '../options'
import type { Rule } from '../rule'
import type { ParamsInput } from '../types'
import {
  type ScheduleFreeOptions,
  scheduleFreeBase,
  scheduleFreeCoefficients,
  scheduleFreeOptions,
} from './schedulefreesgd'

export interface ScheduleFreeAdamWOptions extends ScheduleFreeOptions {
  betas: readonly [number, number]
  eps: number
}

export const scheduleFreeAdamW: Rule<ScheduleFreeAdamWOptions> = {
  ...scheduleFreeBase,
  name: 'ScheduleFreeAdamW',
  options: { ...scheduleFreeOptions(0.0025), betas: betas(0.9, 0.999), eps: rate(1e-8) },
  validate({ betas: [beta1] }) {
    if (beta1 === 0) throw valueError('ScheduleFreeAdamW: betas[0]', 'in (0, 1)', beta1)
  },
  state: () => ['z', 'expAvgSq'],
  passes: () => ['scheduleFreeAdamw'],
  coefficients(pass, options, tensor, c, k) {
    const { betas, eps, weightDecay } = options
    const [beta1, beta2] = betas
    scheduleFreeCoefficients(pass, options, beta1, tensor, c, k)
    c[k + 3] = beta2
    c[k + 4] = 1 - beta2
    c[k + 5] = 1 / (1 - integerPower(beta2, tensor.t))
    c[k + 6] = eps
    c[k + 7] = weightDecay
  },
}

/**
 * Schedule-free AdamW: Adam's step sizes, an average of the steps in place of momentum and of a decaying rate.
 *
 * ```text
 * y = (1 − β₁)·z + β₁·x          the parameters while training: where the gradient is taken
 * v ← β₂·v + (1 − β₂)·g²,  v̂ = v / (1 − β₂ᵗ)
 * z ← z − γ·(g / (√v̂ + ε) + λ·y)  γ = η·min(1, t/warmupSteps)
 * x ← (1 − c)·x + c·z            c = w / Σ w, w = tʳ·(largest γ so far)^weightLrPower
 * ```
 *
 * `eval()` puts the average x into the parameters, `train()` brings y back; a step in evaluation mode throws. Save the
 * parameters in either mode: the state remembers which.
 *
 * Options: `lr` η ≥ 0, default 0.0025 · `betas` [β₁ in (0, 1), β₂ in [0, 1)], default [0.9, 0.999] · `eps` ε ≥ 0,
 * default 1e-8 · `weightDecay` λ ≥ 0 (decoupled, at y), default 0 · `warmupSteps` an integer ≥ 0, default 0 · `r` ≥ 0,
 * default 0 · `weightLrPower` ≥ 0, default 2 · `maximize`, default false.
 *
 * State: `z`, `expAvgSq` v (the parameter's shape each), `weightSum` Σ w, `lrMax` the largest γ (numbers).
 *
 * Source: Defazio et al., "The Road Less Scheduled" (2024), with the definitions and defaults of the authors' package
 * `schedulefree`, which corrects v where the paper corrects the rate.
 *
 * Deviations: it starts in training mode; warm-up, weights and correction count each tensor's own steps. Gradients, v
 * and z − y below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v; with ε = 0 one between the
 * two divides by zero. `eval()` and `train()` round: going there and back may change last bits. `preset` 'keras' is
 * refused: Keras decays y before x is found from it.
 *
 * @example
 * ```ts
 * import { ScheduleFreeAdamW } from 'cauchy'
 * const w = Float64Array.of(3)
 * const opt = new ScheduleFreeAdamW({ w }, { lr: 0.5, eps: 0 })
 * opt.step({ w: Float64Array.of(7) })
 * opt.eval()
 * w[0] // → 2.5: the first step is lr·sign(g)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class ScheduleFreeAdamW<
  const P extends ParamsInput<ScheduleFreeAdamWOptions> = ParamsInput<ScheduleFreeAdamWOptions>,
> extends Optimizer<ScheduleFreeAdamWOptions, P> {
  constructor(params: P, options?: Partial<ScheduleFreeAdamWOptions> & OptimizerOptions) {
    super(scheduleFreeAdamW, params, options)
  }
}
