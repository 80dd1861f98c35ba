// EMA: an exponential moving average of the weights.
import { integerPower } from '../math/power'
import { flag, number } from '../options'
import { Averaged } from './averaged'
import type { OptimizerInterface } from './wrapper'

export interface EMAOptions {
  decay: number
  debias: boolean
}

const options = { decay: number(0.999, { min: 0, max: 1, openMax: true }), debias: flag(false) }

/**
 * An exponential moving average of the weights, updated after every step of any optimizer.
 *
 * ```text
 * a ← p                              after the first step
 * a ← a + (1 − d)·(p − a)            after the later ones
 * a ← a + (1 − d)/(1 − dⁿ)·(p − a)   with debias, after step n: what Σ (1 − d)·dⁿ⁻ⁱ·pᵢ / (1 − dⁿ) comes to
 * ```
 *
 * Options: `decay` d in [0, 1), default 0.999 · `debias`, default false: without it the first weights keep their weight
 * dⁿ. Both in `options`, writable.
 *
 * State: `average` a (the parameter's shape), the number of updates, and whether it is in the parameters' place.
 * `swap()` exchanges average and parameters in place, `withAverage(fn)` for the time of a call; `eval()` puts the average
 * in place and `train()` the live weights, so that `fit` validates the average. A skipped step is no update.
 *
 * Source: Polyak and Juditsky (1992); `torch.optim.swa_utils.get_ema_multi_avg_fn`; debias as in `optax.ema`.
 *
 * Deviations: differences p − a below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { EMA, SGD } from 'cauchy'
 * const w = Float64Array.of(3)
 * const opt = new EMA(new SGD({ w }, { lr: 1 }), { decay: 0.75 })
 * opt.step({ w: Float64Array.of(1) }) // w is 2, and so is its average
 * opt.step({ w: Float64Array.of(2) })
 * w[0] // → 0
 * opt.withAverage(() => w[0]) // → 1.5
 * w[0] // → 0
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range; Error for a step while
 * swapped, or a swap before the first update.
 */
export class EMA<I extends OptimizerInterface> extends Averaged<I, EMAOptions> {
  constructor(optimizer: I, given?: Partial<EMAOptions>) {
    super('EMA', optimizer, options, given)
  }

  protected override weight(count: number): number {
    const { decay, debias } = this.options
    if (count === 1) return 1
    return debias ? (1 - decay) / (1 - integerPower(decay, count)) : 1 - decay
  }
}
