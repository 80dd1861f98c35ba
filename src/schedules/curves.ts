// The shapes of the learning-rate schedules: factors h(t) of the initial rate, shared by the pure functions and the scheduler classes.
import { checkInteger, checkNumber, checkOptions, kindError } from '../check'
import { cos, exp, pow } from '../math/functions'
import { integerPower } from '../math/power'

/** What the rate is multiplied by after t steps. */
export type Curve = (t: number) => number

export interface StepLROptions {
  /** Steps between two decays, an integer ≥ 1. */
  stepSize: number
  /** Factor of each decay, ≥ 0. Default 0.1. */
  gamma?: number
}

export interface MultiStepLROptions {
  /** Steps at which the rate decays, integers ≥ 0 in any order; one named twice decays twice. */
  milestones: readonly number[]
  /** Factor of each decay, ≥ 0. Default 0.1. */
  gamma?: number
}

/** One of `gamma` (factor of each step, ≥ 0) and `k` (decay constant per step, ≥ 0: gamma = e^(−k)). */
export type ExponentialLROptions = { gamma: number; k?: never } | { k: number; gamma?: never }

export interface CosineAnnealingLROptions {
  /** Steps from the initial rate down to `etaMin`, an integer ≥ 1. */
  tMax: number
  /** The lowest rate, ≥ 0. Default 0. */
  etaMin?: number
}

export interface LinearLROptions {
  /** Factor at step 0, in [0, 1]. Default 1/3. */
  startFactor?: number
  /** Factor from step `totalIters` on, in [0, 1]. Default 1. */
  endFactor?: number
  /** Steps from the one to the other, an integer ≥ 0. Default 5. */
  totalIters?: number
}

export interface ConstantLROptions {
  /** Factor until step `totalIters`, in [0, 1]. Default 1/3. */
  factor?: number
  /** Steps until the factor is taken off, an integer ≥ 0. Default 5. */
  totalIters?: number
}

export interface PolynomialLROptions {
  /** Steps down to a rate of 0, an integer ≥ 0. Default 5. */
  totalIters?: number
  /** The polynomial's degree, ≥ 0, fractions included. Default 1. */
  power?: number
}

/** γ^⌊t / stepSize⌋ */
export function stepCurve(who: string, options: unknown, others: readonly string[] = []): Curve {
  const { stepSize, gamma = 0.1 } = checkOptions(who, options, ['stepSize', 'gamma', ...others])
  const size = checkInteger(`${who}: stepSize`, stepSize, 1)
  const factor = checkNumber(`${who}: gamma`, gamma, { min: 0 })
  return (t) => integerPower(factor, Math.floor(t / size))
}

/** γ^(milestones reached) */
export function multiStepCurve(who: string, options: unknown, others: readonly string[] = []): Curve {
  const { milestones, gamma = 0.1 } = checkOptions(who, options, ['milestones', 'gamma', ...others])
  const steps = checkMilestones(who, milestones, 0)
  const factor = checkNumber(`${who}: gamma`, gamma, { min: 0 })
  return (t) => integerPower(factor, steps.filter((step) => step <= t).length)
}

export function checkMilestones(who: string, value: unknown, min: number): number[] {
  if (!Array.isArray(value)) throw kindError(`${who}: milestones`, 'an array of integers', value)
  return Array.from(value, (item, i) => checkInteger(`${who}: milestones[${i}]`, item, min))
}

/** γ^t, or e^(−kt) */
export function exponentialCurve(who: string, options: unknown, others: readonly string[] = []): Curve {
  const { gamma, k } = checkOptions(who, options, ['gamma', 'k', ...others])
  if (gamma !== undefined && k !== undefined) throw new TypeError(`${who}: give gamma or k, not both`)
  if (k !== undefined) {
    const decay = checkNumber(`${who}: k`, k, { min: 0 })
    return (t) => exp(-decay * t)
  }
  const factor = checkNumber(`${who}: gamma`, gamma, { min: 0 })
  return (t) => (Number.isInteger(t) ? integerPower(factor, t) : pow(factor, t))
}

/** (1 + cos(πt / tMax)) / 2, which rises again past tMax. */
export function cosineCurve(tMax: number): Curve {
  return (t) => {
    const phase = t % (2 * tMax)
    // Folding the rising half keeps the curve exactly periodic and its zeros exactly zero.
    const folded = phase > tMax ? 2 * tMax - phase : phase
    return (1 + cos((Math.PI * folded) / tMax)) / 2
  }
}

export function checkCosine(who: string, options: unknown, others: readonly string[] = []) {
  const { tMax, etaMin = 0 } = checkOptions(who, options, ['tMax', 'etaMin', ...others])
  return {
    tMax: checkInteger(`${who}: tMax`, tMax, 1),
    etaMin: checkNumber(`${who}: etaMin`, etaMin, { min: 0 }),
  }
}

/** Straight from startFactor at 0 to endFactor at totalIters; with totalIters 0 PyTorch's never leaves startFactor. */
export function linearCurve(
  who: string,
  options: unknown,
  others: readonly string[] = [],
  minIters = 0,
): Curve {
  const known = ['startFactor', 'endFactor', 'totalIters', ...others]
  const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = checkOptions(who, options, known)
  const start = checkNumber(`${who}: startFactor`, startFactor, { min: 0, max: 1 })
  const end = checkNumber(`${who}: endFactor`, endFactor, { min: 0, max: 1 })
  const total = checkInteger(`${who}: totalIters`, totalIters, minIters)
  if (total === 0) return () => start
  return (t) => (t >= total ? end : start + (end - start) * (t / total))
}

/** factor before totalIters, then 1; with totalIters 0 PyTorch's never takes the factor off. */
export function constantCurve(who: string, options: unknown): Curve {
  const { factor = 1 / 3, totalIters = 5 } = checkOptions(who, options, ['factor', 'totalIters'])
  const first = checkNumber(`${who}: factor`, factor, { min: 0, max: 1 })
  const total = checkInteger(`${who}: totalIters`, totalIters, 0)
  return (t) => (t < total || total === 0 ? first : 1)
}

/** (1 − t / totalIters)^power, then 0; with totalIters 0 PyTorch's never leaves 1. */
export function polynomialCurve(
  who: string,
  options: unknown,
  others: readonly string[] = [],
  minIters = 0,
): Curve {
  const { totalIters = 5, power = 1 } = checkOptions(who, options, ['totalIters', 'power', ...others])
  const total = checkInteger(`${who}: totalIters`, totalIters, minIters)
  const degree = checkNumber(`${who}: power`, power, { min: 0 })
  if (total === 0) return () => 1
  return (t) => pow(1 - Math.min(t, total) / total, degree)
}
