// SparseAdam: options, coefficients, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { betas, flag, rate } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput, SparseGrads } from '../types'
import { adamCoefficients } from './adamw'

export interface SparseAdamOptions extends CommonOptions {
  betas: readonly [number, number]
  eps: number
}

export const sparseAdam: Rule<SparseAdamOptions> = {
  name: 'SparseAdam',
  options: { lr: rate(1e-3), betas: betas(0.9, 0.999), eps: rate(1e-8), maximize: flag(false) },
  structural: [],
  state: () => ['expAvg', 'expAvgSq'],
  lazy: () => true,
  passes: () => ['adamw'],
  coefficients(_pass, options, { t }, c, k) {
    adamCoefficients(
      { ...options, epsRoot: 0, epsHat: true, amsgrad: false, amsgradCorrected: false },
      1,
      t,
      c,
      k,
    )
  },
}

/**
 * SparseAdam: Adam for embeddings; only the rows that occur in a sparse gradient, and their averages, change.
 *
 * ```text
 * for the rows of the gradient:
 *   m ← β₁·m + (1 − β₁)·g
 *   v ← β₂·v + (1 − β₂)·g²
 *   p ← p − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 * ```
 *
 * A gradient is `{ indices, values }` (`SparseGrad`), or an array of all rows, every one of which then counts as occurring,
 * zeros included. A row may occur more than once: its gradients are added up first, in the order given and in the tensor's
 * own type. A step takes time and memory for the rows that occur, not for the tensor. t is the tensor's count of steps,
 * not the row's; a gradient without any row counts too. `step`'s options apply to the sums by row; with `clipNorm` the
 * norm is summed over the rows that occur, in blocks of their own, so it may differ in the last bit from that of the same
 * gradient with zeros in the other rows.
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `betas` [β₁, β₂] each in [0, 1), default [0.9, 0.999] · `eps` ε ≥ 0, default 1e-8 ·
 * `maximize`, default false.
 *
 * State: `expAvg` m, `expAvgSq` v (the parameter's shape each). The first sparse gradient allocates a window to compute
 * in, below 256 KiB for each element type.
 *
 * Source: `torch.optim.SparseAdam`; Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015).
 *
 * Deviations: PyTorch's takes sparse gradients alone. Small values count as zero as in `AdamW`.
 *
 * @example
 * ```ts
 * import { SparseAdam } from 'cauchy'
 * const data = Float64Array.of(1, 1, 2, 2, 3, 3) // three rows of two
 * const opt = new SparseAdam({ table: { data, shape: [3, 2] } }, { lr: 0.5, eps: 0 })
 * opt.step({ table: { indices: [2, 0, 2], values: Float64Array.of(5, 5, 1, -1, 2, 2) } })
 * data[0] // → 0.5
 * data[3] // → 2: the row in the middle did not occur
 * data[5] // → 2.5: a step of lr·sign(5 + 2)
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class SparseAdam<
  const P extends ParamsInput<SparseAdamOptions> = ParamsInput<SparseAdamOptions>,
> extends Optimizer<SparseAdamOptions, P, SparseGrads> {
  constructor(params: P, options?: Partial<SparseAdamOptions> & OptimizerOptions) {
    super(sparseAdam, params, options)
  }
}
