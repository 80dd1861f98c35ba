// Adan: options, coefficients, documentation.
import { integerPower } from '../math/power'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface AdanOptions extends CommonOptions {
  betas: readonly [number, number, number]
  eps: number
  weightDecay: number
  noProx: boolean
}

export const adan: Rule<AdanOptions> = {
  name: 'Adan',
  options: {
    lr: rate(1e-3),
    betas: betas(0.98, 0.92, 0.99),
    eps: rate(1e-8),
    weightDecay: rate(0),
    noProx: flag(false),
    maximize: flag(false),
  },
  structural: [],
  state: () => ['expAvg', 'expAvgDiff', 'expAvgSq', 'previousGrad'],
  passes: () => ['adan'],
  coefficients(_pass, { lr, betas: [beta1, beta2, beta3], eps, weightDecay, noProx }, { t }, c, k) {
    c[k] = beta1
    c[k + 1] = 1 - beta1
    c[k + 2] = beta2
    c[k + 3] = 1 - beta2
    c[k + 4] = beta3
    c[k + 5] = 1 - beta3
    c[k + 6] = t === 1 ? 0 : 1
    c[k + 7] = 1 / (1 - integerPower(beta3, t))
    c[k + 8] = eps
    c[k + 9] = lr / (1 - integerPower(beta1, t))
    c[k + 10] = (lr * beta2) / (1 - integerPower(beta2, t))
    c[k + 11] = noProx ? 1 - lr * weightDecay : 1
    c[k + 12] = noProx ? 1 : 1 / (1 + lr * weightDecay)
  },
}

/**
 * Adan: Adam with Nesterov's momentum, estimated from the differences between successive gradients.
 *
 * ```text
 * Δ = g − previous g                      0 at the first step
 * m ← β₁·m + (1 − β₁)·g
 * d ← β₂·d + (1 − β₂)·Δ
 * n ← β₃·n + (1 − β₃)·(g + β₂·Δ)²
 * m̂ = m / (1 − β₁ᵗ),  d̂ = d / (1 − β₂ᵗ),  n̂ = n / (1 − β₃ᵗ)
 * p ← (p − η·(m̂ + β₂·d̂) / (√n̂ + ε)) / (1 + η·λ)
 * p ← (1 − η·λ)·p − η·(m̂ + β₂·d̂) / (√n̂ + ε)        noProx
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂, β₃] each in [0, 1), default [0.98, 0.92, 0.99] · `eps` ε ≥ 0,
 * default 1e-8 · `weightDecay` λ ≥ 0 (decoupled), default 0 · `noProx`, decay as in AdamW, default false ·
 * `maximize`, default false.
 *
 * State: `expAvg` m, `expAvgDiff` d, `expAvgSq` n, `previousGrad` (the parameter's shape each).
 *
 * Source: the authors' PyTorch code (sail-sg/Adan), with its names and defaults; Xie et al., "Adan: Adaptive Nesterov
 * Momentum Algorithm for Faster Optimizing Deep Models" (2022), whose β is 1 − β here. `optax.adan` differs: it takes
 * the paper's 1 − β₂ for the weight of Δ without turning β₂ round (0.08 for 0.92), adds 1e-8 below the root and
 * decays as with `noProx`; its preset is refused.
 *
 * Deviations: gradients, Δ, m, d and n below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, g + β₂·Δ below 2⁻⁵⁸ (2⁻⁵⁰⁰) in n.
 *
 * @example
 * ```ts
 * import { Adan } from 'cauchy'
 * const w = Float64Array.of(1)
 * new Adan({ w }, { lr: 0.5, weightDecay: 2, eps: 0 }).step({ w: Float64Array.of(3) })
 * w[0] // → 0.25: a step of lr·sign(g) to 0.5, then divided by 1 + lr·weightDecay
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adan<const P extends ParamsInput<AdanOptions> = ParamsInput<AdanOptions>> extends Optimizer<
  AdanOptions,
  P
> {
  constructor(params: P, options?: Partial<AdanOptions> & OptimizerOptions) {
    super(adan, params, options)
  }
}
