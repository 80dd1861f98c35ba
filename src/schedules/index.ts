// Learning-rate schedules as pure functions of the step, holding their last value past the end.
import { checkOptions } from '../check'
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
import { join, piecewise } from './pieces'
import { restarts } from './restarts'
import { checkRate, checkTime, type InitialRate, type Schedule } from './schedule'
import { inverseSquareRoot, warmupCosine, warmupStableDecay } from './warmup'

export type { JoinOptions, PiecewiseOptions } from './pieces'
export type { RestartsOptions } from './restarts'
export type { InitialRate, Schedule } from './schedule'
export type { InverseSquareRootOptions, WarmupCosineOptions, WarmupStableDecayOptions } from './warmup'

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
 * | restarts | t0, tMult = 1, etaMin = 0, cycles (then etaMin; default without end) |
 * | warmupCosine | warmupSteps, totalSteps, startFactor = 0, etaMin = 0 |
 * | warmupStableDecay | warmupSteps, decaySteps, totalSteps, decay = 'linear', startFactor = 0, etaMin = 0 |
 * | inverseSquareRoot | warmupSteps; modelDim instead of lr for Noam's peak 1/√(modelDim · warmupSteps) |
 * | piecewise | no lr: boundaries, values, interpolation = 'constant' |
 * | join | no lr: schedules, boundaries |
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
  restarts,
  warmupCosine,
  warmupStableDecay,
  inverseSquareRoot,
  piecewise,
  join,
} as const
