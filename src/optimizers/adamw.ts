// AdamW: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import { type PackingOptions, packingOptions } from '../packing'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdamWOptions extends CommonOptions, PackingOptions {
  betas: readonly [number, number]
  eps: number
  epsRoot: number
  weightDecay: number
  amsgrad: boolean
  epsHat: boolean
  amsgradCorrected: boolean
}

/** Everything Adam and AdamW share but how weights decay. */
export const adamBase = {
  structural: ['amsgrad', 'amsgradCorrected', 'stateDtype'],
  moments: { expAvg: 'first', expAvgSq: 'second' },
  state: ({ amsgrad }) => ['expAvg', 'expAvgSq', ...(amsgrad ? ['maxExpAvgSq'] : [])],
  passes: ({ amsgrad }) => [amsgrad ? 'adamwAmsgrad' : 'adamw'],
} satisfies Partial<Rule<AdamWOptions>>

export function adamCoefficients(
  {
    lr,
    betas: [beta1, beta2],
    eps,
    epsRoot,
    epsHat,
    amsgrad,
    amsgradCorrected,
  }: Omit<AdamWOptions, 'weightDecay' | keyof PackingOptions>,
  decay: number,
  t: number,
  c: Float64Array,
  k: number,
): void {
  c[k] = decay
  c[k + 1] = beta1
  c[k + 2] = 1 - beta1
  c[k + 3] = beta2
  c[k + 4] = 1 - beta2
  const biasCorrection1 = 1 - integerPower(beta1, t)
  const biasCorrection2 = 1 - integerPower(beta2, t)
  // Of the second moment: corrected before its maximum is taken, or after.
  const correction = epsHat ? 1 : 1 / biasCorrection2
  const before = amsgrad && amsgradCorrected
  c[k + 5] = before ? 1 : correction
  c[k + 6] = epsRoot
  c[k + 7] = eps
  c[k + 8] = (lr * (epsHat ? Math.sqrt(biasCorrection2) : 1)) / biasCorrection1
  c[k + 9] = before ? correction : 1
}

export const adamOptions = (weightDecay: number): Rule<AdamWOptions>['options'] => ({
  lr: rate(1e-3),
  betas: betas(0.9, 0.999),
  eps: rate(1e-8),
  epsRoot: rate(0),
  weightDecay: rate(weightDecay),
  amsgrad: flag(false),
  epsHat: flag(false),
  amsgradCorrected: flag(false),
  maximize: flag(false),
  ...packingOptions,
})

export function validateAdam(name: string, { amsgrad, stateDtype }: AdamWOptions): void {
  if (stateDtype === 'float32' || !amsgrad) return
  throw new RangeError(
    `${name}: amsgrad must be false with stateDtype ${JSON.stringify(stateDtype)}, got true`,
  )
}

export const adamw: Rule<AdamWOptions> = {
  ...adamBase,
  name: 'AdamW',
  options: adamOptions(1e-2),
  validate: (options) => validateAdam('AdamW', options),
  presets: {
    optax: { weightDecay: 1e-4, amsgradCorrected: true },
    keras: { eps: 1e-7, epsHat: true, weightDecay: 4e-3 },
  },
  coefficients(_pass, options, { t }, c, k) {
    adamCoefficients(options, 1 - options.lr * options.weightDecay, t, c, k)
  },
}

/**
 * AdamW: Adam with weight decay decoupled from the gradient.
 *
 * ```text
 * p ← (1 − η·λ)·p
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * v̂ = v / (1 − β₂ᵗ),  m̂ = m / (1 − β₁ᵗ)        amsgrad: the largest v so far stands for v in v̂
 *                                              amsgradCorrected: the largest v̂ for v̂
 * p ← p − η·m̂ / (√(v̂ + ε₀) + ε)                epsHat: p ← p − η·√(1 − β₂ᵗ)·m̂ / (√(v + ε₀) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-8 · `epsRoot` ε₀ ≥ 0 (optax's eps_root), default 0 · `weightDecay` λ ≥ 0, default 1e-2 · `amsgrad`, default false
 * · `epsHat` (TensorFlow's ε̂, beside the uncorrected root), default false · `amsgradCorrected` (optax's maximum),
 * default false · `maximize`, default false · `stateDtype` 'float32' (default), 'bf16' or 'int8', without amsgrad ·
 * `seed` of its rounding, an integer ≥ 0, default 0: see `PackingOptions` · `preset` 'optax': weightDecay 1e-4,
 * amsgradCorrected; 'keras': eps 1e-7, epsHat, weightDecay 4e-3.
 *
 * State: `expAvg` m, `expAvgSq` v, `maxExpAvgSq` if amsgrad (the parameter's shape each).
 *
 * Source: `torch.optim.AdamW`; Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019); Reddi, Kale
 * and Kumar, "On the Convergence of Adam and Beyond" (2018) for amsgrad.
 *
 * Deviations: gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v.
 * With ε = 0 a gradient between the two divides by zero. A NaN in v leaves amsgrad's maximum as it was (m is NaN then, and so is p).
 *
 * @example
 * ```ts
 * import { AdamW } from 'cauchy'
 * const w = Float64Array.of(1)
 * new AdamW({ w }, { lr: 0.5, weightDecay: 0.5, eps: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.25: decayed to 0.75, then a step of lr·sign(g)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class AdamW<const P extends ParamsInput<AdamWOptions> = ParamsInput<AdamWOptions>> extends Optimizer<
  AdamWOptions,
  P
> {
  constructor(params: P, options?: Partial<AdamWOptions> & OptimizerOptions) {
    super(adamw, params, options)
  }
}
