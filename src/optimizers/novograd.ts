// NovoGrad: options, coefficients of its two passes, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface NovoGradOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
  epsRoot: number
  weightDecay: number
}

export const novograd: Rule<NovoGradOptions> = {
  name: 'NovoGrad',
  options: {
    lr: rate(1e-3),
    betas: betas(0.9, 0.25),
    eps: rate(1e-6),
    epsRoot: rate(0),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  state: () => ['expAvg'],
  scalars: () => ({ expAvgSq: 0 }),
  passes: () => ['gradientSquares', 'novograd'],
  combine(pass, { betas: [, beta2] }, tensors) {
    if (pass !== 1) return
    for (const { t, scalars, sums } of tensors) {
      scalars[0] = t === 1 ? sums[0] : beta2 * scalars[0] + (1 - beta2) * sums[0]
    }
  },
  coefficients(_pass, { lr, betas: [beta1], eps, epsRoot, weightDecay }, { scalars }, c, k) {
    c[k] = beta1
    c[k + 1] = 1 / (Math.sqrt(scalars[0] + epsRoot) + eps)
    c[k + 2] = weightDecay
    c[k + 3] = lr
  },
}

/**
 * NovoGrad: momentum over gradients normalized by a running norm of each tensor's gradient.
 *
 * ```text
 * ν ← β₂·ν + (1 − β₂)·‖g‖₂²            the first step takes ν ← ‖g‖₂²
 * m ← β₁·m + (g / (√(ν + ε₀) + ε) + λ·p)
 * p ← p − η·m
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.25] · `eps` ε ≥ 0, default
 * 1e-6 · `epsRoot` ε₀ ≥ 0, default 0 · `weightDecay` λ ≥ 0, default 0 · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvg` m (the parameter's shape), `expAvgSq` ν (a number).
 *
 * Source: Ginsburg et al., "Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of Deep
 * Networks" (2019), with `optax.novograd`'s definitions and defaults (which leave the rate to the caller).
 *
 * Deviations: gradients and m below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, elements below 2⁻¹²⁶ (2⁻⁵⁰⁰) in the norm.
 * With ε = ε₀ = 0 a gradient of zeros divides by zero.
 *
 * @example
 * ```ts
 * import { NovoGrad } from 'cauchy'
 * const w = Float64Array.of(1, 1)
 * new NovoGrad({ w }, { lr: 0.5, eps: 0 }).step({ w: Float64Array.of(30, 40) })
 * w[0] // → 0.7: 1 − 0.5·30/50
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class NovoGrad<
  const P extends ParamsInput<NovoGradOptions> = ParamsInput<NovoGradOptions>,
> extends Optimizer<NovoGradOptions, P> {
  constructor(params: P, options?: Partial<NovoGradOptions> & OptimizerOptions) {
    super(novograd, params, options)
  }
}
