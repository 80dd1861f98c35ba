// Yogi: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface YogiOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  epsRoot: number
  initialAccumulatorValue: number
  initializeBoth: boolean
  weightDecay: number
}

export const yogi: Rule<YogiOptions> = {
  name: 'Yogi',
  options: {
    lr: rate(1e-2),
    betas: betas(0.9, 0.999),
    eps: rate(1e-3),
    epsRoot: rate(0),
    initialAccumulatorValue: rate(1e-6),
    initializeBoth: flag(false),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  presets: { optax: { initializeBoth: true } },
  structural: ['initialAccumulatorValue', 'initializeBoth'],
  state: () => ['expAvg', 'expAvgSq'],
  initial: ({ initialAccumulatorValue, initializeBoth }, slot) =>
    slot === 'expAvgSq' || initializeBoth ? initialAccumulatorValue : 0,
  passes: () => ['yogi'],
  coefficients(_pass, { lr, betas: [beta1, beta2], eps, epsRoot, weightDecay }, { t }, c, k) {
    c[k] = 1 - lr * weightDecay
    c[k + 1] = beta1
    c[k + 2] = 1 - beta1
    c[k + 3] = 1 - beta2
    c[k + 4] = 1 / (1 - integerPower(beta2, t))
    c[k + 5] = epsRoot
    c[k + 6] = eps
    c[k + 7] = lr / (1 - integerPower(beta1, t))
  },
}

/**
 * Yogi: Adam whose second average moves by at most (1 − β₂)·g² a step, so that rates never rise suddenly.
 *
 * ```text
 * m ← β₁·m + (1 − β₁)·g
 * v ← v − (1 − β₂)·sign(v − g²)·g²                  sign(0) = 0
 * v̂ = v / (1 − β₂ᵗ),  m̂ = m / (1 − β₁ᵗ)
 * p ← (1 − η·λ)·p − η·m̂ / (√(v̂ + ε₀) + ε)
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-2 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default
 * 1e-3 · `epsRoot` ε₀ ≥ 0, default 0 · `initialAccumulatorValue` ≥ 0, what v starts at, default 1e-6 ·
 * `initializeBoth`, whether m starts there too, default false · `weightDecay` λ ≥ 0 (decoupled), default 0 · `maximize`,
 * default false · `preset` 'optax': initializeBoth.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each).
 *
 * Source: `optax.yogi`; Zaheer et al., "Adaptive Methods for Nonconvex Optimization" (2018).
 *
 * Deviations: m starts at 0 as in the paper; optax starts it at `initialAccumulatorValue` too (`initializeBoth`), so
 * that parameters without a gradient move. optax has no weight decay here; it is what its `add_decayed_weights` would do. The paper
 * has no bias correction. Gradients, m and v below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v.
 *
 * @example
 * ```ts
 * import { Yogi } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Yogi({ w }, { lr: 0.5, eps: 0, initialAccumulatorValue: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Yogi<const P extends ParamsInput<YogiOptions> = ParamsInput<YogiOptions>> extends Optimizer<
  YogiOptions,
  P
> {
  constructor(params: P, options?: Partial<YogiOptions> & OptimizerOptions) {
    super(yogi, params, options)
  }
}
