// MADGRAD: options, coefficients, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface MADGRADOptions extends CommonOptions {
  momentum: number
  eps: number
  weightDecay: number
}

export const madgrad: Rule<MADGRADOptions> = {
  name: 'MADGRAD',
  options: {
    lr: rate(1e-2),
    momentum: number(0.9, { min: 0, max: 1, openMax: true }),
    eps: rate(1e-6),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  state: () => ['x0', 'gradSumSq', 's'],
  passes: () => ['madgrad'],
  l2: ({ weightDecay }) => weightDecay,
  coefficients(_pass, { lr, momentum, eps }, { t }, c, k) {
    c[k] = lr === 0 ? 0 : (lr + eps) * Math.sqrt(t)
    c[k + 1] = eps
    c[k + 2] = 1 - momentum
    c[k + 3] = t === 1 ? 1 : 0
    c[k + 4] = t === 1 ? 0 : 1
  },
}

/**
 * MADGRAD: dual averaging: the weighted sum of all gradients, scaled per parameter by the cube root of their squares'.
 *
 * ```text
 * g ← g + λ·p
 * v ← v + (η + ε)·√t·g²
 * s ← s + (η + ε)·√t·g
 * p ← p + (1 − μ)·(p₀ − s / (∛v + ε) − p)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-2 (not comparable with other rules') · `momentum` μ in [0, 1), default 0.9 · `eps`
 * ε ≥ 0, default 1e-6 · `weightDecay` λ ≥ 0 (L2), default 0 · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `x0`, the parameter p₀ at the first step, `gradSumSq` v and `s` (the parameter's shape each).
 *
 * Source: `optax.contrib.madgrad` and the authors' PyTorch code (facebookresearch/madgrad), which both add ε to η;
 * Defazio and Jelassi, "Adaptivity without Compromise: A Momentumized, Adaptive, Dual Averaged Gradient Method for
 * Stochastic Optimization" (2021).
 *
 * Deviations: with a rate of 0 nothing is added to the sums, not even ε. Gradients, v and s below 2⁻¹⁰⁰ (float64:
 * 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁰ (2⁻⁴⁵⁰) in v. The cube root is a guess from the bits and three of
 * Halley's steps, within 1 ulp of the exact one for v from 2⁻¹⁰⁰ (2⁻⁹⁰⁰) to 2¹²⁶ (2¹⁰²²); for less it is that of
 * 2⁻¹⁰⁰ (2⁻⁹⁰⁰), so that nothing is divided by zero even with ε = 0; for more it loses accuracy and ends as NaN.
 *
 * @example
 * ```ts
 * import { MADGRAD } from 'cauchy'
 * const w = Float64Array.of(1)
 * new MADGRAD({ w }, { lr: 1, momentum: 0.5, eps: 0 }).step({ w: Float64Array.of(8) })
 * w[0] // → 0: half of the way to 1 − 8/∛64
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class MADGRAD<
  const P extends ParamsInput<MADGRADOptions> = ParamsInput<MADGRADOptions>,
> extends Optimizer<MADGRADOptions, P> {
  constructor(params: P, options?: Partial<MADGRADOptions> & OptimizerOptions) {
    super(madgrad, params, options)
  }
}
