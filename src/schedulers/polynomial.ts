// PolynomialLR: the rate falls to zero along a polynomial.
import { type PolynomialLROptions, polynomialCurve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import type { Scheduled } from './rates'

/**
 * Polynomial decay to zero in `totalIters` steps; linear with `power` 1.
 *
 * lr(t) = lr₀ · (1 − min(t, totalIters) / totalIters)^power
 *
 * Options: `totalIters` (integer ≥ 0, in steps, default 5; 0 leaves the rate alone, as PyTorch's);
 * `power` (≥ 0, default 1).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.PolynomialLR`.
 *
 * ```ts
 * import { PolynomialLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new PolynomialLR(opt, { totalIters: 10, power: 2 })
 * for (let t = 0; t < 5; t++) scheduler.step()
 * opt.groups[0].lr // 0.1 · (1/2)² = 0.025
 * ```
 */
export class PolynomialLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options?: PolynomialLROptions) {
    const curve = polynomialCurve('PolynomialLR', options)
    super('PolynomialLR', optimizer, { curveOf: () => curve })
  }
}
