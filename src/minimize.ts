// minimize: descends a plain function with its gradient, synchronously, and says why it stopped.
import { Descent } from './loop/descent'
import { checkMinimizeOptions } from './loop/minimize-settings'
import type { LoopOptimizer } from './loop/model'
import { objectiveOf, objectiveOfProblem } from './loop/objective'
import type { Verdict } from './loop/verdict'
import { Adam } from './optimizers/adam'
import type { Problem, Tensors } from './problem'
import type { FloatArray } from './types'

/** A starting point: one array of numbers, or several by name. */
export type Point = FloatArray | readonly number[] | Readonly<Record<string, FloatArray | readonly number[]>>

/** The arrays the function is called with: those of the starting point, lists of numbers as Float64Array. */
export type Arrays<X extends Point> = X extends FloatArray
  ? X
  : X extends readonly number[]
    ? Float64Array
    : { [K in keyof X]: X[K] extends FloatArray ? X[K] : Float64Array }

/** What `onStep` sees before a step: the point, its loss and gradient, and the steps taken to get there. */
export interface MinimizeStep<A> {
  step: number
  loss: number
  gradNorm: number
  /** The optimizer's own arrays: copy what is to be kept. */
  x: A
}

export interface MinimizeOptions<A = unknown> {
  /** Makes the optimizer over copies of the starting point. Default `(params) => new Adam(params, { lr })`. */
  optimizer?: (params: Tensors) => LoopOptimizer
  /** The learning rate of the default optimizer, ≥ 0. Default 0.1. */
  lr?: number
  /** The learning rate before step t = 0, 1, …, instead of the optimizer's. */
  schedule?: (t: number) => number
  /** Steps at most, an integer ≥ 0. Default 1000. */
  maxSteps?: number
  /** Stops where the gradient's 2-norm is at most this, ≥ 0. Default 1e-6. */
  gradTolerance?: number
  /** Stops after this many steps in a row without a loss lower by more than `minDelta`, ≥ 1. Default: never. */
  patience?: number
  /** The least decrease of the loss that counts, in its unit, ≥ 0. Default 0. */
  minDelta?: number
  /** Scales the gradient down to at most this 2-norm, > 0. Default: none. */
  clipNorm?: number
  /** Chooses a problem's initial parameters, an integer in [0, 2⁵³). Default 0. */
  seed?: number
  /** Called at every point before the next step; returning false stops. */
  onStep?: (step: MinimizeStep<A>) => unknown
}

export interface MinimizeResult<A>
  extends Verdict<'gradient' | 'early-stopping' | 'diverged' | 'max-steps' | 'aborted'> {
  /**
   * Where the gradient vanished, else the point with the lowest loss of those visited; the last of these is the one that
   * `eval()` shows, of optimizers that keep another than the one they train at (schedule-free rules, EMA, SWA).
   */
  x: A
  /** The loss at `x`. */
  loss: number
  /** The gradient's 2-norm at `x`. */
  gradNorm: number
  /** Steps taken. */
  steps: number
  /**
   * Calls of the function: one more than steps, another where `eval()` shows another point, and more where the optimizer
   * looks several times a step.
   */
  evaluations: number
}

/**
 * Descends f from x0 by its gradient: x ← step(x, ∇f(x)) until ‖∇f(x)‖₂ ≤ gradTolerance or another rule stops it.
 *
 * Synchronous and free of clocks: it ends after `maxSteps` at the latest, and with `'diverged'` as soon as the loss
 * or the gradient is NaN or infinite. `x0` is not modified. The default optimizer is Adam at a constant rate of
 * 0.1: it solves smooth problems whose unknowns are of order 1 to 10; scale others, or give `lr`. Where several
 * rules apply at once, the reason is the first of diverged, gradient, aborted, early-stopping, max-steps.
 *
 * @param f `(x, g) => loss`: writes the gradient at `x` over `g` (every element), which has the form of `x`
 * @param x0 the starting point: a Float64Array, Float32Array or list of numbers, or a record of them
 * @param options see {@link MinimizeOptions}
 * @returns the point found and why it stopped there
 * @throws TypeError or RangeError for wrong arguments, before `f` is called; whatever `f` or a callback throws
 *
 * @example
 * ```ts
 * import { minimize } from 'cauchy'
 *
 * // (x − 3)² + 10·(y + 1)²
 * const { x, reason } = minimize(
 *   (x, g) => {
 *     g[0] = 2 * (x[0] - 3)
 *     g[1] = 20 * (x[1] + 1)
 *     return (x[0] - 3) ** 2 + 10 * (x[1] + 1) ** 2
 *   },
 *   [0, 0],
 * )
 * // x is about [3, -1], reason is 'gradient'
 * ```
 */
export function minimize<X extends Point>(
  f: (x: Arrays<X>, g: Arrays<X>) => number,
  x0: X,
  options?: MinimizeOptions<Arrays<X>>,
): MinimizeResult<Arrays<X>>
/** The same for a problem without data, from `problem.params(options.seed)`. */
export function minimize(problem: Problem, options?: MinimizeOptions<Tensors>): MinimizeResult<Tensors>
export function minimize(subject: unknown, ...rest: unknown[]): MinimizeResult<unknown> {
  const isFunction = typeof subject === 'function'
  const settings = checkMinimizeOptions(rest[isFunction ? 1 : 0])
  const objective = isFunction
    ? objectiveOf(subject as (x: unknown, g: unknown) => unknown, rest[0])
    : objectiveOfProblem(subject, settings.seed)
  const make = settings.optimizer ?? ((params: Tensors) => new Adam(params, { lr: settings.lr }))
  return new Descent(objective, make(objective.params), settings).run()
}
