// MultiStepLR: the rate decays by a factor at given steps.
import { type MultiStepLROptions, multiStepCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Step decay at given steps: the learning rate is multiplied by `gamma` at every milestone.
 *
 * lr(t) = lr₀ · gamma^(number of milestones ≤ t)
 *
 * Options: `milestones` (integers ≥ 0, in steps, in any order; one named twice decays twice; required);
 * `gamma` (factor ≥ 0, default 0.1).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.MultiStepLR`.
 *
 * ```ts
 * import { MultiStepLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new MultiStepLR(opt, { milestones: [2, 4], gamma: 0.5 })
 * for (let t = 0; t < 4; t++) scheduler.step()
 * opt.groups[0].lr // 0.025
 * ```
 */
export class MultiStepLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: MultiStepLROptions) {
    const curve = multiStepCurve('MultiStepLR', options)
    super('MultiStepLR', optimizer, { curveOf: () => curve })
  }
}
