// CosineAnnealingLR: the rate follows half a cosine down to a minimum, and up again past it.
import { type CosineAnnealingLROptions, checkCosine, cosineCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Cosine annealing from the initial learning rate to `etaMin` in `tMax` steps.
 *
 * lr(t) = etaMin + (lr₀ − etaMin) · (1 + cos(π · t / tMax)) / 2
 *
 * Options: `tMax` (integer ≥ 1, in steps, required); `etaMin` (a rate ≥ 0, default 0).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.CosineAnnealingLR` (Loshchilov & Hutter, SGDR, 2017,
 * https://arxiv.org/abs/1608.03983, without its restarts). Like PyTorch's the rate rises again past tMax,
 * and back to the initial rate whatever was assigned before; `schedules.cosine` holds `etaMin`.
 *
 * ```ts
 * import { CosineAnnealingLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new CosineAnnealingLR(opt, { tMax: 10, etaMin: 0.02 })
 * for (let t = 0; t < 5; t++) scheduler.step()
 * opt.groups[0].lr // 0.06, half-way between 0.1 and 0.02
 * ```
 */
export class CosineAnnealingLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: CosineAnnealingLROptions) {
    const { tMax, etaMin } = checkCosine('CosineAnnealingLR', options)
    const curve = cosineCurve(tMax)
    super('CosineAnnealingLR', optimizer, { curveOf: () => curve, floor: etaMin })
  }
}
