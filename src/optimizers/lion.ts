// Lion: options, coefficients, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import { type PackingOptions, packingOptions } from '../packing'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface LionOptions extends CommonOptions, PackingOptions {
  betas: readonly [number, number]
  weightDecay: number
}

export const lion: Rule<LionOptions> = {
  name: 'Lion',
  options: {
    lr: rate(1e-4),
    betas: betas(0.9, 0.99),
    weightDecay: rate(1e-3),
    maximize: flag(false),
    ...packingOptions,
  },
  presets: { optax: {}, keras: { lr: 1e-3, weightDecay: 0 } },
  structural: ['stateDtype'],
  state: () => ['expAvg'],
  moments: { expAvg: 'first' },
  passes: () => ['lion'],
  coefficients(_pass, { lr, betas: [beta1, beta2], weightDecay }, _t, c, k) {
    c[k] = 1 - lr * weightDecay
    c[k + 1] = beta1
    c[k + 2] = 1 - beta1
    c[k + 3] = beta2
    c[k + 4] = 1 - beta2
    c[k + 5] = lr
  },
}

/**
 * Lion: steps of one size in every parameter, in the direction of a running average's sign.
 *
 * ```text
 * u = sign(β₁·m + (1 − β₁)·g)            sign(0) = 0
 * m ← β₂·m + (1 − β₂)·g
 * p ← (1 − η·λ)·p − η·u
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-4 (3 to 10 times smaller than AdamW's) · `betas` [β₁, β₂] each in [0, 1), default
 * [0.9, 0.99] · `weightDecay` λ ≥ 0 (decoupled), default 1e-3 · `maximize`, default false · `stateDtype` 'float32'
 * (default), 'bf16' or 'int8' · `seed` of its rounding, an integer ≥ 0, default 0: see `PackingOptions` · `preset`
 * 'optax': the same; 'keras': lr 1e-3, weightDecay 0.
 *
 * State: `expAvg` m (the parameter's shape).
 *
 * Source: `optax.lion`; Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023).
 *
 * Deviations: gradients and m below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero. A NaN gradient makes the parameter NaN.
 *
 * @example
 * ```ts
 * import { Lion } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Lion({ w }, { lr: 0.5, weightDecay: 0.5 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.25: decayed to 0.75, then a step of lr·sign(g)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Lion<const P extends ParamsInput<LionOptions> = ParamsInput<LionOptions>> extends Optimizer<
  LionOptions,
  P
> {
  constructor(params: P, options?: Partial<LionOptions> & OptimizerOptions) {
    super(lion, params, options)
  }
}
