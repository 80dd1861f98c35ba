// SWA: the plain average of the weights from some step on.
import { integer } from '../options'
import { Averaged } from './averaged'
import type { OptimizerInterface } from './wrapper'

export interface SWAOptions {
  start: number
  every: number
}

const options = { start: integer(0, 0), every: integer(1, 1) }

/**
 * Stochastic weight averaging: the mean of the weights after every k-th step, from a step on.
 *
 * ```text
 * a ← a + (p − a)/n        the n-th update: after step t = start, start + k, start + 2k, …
 * ```
 *
 * Options: `start` an integer ≥ 0, default 0: the first step (counted from 1) whose weights enter · `every` k, an integer
 * ≥ 1, default 1. Both in `options`, writable.
 *
 * State: `average` a (the parameter's shape), the number n of updates, and whether it is in the parameters' place.
 * `swap()`, `withAverage(fn)`, `eval()` and `train()` as in `EMA`. Skipped steps are not counted.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018);
 * `torch.optim.swa_utils.AveragedModel`.
 *
 * Deviations: differences p − a below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { SGD, SWA } from 'cauchy'
 * const w = Float64Array.of(0)
 * const opt = new SWA(new SGD({ w }, { lr: 1 }), { start: 2, every: 2 })
 * for (let t = 1; t <= 4; t++) opt.step({ w: Float64Array.of(-1) })
 * w[0] // → 4
 * opt.withAverage(() => w[0]) // → 3: of 2 and 4
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range; Error for a step while
 * swapped, or a swap before the first update.
 */
export class SWA<I extends OptimizerInterface> extends Averaged<I, SWAOptions> {
  constructor(optimizer: I, given?: Partial<SWAOptions>) {
    super('SWA', optimizer, options, given)
  }

  protected override weight(count: number): number | undefined {
    const { start, every } = this.options
    const since = this.stepCount - start
    return since >= 0 && since % every === 0 ? 1 / count : undefined
  }
}
