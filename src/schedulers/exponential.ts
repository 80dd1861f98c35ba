// ExponentialLR: the rate decays by a factor every step.
import { type ExponentialLROptions, exponentialCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Exponential decay, by a factor per step or by a decay constant.
 *
 * lr(t) = lr₀ · gamma^t, or lr₀ · e^(−kt)
 *
 * Options, exactly one: `gamma` (factor of each step, ≥ 0); `k` (decay constant per step, ≥ 0; gamma = e^(−k)).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.ExponentialLR`, which knows `gamma` only.
 *
 * ```ts
 * import { ExponentialLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new ExponentialLR(opt, { k: 0.05 })
 * for (let t = 0; t < 20; t++) scheduler.step()
 * opt.groups[0].lr // 0.1 / e = 0.0367879…
 * ```
 */
export class ExponentialLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: ExponentialLROptions) {
    const curve = exponentialCurve('ExponentialLR', options)
    super('ExponentialLR', optimizer, { curveOf: () => curve })
  }
}
