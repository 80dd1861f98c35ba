// Rprop: options, coefficients, documentation.

import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, rate, tuple } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput } from '../types'

export interface RpropOptions extends CommonOptions {
  etas: readonly [number, number]
  stepSizes: readonly [number, number]
}

export const rprop: Rule<RpropOptions> = {
  name: 'Rprop',
  options: {
    lr: rate(1e-2),
    etas: tuple(
      [0.5, 1.2],
      [
        { min: 0, openMin: true, max: 1, openMax: true },
        { min: 1, openMin: true },
      ],
    ),
    stepSizes: tuple([1e-6, 50], [{ min: 0 }, { min: 0 }]),
    maximize: flag(false),
  },
  structural: [],
  validate({ stepSizes: [smallest, largest] }) {
    if (smallest > largest) {
      throw new RangeError(
        `Rprop: stepSizes must be the smallest and the largest step, got [${smallest}, ${largest}]`,
      )
    }
  },
  state: () => ['prev', 'stepSize'],
  passes: () => ['rprop'],
  coefficients(_pass, { lr, etas: [etaMinus, etaPlus], stepSizes: [smallest, largest] }, { t }, c, k) {
    // Added to the step sizes, which are zero before a tensor's first step.
    c[k] = t === 1 ? lr : 0
    c[k + 1] = etaMinus
    c[k + 2] = etaPlus
    c[k + 3] = smallest
    c[k + 4] = largest
  },
}

/**
 * Rprop: a step size per parameter that grows while the gradient keeps its sign and shrinks when it changes; only
 * signs count. For full batches.
 *
 * ```text
 * s ← clamp(η₊·s, Γ₋, Γ₊)            where g·b > 0
 * s ← clamp(η₋·s, Γ₋, Γ₊), g ← 0     where g·b < 0
 * s ← clamp(s, Γ₋, Γ₊)               where g·b = 0
 * b ← g
 * p ← p − sign(g)·s
 * ```
 *
 * Options: `lr` ≥ 0, default 1e-2: the first s, read at a tensor's first step and not again · `etas` [η₋, η₊] with
 * 0 < η₋ < 1 < η₊, default [0.5, 1.2] · `stepSizes` [Γ₋, Γ₊] with 0 ≤ Γ₋ ≤ Γ₊, default [1e-6, 50] · `maximize`,
 * default false.
 *
 * State: `prev` b, `stepSize` s (the parameter's shape each).
 *
 * Source: `torch.optim.Rprop`; Riedmiller and Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The
 * RPROP Algorithm" (1993), in the variant iRprop⁻.
 *
 * Deviations: gradients and s below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero. Signs are compared, not multiplied, so a
 * product g·b too small to be a number counts as what it is. A NaN in the gradient makes p NaN and leaves s as it was.
 * `preset` 'optax' is refused: `optax.rprop` moves by the step of the time before, and not at all at first.
 *
 * @example
 * ```ts
 * import { Rprop } from 'cauchy'
 * const w = Float64Array.of(1)
 * const opt = new Rprop({ w }, { lr: 0.25 })
 * opt.step({ w: Float64Array.of(3) })
 * w[0] // → 0.75
 * opt.step({ w: Float64Array.of(0.01) })
 * w[0] // → 0.45: the same sign, so 1.2 times as far
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Rprop<const P extends ParamsInput<RpropOptions> = ParamsInput<RpropOptions>> extends Optimizer<
  RpropOptions,
  P
> {
  constructor(params: P, options?: Partial<RpropOptions> & OptimizerOptions) {
    super(rprop, params, options)
  }
}
