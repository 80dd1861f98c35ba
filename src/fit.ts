// fit: trains a problem with an optimizer, in batches and epochs, and says why it stopped.
import type { EarlyStoppingOptions } from './early-stopping'
import { checkSameTensors, type LoopOptimizer, openOptimizer } from './loop/model'
import { Run } from './loop/run'
import { checkFitOptions } from './loop/settings'
import type { Reason, Verdict } from './loop/verdict'
import { checkProblem, type Problem, type Target } from './problem'

export type { EarlyStoppingOptions, LoopOptimizer, Reason }

export interface FitOptions {
  /** Passes over the data, an integer ≥ 1. Default 100. A problem without data takes one step an epoch. */
  epochs?: number
  /** Examples averaged into one gradient: `'full'`, 1 (stochastic) or any integer ≥ 1. Default 32. */
  batchSize?: 'full' | number
  /** A new order of the examples every epoch. Default true; a full batch keeps the data's order. */
  shuffle?: boolean
  /** Decides all orders, an integer in [0, 2⁵³). Default 0. */
  seed?: number
  /** Batches averaged into one step, ≥ 1; the rest of an epoch makes a step of its own. Default 1. */
  accumulate?: number
  /**
   * Stepped after every epoch or step of the optimizer: accumulated batches make one step, skipped steps none. One that
   * says `needsMetric` gets the monitored metric (`earlyStopping.monitor`), after epochs that have it.
   */
  scheduler?: { step(metric?: number): unknown; readonly needsMetric?: boolean }
  /** Default `'epoch'`. */
  schedulerInterval?: 'step' | 'epoch'
  /** Multiplies every gradient before clipping. Default 1. */
  gradScale?: number
  /** Clips every gradient element into [−clipValue, clipValue], > 0. Default: none. */
  clipValue?: number
  /** Scales the gradient down to at most this 2-norm, > 0. Default: none. */
  clipNorm?: number
  /** Skips steps whose gradient, and tolerates batches whose loss, is not finite. Default false: diverged. */
  skipNonFinite?: boolean
  /** Validates after every so many epochs, ≥ 1, and after the last. Default 1. */
  validateEvery?: number
  /** Stops when a metric no longer improves. Default: never. */
  earlyStopping?: EarlyStoppingOptions
  /**
   * Stops where the gradient is about zero: every gradient of an epoch has a 2-norm ≤ this, before scaling and
   * clipping. When an epoch is one step, before taking it. ≥ 0. Default: never.
   */
  gradTolerance?: number
  /** Stops after this many steps, ≥ 1, skipped ones included. Default: unlimited. */
  maxSteps?: number
  /** Stops after this many seconds, ≥ 0, at the end of the batch under way. Default: unlimited. */
  maxSeconds?: number
  /** Stops when a metric reaches a value. Default: the problem's own target; `false` ignores it. */
  target?: Target | false
  /** Stops when aborted; `fit` then resolves, with reason `'aborted'`. */
  signal?: AbortSignal
  /** Called after every epoch and whenever the loop lets other tasks run; should it throw, `fit` rejects. */
  onProgress?: (progress: FitProgress) => void
}

/** One epoch, or the part of it that was run. */
export interface FitRow {
  /** Counted from 1. */
  epoch: number
  /** Steps taken since the start of `fit`. */
  step: number
  /** The training loss: the mean over the epoch's examples, each at the parameters of its time. */
  loss: number
  /** The largest 2-norm of the epoch's gradients, before scaling and clipping; null without `gradTolerance` or `clipNorm`. */
  gradNorm: number | null
  /** The first group's learning rate in the epoch's last step. */
  lr: number
  /** What the problem's `validate` returned; null when it was not called. */
  validation: Record<string, number> | null
  /** Since the start of `fit`. */
  seconds: number
}

export interface FitProgress {
  epoch: number
  epochs: number
  step: number
  /** Steps in all, if nothing stops the run early. */
  steps: number
  /** The mean training loss of the epoch so far. */
  loss: number
  lr: number
  seconds: number
  /** Seconds left, if nothing stops the run early. */
  eta: number
  /** The history row of the epoch just finished, else null. */
  row: FitRow | null
}

export interface FitResult extends Verdict<Reason> {
  /** Whole passes over the data. */
  epochs: number
  /** Steps taken. */
  steps: number
  /** Steps skipped because a gradient was not finite. */
  skipped: number
  /** The training loss of the last epoch; NaN when no batch was run. */
  loss: number
  history: FitRow[]
  /** The epoch in which the monitored metric was best; null when it never was a number. */
  best: { metric: string; value: number; epoch: number; step: number } | null
  seconds: number
}

/**
 * Trains: θ ← step(θ, ∇ mean ℓ over a batch) until the epochs are over or a stopping rule applies.
 *
 * Asynchronous, so that other tasks run at least every 16 ms, or between two batches where one takes longer. The
 * result depends on `seed` and not on the clock unless `maxSeconds` or `signal` ends it. Parameters stay where they
 * are: in the optimizer. Where several rules apply at once, the reason is the first of diverged, target,
 * early-stopping, gradient, max-steps, max-seconds. `'diverged'` means a loss or, after an epoch, a parameter that
 * is NaN or infinite, or a first gradient with an element that is NaN or was never written; the step with such a loss or
 * gradient is not taken.
 *
 * @param problem what to minimise
 * @param optimizer any optimizer over the arrays, or shapes, of `problem.params(seed)`
 * @param options see {@link FitOptions}
 * @returns why it stopped, and the history
 * @throws (rejects with) TypeError or RangeError for wrong arguments, before anything is written; whatever the
 * problem, the scheduler or the callback throws
 *
 * Source: batching, early stopping and validation as in Keras' `Model.fit`.
 *
 * @example
 * ```ts
 * import { fit, type Problem, SGD } from 'cauchy'
 *
 * // The mean of 1, 2, 6: ℓᵢ = ½(m − xᵢ)²
 * const xs = [1, 2, 6]
 * const mean: Problem = {
 *   name: 'mean',
 *   data: { train: 3 },
 *   params: () => ({ m: new Float64Array(1) }),
 *   lossAndGrad({ m }, grads, batch) {
 *     const errors = Array.from(batch!, (i) => m[0] - xs[i])
 *     grads.m[0] = errors.reduce((sum, e) => sum + e, 0) / errors.length
 *     return errors.reduce((sum, e) => sum + (e * e) / 2, 0) / errors.length
 *   },
 * }
 * const optimizer = new SGD(mean.params(0), { lr: 0.5 })
 * const { reason } = await fit(mean, optimizer, { batchSize: 'full', gradTolerance: 1e-9 })
 * // reason is 'gradient', and optimizer.params.m[0] is 3
 * ```
 */
export async function fit(
  problem: Problem,
  optimizer: LoopOptimizer,
  options: FitOptions = {},
): Promise<FitResult> {
  checkProblem('fit', problem)
  const model = openOptimizer('fit', optimizer)
  const settings = checkFitOptions(problem, optimizer, options)
  checkSameTensors(problem, model.params)
  return new Run(problem, model, settings).train()
}
