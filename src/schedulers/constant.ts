// ConstantLR: the rate is multiplied by a factor for the first steps only.
import { type ConstantLROptions, constantCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * A constant factor on the learning rate until step `totalIters`, the plain rate after it.
 *
 * lr(t) = lr₀ · (t < totalIters ? factor : 1)
 *
 * Options: `factor` (in [0, 1], default 1/3); `totalIters` (integer ≥ 0, in steps, default 5; 0 never takes
 * the factor off, as PyTorch's).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.ConstantLR`. Deviation: factor 0 is accepted, where PyTorch
 * divides by it.
 *
 * ```ts
 * import { ConstantLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new ConstantLR(opt, { factor: 0.5, totalIters: 3 }) // lr is 0.05 now
 * for (let t = 0; t < 3; t++) scheduler.step()
 * opt.groups[0].lr // 0.1
 * ```
 */
export class ConstantLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options?: ConstantLROptions) {
    const curve = constantCurve('ConstantLR', options)
    super('ConstantLR', optimizer, { curveOf: () => curve })
  }
}
