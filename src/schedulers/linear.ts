// LinearLR: the rate goes straight from one factor to another, usually to warm up.
import { type LinearLROptions, linearCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Linear warm-up (or decay): the factor of the learning rate goes from `startFactor` to `endFactor` in `totalIters` steps.
 *
 * lr(t) = lr₀ · (startFactor + (endFactor − startFactor) · min(t, totalIters) / totalIters)
 *
 * Options: `startFactor` (in [0, 1], default 1/3); `endFactor` (in [0, 1], default 1);
 * `totalIters` (integer ≥ 0, in steps, default 5; 0 stays at startFactor, as PyTorch's).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.LinearLR`. Deviation: startFactor 0 is accepted, where
 * PyTorch divides by it.
 *
 * ```ts
 * import { LinearLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new LinearLR(opt, { startFactor: 0.2, totalIters: 4 }) // lr is 0.02 now
 * for (let t = 0; t < 4; t++) scheduler.step() // 0.04, 0.06, 0.08, 0.1
 * opt.groups[0].lr // 0.1
 * ```
 */
export class LinearLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options?: LinearLROptions) {
    const curve = linearCurve('LinearLR', options)
    super('LinearLR', optimizer, { curveOf: () => curve })
  }
}
