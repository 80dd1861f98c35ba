// Learning-rate schedules as pure functions of the step, holding their last value past the end.
import { checkInteger, checkNumber, checkOptions } from '../check'
import {
  type CosineAnnealingLROptions,
  checkCosine,
  cosineCurve,
  type ExponentialLROptions,
  exponentialCurve,
  type LinearLROptions,
  linearCurve,
  type MultiStepLROptions,
  multiStepCurve,
  type PolynomialLROptions,
  polynomialCurve,
  type StepLROptions,
  stepCurve,
} from './curves'
import { checkRate, checkTime, type InitialRate, type Schedule } from './schedule'

export type { Schedule }

export interface WarmupCosineOptions extends InitialRate {
  /** Steps of the linear warm-up, an integer ≥ 0. */
  warmupSteps: number
  /** Step at which the cosine reaches `etaMin`, an integer > `warmupSteps`. */
  totalSteps: number
  /** The warm-up starts one step above this factor, in [0, 1]. Default 0. */
  startFactor?: number
  /** The rate from `totalSteps` on, ≥ 0. Default 0. */
  etaMin?: number
}

/** `lr`, always. */
function constant(options: InitialRate): Schedule {
  const who = 'schedules.constant'
  checkOptions(who, options, ['lr'])
  const lr = checkRate(who, options)
  return (t) => {
    checkTime(who, t)
    return lr
  }
}

/** lr · (startFactor + (endFactor − startFactor) · min(t, totalIters) / totalIters) */
function linear(options: InitialRate & LinearLROptions): Schedule {
  const who = 'schedules.linear'
  const curve = linearCurve(who, options, ['lr'], 1)
  const lr = checkRate(who, options)
  return (t) => lr * curve(checkTime(who, t))
}

/** lr · gamma^⌊t / stepSize⌋ */
function step(options: InitialRate & StepLROptions): Schedule {
  const who = 'schedules.step'
  const curve = stepCurve(who, options, ['lr'])
  const lr = checkRate(who, options)
  return (t) => lr * curve(checkTime(who, t))
}

/** lr · gamma^(number of milestones ≤ t) */
function multiStep(options: InitialRate & MultiStepLROptions): Schedule {
  const who = 'schedules.multiStep'
  const curve = multiStepCurve(who, options, ['lr'])
  const lr = checkRate(who, options)
  return (t) => lr * curve(checkTime(who, t))
}

/** lr · gamma^t, or lr · e^(−kt) */
function exponential(options: InitialRate & ExponentialLROptions): Schedule {
  const who = 'schedules.exponential'
  const curve = exponentialCurve(who, options, ['lr'])
  const lr = checkRate(who, options)
  return (t) => lr * curve(checkTime(who, t))
}

/** etaMin + (lr − etaMin) · (1 + cos(π · min(t, tMax) / tMax)) / 2 */
function cosine(options: InitialRate & CosineAnnealingLROptions): Schedule {
  const who = 'schedules.cosine'
  const { tMax, etaMin } = checkCosine(who, options, ['lr'])
  const lr = checkRate(who, options)
  const curve = cosineCurve(tMax)
  return (t) => etaMin + (lr - etaMin) * curve(Math.min(checkTime(who, t), tMax))
}

/** lr · (1 − min(t, totalIters) / totalIters)^power */
function polynomial(options: InitialRate & PolynomialLROptions): Schedule {
  const who = 'schedules.polynomial'
  const curve = polynomialCurve(who, options, ['lr'], 1)
  const lr = checkRate(who, options)
  return (t) => lr * curve(checkTime(who, t))
}

/**
 * Linear warm-up, then cosine annealing, then `etaMin` for good.
 *
 * t < warmupSteps: lr · (startFactor + (1 − startFactor) · (t + 1) / warmupSteps);
 * after it: etaMin + (lr − etaMin) · (1 + cos(π · (t − warmupSteps) / (totalSteps − warmupSteps))) / 2.
 */
function warmupCosine(options: WarmupCosineOptions): Schedule {
  const who = 'schedules.warmupCosine'
  const known = ['lr', 'warmupSteps', 'totalSteps', 'startFactor', 'etaMin']
  const { warmupSteps, totalSteps, startFactor = 0, etaMin = 0 } = checkOptions(who, options, known)
  const lr = checkRate(who, options)
  const warmup = checkInteger(`${who}: warmupSteps`, warmupSteps, 0)
  const total = checkInteger(`${who}: totalSteps`, totalSteps, warmup + 1)
  const start = checkNumber(`${who}: startFactor`, startFactor, { min: 0, max: 1 })
  const end = checkNumber(`${who}: etaMin`, etaMin, { min: 0 })
  const curve = cosineCurve(total - warmup)
  return (time) => {
    const t = checkTime(who, time)
    // A fraction of a step beyond warmup − 1 is already at the peak.
    if (t < warmup) return lr * (start + (1 - start) * Math.min((t + 1) / warmup, 1))
    return end + (lr - end) * curve(Math.min(t, total) - warmup)
  }
}

/**
 * Learning-rate schedules as pure functions: `schedules.x({ lr, … })` returns `(t) => rate after t steps`.
 *
 * The formulas are those of the scheduler classes (`schedules.step` is StepLR's and so on, with PyTorch's
 * option names and defaults); past its end a schedule holds its last value, also the cosine, which
 * PyTorch's class lets rise again. The same numbers on every engine, to the last bit.
 *
 * | schedule | options besides `lr` |
 * |---|---|
 * | constant | |
 * | linear | startFactor = 1/3, endFactor = 1, totalIters = 5 |
 * | step | stepSize, gamma = 0.1 |
 * | multiStep | milestones, gamma = 0.1 |
 * | exponential | gamma or k |
 * | cosine | tMax, etaMin = 0 |
 * | polynomial | totalIters = 5, power = 1 |
 * | warmupCosine | warmupSteps, totalSteps, startFactor = 0, etaMin = 0 |
 *
 * ```ts
 * import { SGD, schedules } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const lr = schedules.warmupCosine({ lr: 0.1, warmupSteps: 5, totalSteps: 100 })
 * for (let t = 0; t < 200; t++) {
 *   opt.groups[0].lr = lr(t) // 0.02, 0.04, … 0.1, then down to 0, which it keeps
 *   opt.step({ w: new Float32Array([1]) })
 * }
 * ```
 */
export const schedules = {
  constant,
  linear,
  step,
  multiStep,
  exponential,
  cosine,
  polynomial,
  warmupCosine,
} as const
