// Prodigy: options, the distance estimate, coefficients of its two passes, documentation.
import { checkNumber } from '../check'
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, number, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface ProdigyOptions extends CommonOptions {
  betas: readonly [number, number]
  beta3: number | null
  eps: number
  weightDecay: number
  decouple: boolean
  useBiasCorrection: boolean
  safeguardWarmup: boolean
  d0: number
  dCoef: number
  growthRate: number | null
}

const decayOfSums = ({ beta3, betas: [, beta2] }: ProdigyOptions) => beta3 ?? Math.sqrt(beta2)

/** The rate that the estimate d makes of lr at a tensor's step t. */
function rateOf(
  d: number,
  { lr, betas: [beta1, beta2], useBiasCorrection }: ProdigyOptions,
  t: number,
): number {
  if (!useBiasCorrection) return d * lr
  return (d * lr * Math.sqrt(1 - integerPower(beta2, t))) / (1 - integerPower(beta1, t))
}

export const prodigy: Rule<ProdigyOptions> = {
  name: 'Prodigy',
  options: {
    lr: rate(1),
    betas: betas(0.9, 0.999),
    beta3: {
      default: null,
      check: (who, got) => (got === null ? null : checkNumber(who, got, { min: 0, max: 1, openMax: true })),
    },
    eps: number(1e-8, { min: 0, openMin: true }),
    weightDecay: rate(0),
    decouple: flag(true),
    useBiasCorrection: flag(false),
    safeguardWarmup: flag(false),
    d0: number(1e-6, { min: 0, openMin: true }),
    dCoef: rate(1),
    growthRate: {
      default: null,
      check: (who, got) =>
        got === null || got === Number.POSITIVE_INFINITY ? null : checkNumber(who, got, { min: 1 }),
    },
    maximize: flag(false),
  },
  structural: ['d0'],
  state: () => ['expAvg', 'expAvgSq', 's', 'p0'],
  initial: (_options, slot) => (slot === 'p0' ? 'params' : 0),
  scalars: ({ d0 }) => ({ d: d0, dMax: d0, dNumerator: 0 }),
  passes: () => ['prodigyMoments', 'prodigyUpdate'],
  l2: ({ weightDecay, decouple }) => (decouple ? 0 : weightDecay),
  combine(pass, options, tensors) {
    // A tensor that joins late takes the estimate of those before it.
    const { scalars } = tensors.reduce((oldest, tensor) => (tensor.t > oldest.t ? tensor : oldest))
    if (pass === 0) {
      for (const tensor of tensors) tensor.scalars.set(scalars)
      return
    }
    const { lr, d0, dCoef, growthRate } = options
    let [d, dMax, numerator] = scalars
    let denominator = 0
    numerator *= decayOfSums(options)
    for (const { t, sums } of tensors) {
      const rate = rateOf(d, options, t)
      numerator += (d / d0) * rate * sums[0]
      denominator += sums[1]
      sums[2] = rate
    }
    if (denominator === 0) {
      for (const { sums } of tensors) sums[2] = 0
      return
    }
    if (lr > 0) {
      const estimate = (dCoef * numerator) / denominator
      if (d === d0 && estimate > d) d = estimate
      if (estimate > dMax) dMax = estimate
      d = Math.min(dMax, growthRate === null ? Number.POSITIVE_INFINITY : d * growthRate)
    }
    for (const tensor of tensors) tensor.scalars.set([d, dMax, numerator])
  },
  coefficients(pass, options, { t, scalars, sums }, c, k) {
    const {
      betas: [beta1, beta2],
      eps,
      weightDecay,
      decouple,
      safeguardWarmup,
      d0,
    } = options
    const [d] = scalars
    if (pass === 0) {
      c[k] = d
      c[k + 1] = beta1
      c[k + 2] = 1 - beta1
      c[k + 3] = beta2
      c[k + 4] = 1 - beta2
      c[k + 5] = decayOfSums(options)
      c[k + 6] = (d / d0) * (safeguardWarmup ? d : rateOf(d, options, t))
    } else {
      c[k] = decouple ? 1 - weightDecay * sums[2] : 1
      c[k + 1] = d * eps
      c[k + 2] = sums[2]
    }
  },
}

/**
 * Prodigy: Adam whose rate grows by itself to the distance between start and solution; leave `lr` at 1.
 *
 * ```text
 * η̂ = d·η                                  useBiasCorrection: · √(1 − β₂ᵗ) / (1 − β₁ᵗ)
 * m ← β₁·m + (1 − β₁)·d·g
 * v ← β₂·v + (1 − β₂)·d²·g²
 * s ← β₃·s + (d/d₀)·η̂·g                    safeguardWarmup: (d/d₀)·d·g
 * r ← β₃·r + (d/d₀)·η̂·⟨g, p₀ − p⟩
 * d̂ = κ·r / ‖s‖₁,  dMax ← max(dMax, d̂)     over all tensors of the group
 * d ← min(dMax, d·growthRate)              while d = d₀: min(dMax, max(d, d̂)·growthRate)
 * p ← (1 − λ·η̂)·p − η̂·m / (√v + d·ε)       decouple false: g ← g + λ·p first, no decay here
 * ```
 *
 * Options: `lr` η ≥ 0, default 1 (a schedule's factor) · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] ·
 * `beta3` β₃ in [0, 1) or null for √β₂, default null · `eps` ε > 0, default 1e-8 · `weightDecay` λ ≥ 0, default 0 ·
 * `decouple`, default true · `useBiasCorrection`, default false · `safeguardWarmup`, default false · `d0` d₀ > 0,
 * default 1e-6, fixed at construction · `dCoef` κ ≥ 0, default 1 · `growthRate` ≥ 1 or null for unlimited, default
 * null · `maximize`, default false.
 *
 * State: `expAvg` m, `expAvgSq` v, `s`, `p0` the parameter at its first step (the parameter's shape each); `d`, `dMax`,
 * `dNumerator` r (numbers, the same for all tensors of a group).
 *
 * Source: Mishchenko and Defazio, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner" (2023), with the
 * definitions and defaults of the authors' package `prodigyopt`.
 *
 * Deviations: every group estimates its own d, where the authors' groups share one; bias correction counts each
 * tensor's own steps, and a step on zeros alone counts. Gradients, m, v and s below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as
 * zero, d·g below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v, elements below 2⁻¹²⁶ (2⁻⁵⁰⁰) in the sums. A NaN leaves d and dMax as they were.
 *
 * @example
 * ```ts
 * import { Prodigy } from 'cauchy'
 * const w = Float64Array.of(10, -20)
 * const opt = new Prodigy({ w })
 * for (let t = 0; t < 300; t++) opt.step({ w: w.map((x) => 2 * x) }) // the gradient of Σ w²
 * Math.hypot(...w) < 0.1 // → true
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Prodigy<
  const P extends ParamsInput<ProdigyOptions> = ParamsInput<ProdigyOptions>,
> extends Optimizer<ProdigyOptions, P> {
  constructor(params: P, options?: Partial<ProdigyOptions> & OptimizerOptions) {
    super(prodigy, params, options)
  }
}
