// StepLR: the rate decays by a factor every so many steps.
import { type StepLROptions, stepCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Step decay: the learning rate is multiplied by `gamma` every `stepSize` steps.
 *
 * lr(t) = lr₀ · gamma^⌊t / stepSize⌋
 *
 * Options: `stepSize` (integer ≥ 1, in steps, required); `gamma` (factor ≥ 0, default 0.1).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.StepLR`. A rate assigned to a group in between is the one
 * that decays from then on.
 *
 * ```ts
 * import { SGD, StepLR } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new StepLR(opt, { stepSize: 10, gamma: 0.5 })
 * for (let t = 0; t < 10; t++) {
 *   opt.step({ w: new Float32Array([1]) })
 *   scheduler.step()
 * }
 * opt.groups[0].lr // 0.05
 * ```
 */
export class StepLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: StepLROptions) {
    const curve = stepCurve('StepLR', options)
    super('StepLR', optimizer, { curveOf: () => curve })
  }
}
