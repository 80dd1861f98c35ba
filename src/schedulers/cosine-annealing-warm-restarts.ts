// CosineAnnealingWarmRestarts: half a cosine down to a minimum, again and again from the top.
import { type CosineAnnealingWarmRestartsOptions, checkRestarts, restartsCurve } from '../schedules/restarts'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Cosine annealing that starts over from the initial learning rate after every cycle.
 *
 * lr(t) = etaMin + (lr₀ − etaMin) · (1 + cos(π · tCur / tI)) / 2, tCur steps into a cycle of tI = t0 · tMultⁱ steps
 *
 * Options: `t0` (steps of the first cycle, an integer ≥ 1, required); `tMult` (each cycle's length by the one
 * before, an integer ≥ 1, default 1); `etaMin` (a rate ≥ 0, default 0).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts` (Loshchilov & Hutter, SGDR, 2017,
 * https://arxiv.org/abs/1608.03983). In a ChainedScheduler it starts from the initial rate whatever the schedulers
 * before it did, as PyTorch's does. Deviations: `step()` takes no epoch; a rate that you assign rebases all cycles
 * to come. `schedules.restarts` can end after a number of cycles.
 *
 * ```ts
 * import { CosineAnnealingWarmRestarts, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new CosineAnnealingWarmRestarts(opt, { t0: 10, tMult: 2 })
 * for (let t = 0; t < 5; t++) scheduler.step()
 * opt.groups[0].lr // → 0.05
 * for (let t = 5; t < 30; t++) scheduler.step()
 * opt.groups[0].lr // → 0.1: cycles began at 0, 10 and 30
 * ```
 */
export class CosineAnnealingWarmRestarts extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: CosineAnnealingWarmRestartsOptions) {
    const { t0, tMult, etaMin } = checkRestarts('CosineAnnealingWarmRestarts', options)
    const curve = restartsCurve(t0, tMult)
    super('CosineAnnealingWarmRestarts', optimizer, { curveOf: () => curve, floor: etaMin, absolute: true })
  }
}
