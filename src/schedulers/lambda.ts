// LambdaLR: the rate is the initial one times a function of the step.
import { checkFunction, checkNumber, checkOptions, kindError, valueError } from '../check'
import type { Curve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import { checkOptimizer, type Scheduled } from './rates'

export interface LambdaLROptions {
  /** Factor of the initial rate after t steps, finite and ≥ 0; one function for all groups, or one a group. */
  lrLambda: ((t: number) => number) | readonly ((t: number) => number)[]
}

/**
 * Any schedule: the initial learning rate times a function of the step.
 *
 * lr(t) = lr₀ · lrLambda(t)
 *
 * Options: `lrLambda` (a function of the step that returns a factor ≥ 0, or one function a group; required),
 * called once a step. Functions are not part of the state: give the same ones on resuming.
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.LambdaLR`. In a ChainedScheduler it starts from the initial rate
 * whatever the schedulers before it did, as PyTorch's does; deviation: a rate that *you* assign rebases it.
 *
 * ```ts
 * import { LambdaLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new LambdaLR(opt, { lrLambda: (t) => 1 / (1 + t) })
 * for (let t = 0; t < 4; t++) scheduler.step()
 * opt.groups[0].lr // 0.02
 * ```
 */
export class LambdaLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: LambdaLROptions) {
    const curves = checkLambdas('LambdaLR', checkOptimizer('LambdaLR', optimizer), options)
    super('LambdaLR', optimizer, { curveOf: (group) => curves[group], absolute: true })
  }
}

/** The `lrLambda` option: a checked function for every group. */
export function checkLambdas(who: string, optimizer: Scheduled, options: unknown): Curve[] {
  const groups = optimizer.groups.length
  const checkedCurve = (name: string, curve: Curve): Curve => {
    return (t) => checkNumber(`${who}: ${name}(${t})`, curve(t), { min: 0 })
  }
  const { lrLambda } = checkOptions(who, options, ['lrLambda'])
  if (!Array.isArray(lrLambda)) {
    if (typeof lrLambda !== 'function') {
      throw kindError(`${who}: lrLambda`, 'a function or one a group', lrLambda)
    }
    return Array.from({ length: groups }, () => checkedCurve('lrLambda', lrLambda as Curve))
  }
  if (lrLambda.length !== groups) {
    throw valueError(`${who}: lrLambda`, `of length ${groups}, one function a group`, lrLambda)
  }
  return Array.from(lrLambda, (curve, i) => {
    checkFunction(`${who}: lrLambda[${i}]`, curve)
    return checkedCurve(`lrLambda[${i}]`, curve)
  })
}
