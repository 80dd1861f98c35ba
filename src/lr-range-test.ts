// lrRangeTest: raises the learning rate from step to step, and says where it barely moves, works and diverges.
import { checkFunction, checkInteger, checkNumber, checkOptions, valueError } from './check'
import { createBatches } from './loop/batches'
import { allFinite, evaluate } from './loop/gradient'
import { checkOver, type LoopOptimizer, openOptimizer, takeStep } from './loop/model'
import { brief, done, type Verdict } from './loop/verdict'
import { expectGradients, findNaN } from './loop/written'
import { median, NO_ZONES, widthOf, zonesOf } from './loop/zones'
import { exp, ln } from './math/functions'
import { Adam } from './optimizers/adam'
import { checkProblem, type Problem, type Tensors } from './problem'

export interface LRRangeTestOptions {
  /** Makes the optimizer over the parameters given. Default `(params) => new Adam(params)`. */
  optimizer?: (params: Tensors) => LoopOptimizer
  /** The learning rate of the first step, > 0. Default 1e-7. */
  minLr?: number
  /** The learning rate of the last step, > `minLr`. Default 10. */
  maxLr?: number
  /** Steps at most, an integer ≥ 2. Default 100. */
  steps?: number
  /** Examples in a batch, an integer ≥ 1. Default 32. */
  batchSize?: number
  /**
   * The decay rate β, in [0, 1), of the average that smooths the losses; 0 takes them to be free of noise. Default 0.9
   * with data, 0 without.
   */
  smoothing?: number
  /** Stops when the smoothed loss has risen above its start by this many times |start| or its fall, > 0. Default 4. */
  divergence?: number
  /** Decides the initial parameters and the order of the examples, an integer in [0, 2⁵³). Default 0. */
  seed?: number
}

/** One step of the test: its rate, and the loss before it. */
export interface LRRangeTestPoint {
  lr: number
  loss: number
  /** The average of the losses so far, corrected for its start at zero. */
  smoothed: number
}

/** Learning rates from the first to the second. */
export type LRRange = readonly [number, number]

export interface LRRangeTestResult extends Verdict<'completed' | 'diverged'> {
  /** In the order of the steps; the last one's loss is NaN or infinite where that ended the test. */
  points: LRRangeTestPoint[]
  /**
   * Rates that barely move: less than a tenth of the fall of the loss, or than its noise, or, where it only rose, a
   * hundredth of it; null when the loss or the gradient was not finite before the first step.
   */
  tooLow: LRRange | null
  /** Rates that lower the loss, beyond its noise; null when none did. */
  justRight: LRRange | null
  /** Rates with which it rose again, or was not finite any more; null when none did. */
  tooHigh: LRRange | null
  /** The rate of `justRight` from which the smoothed loss fell fastest over log lr; null when none lowered it. */
  suggestion: number | null
}

const KNOWN = ['optimizer', 'minLr', 'maxLr', 'steps', 'batchSize', 'smoothing', 'divergence', 'seed']

/**
 * The learning-rate range test: trains with lrₖ = minLr · (maxLr / minLr)^(k / (steps − 1)) in step k = 0, 1, …
 *
 * The zones compare the smoothed loss with the mean of the first w = (1 + β) / (1 − β) losses, as noisy as it is, and with
 * their noise: 5·σ / √w, where σ is estimated by the median second difference. Together they reach from minLr to maxLr.
 *
 * Every group gets the same rate. Stops early once the loss, the gradient or a parameter is NaN or infinite, or the
 * smoothed loss has risen as `divergence` says. Synchronous and free of clocks.
 *
 * @param problem what to train; its `params(seed)` are used up by the test
 * @param options see {@link LRRangeTestOptions}
 * @returns the losses, the three zones of rates, a suggestion, and why the test ended
 * @throws TypeError or RangeError for wrong arguments, before the problem is asked for anything
 *
 * Source: Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3; the smoothing and the
 * stop as in fastai. Deviation: the rate grows exponentially instead of linearly.
 *
 * @example
 * ```ts
 * import { lrRangeTest, type Problem, SGD } from 'cauchy'
 *
 * // 2·x², whose curvature is 4: gradient descent diverges above 2 / 4
 * const parabola: Problem = {
 *   name: 'parabola',
 *   params: () => ({ x: Float64Array.of(1) }),
 *   lossAndGrad({ x }, grads) {
 *     grads.x[0] = 4 * x[0]
 *     return 2 * x[0] ** 2
 *   },
 * }
 * const { justRight, reason } = lrRangeTest(parabola, { optimizer: (params) => new SGD(params, { lr: 0.1 }) })
 * const [low, high] = justRight!
 * low > 0.001 && high > 0.4 && high <= 0.5 // → true
 * reason // → 'diverged'
 * ```
 */
export function lrRangeTest(problem: Problem, options?: LRRangeTestOptions): LRRangeTestResult {
  const settings = checkArguments(problem, options)
  const { points, reason, message, stepped } = climb(problem, settings)
  // What is wrong before the first step no rate has caused.
  const zones = stepped ? zonesOf(points, { ...settings, diverged: reason === 'diverged' }) : NO_ZONES
  return { points, reason, message, ...zones }
}

type Settings = Required<LRRangeTestOptions>

function checkArguments(problem: Problem, value: unknown): Settings {
  const who = 'lrRangeTest'
  checkProblem(who, problem)
  const options = checkOptions(who, value, KNOWN) as LRRangeTestOptions
  const { optimizer = (params: Tensors) => new Adam(params) } = options
  checkFunction(`${who}: optimizer`, optimizer)
  const minLr = checkNumber(`${who}: minLr`, options.minLr ?? 1e-7, { min: 0, openMin: true })
  const maxLr = checkNumber(`${who}: maxLr`, options.maxLr ?? 10)
  if (maxLr <= minLr) throw valueError(`${who}: maxLr`, `above minLr (${minLr})`, maxLr)
  const smoothing = options.smoothing ?? (problem.data === undefined ? 0 : 0.9)
  return {
    optimizer,
    minLr,
    maxLr,
    steps: checkInteger(`${who}: steps`, options.steps ?? 100, 2),
    batchSize: checkInteger(`${who}: batchSize`, options.batchSize ?? 32, 1),
    smoothing: checkNumber(`${who}: smoothing`, smoothing, { min: 0, max: 1, openMax: true }),
    divergence: checkNumber(`${who}: divergence`, options.divergence ?? 4, { min: 0, openMin: true }),
    seed: checkInteger(`${who}: seed`, options.seed ?? 0, 0),
  }
}

type Climb = Verdict<'completed' | 'diverged'> & { points: LRRangeTestPoint[]; stepped: boolean }

function climb(problem: Problem, settings: Settings): Climb {
  const { minLr, maxLr, steps, smoothing, divergence } = settings
  const initial = problem.params(settings.seed)
  const model = openOptimizer('lrRangeTest', settings.optimizer(initial))
  checkOver('lrRangeTest', model.params, initial)
  const { optimizer, params, grads } = model
  optimizer.train()
  expectGradients(model)

  const points: LRRangeTestPoint[] = []
  const batches = endless(problem, settings)
  let average = 0
  let weight = 0
  let lowest = Number.POSITIVE_INFINITY
  let start = 0
  const diverged = (what: string): Climb => {
    const lr = brief(points[points.length - 1].lr)
    const message = `${what} in step ${points.length} of ${steps}, at a learning rate of ${lr}.`
    return { points, reason: 'diverged', message, stepped: true }
  }
  const atStart = (what: string): Climb => ({
    points,
    reason: 'diverged',
    message: `${what}.`,
    stepped: false,
  })
  for (let k = 0; k < steps; k++) {
    const lr = k === steps - 1 ? maxLr : minLr * exp((k / (steps - 1)) * ln(maxLr / minLr))
    for (const group of optimizer.groups) group.lr = lr
    const batch = batches.next().value
    const again = () => evaluate(problem, params, grads, batch)
    const loss = again()
    average = smoothing * average + (1 - smoothing) * loss
    weight = smoothing * weight + (1 - smoothing)
    const smoothed = average / weight
    points.push({ lr, loss, smoothed })
    if (k === 0) {
      const element = findNaN(grads)
      if (!Number.isFinite(loss)) return atStart(`The loss is ${loss} at the start`)
      if (element) return atStart(`${element} is NaN at the start, or never written`)
      if (!allFinite(grads)) return atStart('The gradient is not finite at the start')
    }
    if (!Number.isFinite(loss)) return diverged(`The loss became ${loss}`)
    if (!allFinite(grads)) return diverged('The gradient was not finite')
    lowest = Math.min(lowest, smoothed)
    // One batch alone may be far off.
    if (k < widthOf(smoothing)) start = median(points.map((point) => point.loss))
    const limit = start + divergence * Math.max(start - lowest, Math.abs(start))
    if (smoothed > limit) return diverged(`The smoothed loss rose to ${brief(smoothed)}`)
    takeStep(model, loss, again, {})
    if (!allFinite(params)) return diverged('A parameter stopped being finite')
  }
  return { points, reason: 'completed', message: done(steps, 'step'), stepped: true }
}

/** One batch after another, epoch after epoch. */
function* endless(
  problem: Problem,
  { batchSize, seed }: Settings,
): Generator<Uint32Array | undefined, never> {
  const batches = createBatches(problem.data?.train, Math.min(batchSize, problem.data?.train ?? 1), seed)
  for (;;) yield* batches.epoch()
}
