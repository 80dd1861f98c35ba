// The optimizers under test, taken from the package's own exports, each with the options it is tested at.
import * as cauchy from 'cauchy'

type Options = Record<string, unknown>
export type AnyOptimizer = cauchy.Optimizer<cauchy.SGDOptions>
export type AnyClass = new (params: cauchy.Params, options?: object) => AnyOptimizer

/** Every exported optimizer class by name. */
export const classes = Object.fromEntries(
  Object.entries(cauchy).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof cauchy.Optimizer,
  ),
) as unknown as Record<string, AnyClass>

/** Every option of every optimizer at a non-default value at least once; learning rates that move. */
export const variants: Record<string, Options[]> = {
  SGD: [
    { lr: 0.05 },
    { lr: 0.05, weightDecay: 0.1, maximize: true },
    { lr: 0.05, momentum: 0.9, dampening: 0.25 },
    { lr: 0.05, momentum: 0.8, weightDecay: 0.01, nesterov: true },
    { lr: 0.05, momentum: 0.9, momentumForm: 'ema' },
    { lr: 0.05, momentum: 0.9, momentumForm: 'ema', nesterov: true, maximize: true },
  ],
  Adagrad: [
    { lr: 0.1 },
    { lr: 0.1, lrDecay: 0.05, weightDecay: 0.1, initialAccumulatorValue: 0.1, eps: 1e-6 },
    { lr: 0.1, eps: 1e-7, epsInSqrt: true, maximize: true },
  ],
  RMSprop: [
    { lr: 0.01 },
    { lr: 0.01, centered: true, alpha: 0.9, eps: 1e-6 },
    { lr: 0.01, momentum: 0.9, weightDecay: 0.05, maximize: true },
    { lr: 0.02, momentum: 0.8, centered: true, epsInSqrt: true, lrInBuffer: true },
  ],
  Adam: [
    { lr: 0.01 },
    { lr: 0.01, weightDecay: 0.1, betas: [0.8, 0.99], eps: 1e-6, epsRoot: 1e-9 },
    { lr: 0.01, amsgrad: true, maximize: true },
  ],
  AdamW: [
    { lr: 0.01 },
    { lr: 0.01, weightDecay: 0.1, betas: [0.8, 0.99], eps: 1e-6, epsRoot: 1e-9, maximize: true },
    { lr: 0.01, weightDecay: 0.2, amsgrad: true },
  ],
  LAMB: [
    { lr: 0.01 },
    { lr: 0.01, betas: [0.8, 0.99], eps: 1e-5, epsRoot: 1e-9, weightDecay: 0.1, maximize: true },
  ],
}
