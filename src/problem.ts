// The one description of something to minimise that loops, benchmarks and diagnosis share.
import { checkFunction, checkInteger, checkNumber, checkOneOf, kindError } from './check'
import type { FloatArray } from './types'

/** Named flat arrays: the parameters of a problem, or their gradients. */
export type Tensors = Record<string, FloatArray>

/** What counts as solved: the metric's path in a history row, and the value to reach. */
export interface Target {
  /** `'loss'` (mean training loss of an epoch) or `'validation.<name>'` (what `validate` returned). */
  metric: string
  value: number
  /** `'min'`: reached at or below `value`; `'max'`: at or above it. */
  mode: 'min' | 'max'
}

/**
 * Something to minimise: J(θ) = 1/N · Σᵢ ℓᵢ(θ) over N training examples, or a plain J(θ) without data.
 *
 * `fit` trains any problem, `minimize` those without data. A problem keeps its data to itself: the loop
 * only hands it indices. It keeps no state between calls, so that one object serves many runs.
 *
 * @example
 * ```ts
 * import type { Problem } from 'cauchy'
 *
 * const xs = [0, 1, 2, 3]
 * const ys = [1, 3, 5, 7]
 *
 * // ŷ = w·x + b, ℓ = ½(ŷ − y)²
 * const line: Problem = {
 *   name: 'line',
 *   data: { train: xs.length },
 *   params: () => ({ w: new Float64Array(1), b: new Float64Array(1) }),
 *   lossAndGrad({ w, b }, grads, batch) {
 *     let [loss, dw, db] = [0, 0, 0]
 *     for (const i of batch!) {
 *       const error = w[0] * xs[i] + b[0] - ys[i]
 *       loss += (0.5 * error * error) / batch!.length
 *       dw += (error * xs[i]) / batch!.length
 *       db += error / batch!.length
 *     }
 *     grads.w[0] = dw
 *     grads.b[0] = db
 *     return loss
 *   },
 * }
 * ```
 */
export interface Problem {
  readonly name: string
  /** The number N of training examples; absent when the problem has no data. */
  readonly data?: { readonly train: number }
  /** Fresh initial parameters, the same for the same seed: flat row-major arrays by name. */
  params(seed: number): Tensors
  /**
   * The loss at `params`, and its gradient written over `grads` (every element: they hold the last call's values, at
   * first NaN).
   *
   * @param params read only; the same names and lengths as `params(seed)`
   * @param grads overwritten with ∂loss/∂params, the same names, lengths and dtypes as `params`
   * @param batch indices in [0, N) of the examples to average over, valid during the call; undefined without data
   * @returns the mean of ℓᵢ over the batch, in the loss's own unit
   */
  lossAndGrad(params: Tensors, grads: Tensors, batch: Uint32Array | undefined): number
  /** Metrics on held-out examples, by name, e.g. `{ loss, accuracy }` with accuracy in [0, 1]. */
  validate?(params: Tensors): Record<string, number>
  /** What counts as solved; `fit` stops there unless told otherwise. */
  readonly target?: Target
}

/** Throws unless `value` has the members of a {@link Problem}. */
export function checkProblem(who: string, value: unknown): Problem {
  if (typeof value !== 'object' || value === null) throw kindError(`${who}: problem`, 'a Problem', value)
  const problem = value as Problem
  if (typeof problem.name !== 'string') throw kindError(`${who}: problem.name`, 'a string', problem.name)
  checkFunction(`${who}: problem.params`, problem.params)
  checkFunction(`${who}: problem.lossAndGrad`, problem.lossAndGrad)
  if (problem.validate !== undefined) checkFunction(`${who}: problem.validate`, problem.validate)
  if (problem.data !== undefined) checkInteger(`${who}: problem.data.train`, problem.data?.train, 1, 2 ** 32)
  if (problem.target !== undefined) checkTarget(`${who}: problem.target`, problem.target)
  return problem
}

export function checkTarget(who: string, value: unknown): Target {
  if (typeof value !== 'object' || value === null) {
    throw kindError(who, 'an object { metric, value, mode }', value)
  }
  const target = value as Target
  if (typeof target.metric !== 'string') throw kindError(`${who}.metric`, 'a string', target.metric)
  checkNumber(`${who}.value`, target.value)
  checkOneOf(`${who}.mode`, target.mode, ['min', 'max'])
  return target
}
