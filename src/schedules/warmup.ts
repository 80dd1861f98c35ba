// Schedules that begin with a warm-up: then a cosine, a plateau with a decay at the end, or an inverse square root.
import { checkInteger, checkNumber, checkOneOf, checkOptions } from '../check'
import { type Curve, cosineCurve } from './curves'
import { checkRate, checkTime, type InitialRate, type Schedule } from './schedule'

interface WarmupOptions extends InitialRate {
  /** Steps of the linear warm-up, an integer ≥ 0. */
  warmupSteps: number
  /** The warm-up starts one step above this factor, in [0, 1]. Default 0. */
  startFactor?: number
  /** The rate from `totalSteps` on, ≥ 0. Default 0. */
  etaMin?: number
}

export interface WarmupCosineOptions extends WarmupOptions {
  /** Step at which the cosine reaches `etaMin`, an integer > `warmupSteps`. */
  totalSteps: number
}

export interface WarmupStableDecayOptions extends WarmupOptions {
  /** Steps of the decay, which ends at `totalSteps`: an integer ≥ 1. */
  decaySteps: number
  /** Step at which the decay reaches `etaMin`, an integer ≥ `warmupSteps` + `decaySteps`. */
  totalSteps: number
  /** The shape of the decay: 1 − x, half a cosine, or 1 − √x. Default 'linear'. */
  decay?: 'linear' | 'cosine' | 'sqrt'
}

/** The peak as `lr`, or by the width of a model. */
export type InverseSquareRootOptions = {
  /** Steps of the linear warm-up, an integer ≥ 1. */
  warmupSteps: number
} & ({ lr: number; modelDim?: never } | { modelDim: number; lr?: never })

/**
 * Linear warm-up, then cosine annealing, then `etaMin` for good.
 *
 * t < warmupSteps: lr · (startFactor + (1 − startFactor) · (t + 1) / warmupSteps);
 * after it: etaMin + (lr − etaMin) · (1 + cos(π · (t − warmupSteps) / (totalSteps − warmupSteps))) / 2.
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const who = 'schedules.warmupCosine'
  const known = ['lr', 'warmupSteps', 'totalSteps', 'startFactor', 'etaMin']
  const given = checkOptions(who, options, known)
  const { lr, warmup, warm, end } = checkWarmup(who, given)
  const total = checkInteger(`${who}: totalSteps`, given.totalSteps, warmup + 1)
  const curve = cosineCurve(total - warmup)
  return (time) => {
    const t = checkTime(who, time)
    if (t < warmup) return warm(t)
    return end + (lr - end) * curve(Math.min(t, total) - warmup)
  }
}

/**
 * Linear warm-up, then `lr` for most of the run, then a decay, then `etaMin` for good (Hu et al., "MiniCPM", 2024;
 * the decay 'sqrt' is Hägele et al.'s, 2024).
 *
 * t < warmupSteps: as warmupCosine; t < totalSteps − decaySteps: lr;
 * after it: etaMin + (lr − etaMin) · f(x), x = (t − totalSteps + decaySteps) / decaySteps,
 * f(x) = 1 − x, (1 + cos(πx)) / 2 or 1 − √x.
 */
export function warmupStableDecay(options: WarmupStableDecayOptions): Schedule {
  const who = 'schedules.warmupStableDecay'
  const known = ['lr', 'warmupSteps', 'decaySteps', 'totalSteps', 'decay', 'startFactor', 'etaMin']
  const given = checkOptions(who, options, known)
  const { lr, warmup, warm, end } = checkWarmup(who, given)
  const steps = checkInteger(`${who}: decaySteps`, given.decaySteps, 1)
  const total = checkInteger(`${who}: totalSteps`, given.totalSteps, warmup + steps)
  const { decay = 'linear' } = given
  const curve = decays[checkOneOf(`${who}: decay`, decay, ['linear', 'cosine', 'sqrt'])]
  return (time) => {
    const t = Math.min(checkTime(who, time), total)
    if (t < warmup) return warm(t)
    const decayed = t - (total - steps)
    return decayed <= 0 ? lr : end + (lr - end) * curve(decayed / steps)
  }
}

const decays: Record<'linear' | 'cosine' | 'sqrt', Curve> = {
  linear: (x) => 1 - x,
  cosine: cosineCurve(1),
  sqrt: (x) => 1 - Math.sqrt(x),
}

/**
 * Linear warm-up to `lr`, then decay by the inverse square root of the step: the Transformer's schedule, also
 * called Noam's (Vaswani et al., "Attention Is All You Need", 2017).
 *
 * lr · min((t + 1) / warmupSteps, √(warmupSteps / (t + 1))); lr = 1 / √(modelDim · warmupSteps) if `modelDim` is
 * given, which makes it modelDim^(−½) · min((t + 1)^(−½), (t + 1) · warmupSteps^(−3⁄2)).
 */
export function inverseSquareRoot(options: InverseSquareRootOptions): Schedule {
  const who = 'schedules.inverseSquareRoot'
  const given = checkOptions(who, options, ['lr', 'modelDim', 'warmupSteps'])
  const warmup = checkInteger(`${who}: warmupSteps`, given.warmupSteps, 1)
  if (given.lr !== undefined && given.modelDim !== undefined) {
    throw new TypeError(`${who}: give lr or modelDim, not both`)
  }
  const peak =
    given.modelDim === undefined
      ? checkRate(who, given)
      : 1 / Math.sqrt(checkInteger(`${who}: modelDim`, given.modelDim, 1) * warmup)
  return (t) => {
    const step = checkTime(who, t) + 1
    return peak * Math.min(step / warmup, Math.sqrt(warmup / step))
  }
}

function checkWarmup(who: string, given: Record<string, unknown>) {
  const { warmupSteps, startFactor = 0, etaMin = 0 } = given
  const lr = checkRate(who, given)
  const warmup = checkInteger(`${who}: warmupSteps`, warmupSteps, 0)
  const start = checkNumber(`${who}: startFactor`, startFactor, { min: 0, max: 1 })
  const end = checkNumber(`${who}: etaMin`, etaMin, { min: 0 })
  // A fraction of a step beyond warmup − 1 is already at the peak.
  const warm = (t: number) => lr * (start + (1 - start) * Math.min((t + 1) / warmup, 1))
  return { lr, warmup, warm, end }
}
