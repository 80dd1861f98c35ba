// Cosine annealing with warm restarts, as a curve and as a pure schedule.
import { checkInteger, checkNumber, checkOptions } from '../check'
import { type Curve, cosineCurve } from './curves'
import { checkRate, checkTime, type InitialRate, type Schedule } from './schedule'

export interface CosineAnnealingWarmRestartsOptions {
  /** Steps of the first cycle, an integer ≥ 1. */
  t0: number
  /** How many times as long as the one before each later cycle is, an integer ≥ 1. Default 1. */
  tMult?: number
  /** The rate that every cycle falls towards, ≥ 0. Default 0. */
  etaMin?: number
}

export interface RestartsOptions extends InitialRate, CosineAnnealingWarmRestartsOptions {
  /** Cycles until the rate stays at `etaMin`, an integer ≥ 1. Default: they never end. */
  cycles?: number
}

/** (1 + cos(π · tCur / tI)) / 2, tCur steps into a cycle of tI; restarts at 1 for ever. */
export function restartsCurve(t0: number, tMult: number): Curve {
  return (t) => {
    let start = tMult === 1 ? t - (t % t0) : 0
    let length = t0
    while (t - start >= length) {
      start += length
      length *= tMult
    }
    return cosineCurve(length)(t - start)
  }
}

export function checkRestarts(who: string, options: unknown, others: readonly string[] = []) {
  const { t0, tMult = 1, etaMin = 0 } = checkOptions(who, options, ['t0', 'tMult', 'etaMin', ...others])
  return {
    t0: checkInteger(`${who}: t0`, t0, 1),
    tMult: checkInteger(`${who}: tMult`, tMult, 1),
    etaMin: checkNumber(`${who}: etaMin`, etaMin, { min: 0 }),
  }
}

/** etaMin + (lr − etaMin) · (1 + cos(π · tCur / tI)) / 2, restarting from lr `cycles` − 1 times, then etaMin */
export function restarts(options: RestartsOptions): Schedule {
  const who = 'schedules.restarts'
  const { t0, tMult, etaMin } = checkRestarts(who, options, ['lr', 'cycles'])
  const lr = checkRate(who, options)
  const cycles = options.cycles === undefined ? undefined : checkInteger(`${who}: cycles`, options.cycles, 1)
  const end = cycles === undefined ? Number.POSITIVE_INFINITY : endOf(t0, tMult, cycles)
  const curve = restartsCurve(t0, tMult)
  return (time) => {
    const t = checkTime(who, time)
    return t >= end ? etaMin : etaMin + (lr - etaMin) * curve(t)
  }
}

/** The step at which the last of the cycles is over. */
function endOf(t0: number, tMult: number, cycles: number): number {
  if (tMult === 1) return t0 * cycles
  let end = 0
  for (let cycle = 0, length = t0; cycle < cycles && end < Number.MAX_SAFE_INTEGER; cycle++) {
    end += length
    length *= tMult
  }
  return end
}
