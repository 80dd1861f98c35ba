// OneCycleLR: one rise of the rate and one fall far below its start, over a known number of steps.
import { checkBoolean, checkInteger, checkNumber, checkOneOf, checkOptions } from '../check'
import { cos } from '../math/functions'
import type { Curve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import { checkMomentumCycle, type MomentumCycleOptions, momentumOptions } from './momentum-cycle'
import { checkOptimizer, checkPerGroup, type Scheduled } from './rates'

export interface OneCycleLROptions extends MomentumCycleOptions {
  /** The highest rate, ≥ 0, for all groups or one a group. */
  maxLr: number | readonly number[]
  /** Steps of the whole cycle, an integer ≥ 1. */
  totalSteps?: number
  /** Instead of `totalSteps`, with `stepsPerEpoch`: epochs of the whole cycle, an integer ≥ 1. */
  epochs?: number
  stepsPerEpoch?: number
  /** The part of the cycle in which the rate rises, in [0, 1]. Default 0.3. */
  pctStart?: number
  /** Along half a cosine or a straight line. Default 'cos'. */
  annealStrategy?: 'cos' | 'linear'
  /** Whether the fall goes first, as long as the rise was, to the start and only then to the end. Default false. */
  threePhase?: boolean
  /** The cycle starts at maxLr / divFactor; > 0. Default 25. */
  divFactor?: number
  /** The cycle ends at the start's rate / finalDivFactor; > 0. Default 1e4. */
  finalDivFactor?: number
}

const known = [
  ...['maxLr', 'totalSteps', 'epochs', 'stepsPerEpoch', 'pctStart', 'annealStrategy', 'threePhase'],
  ...['divFactor', 'finalDivFactor', ...momentumOptions],
]

/**
 * The 1cycle policy: the rate rises to `maxLr` and falls to almost nothing, the momentum falls and rises.
 *
 * start = maxLr / divFactor, end = start / finalDivFactor; the phases, each annealed by `annealStrategy`, finish at
 * step pctStart · totalSteps − 1 (start → maxLr, momentum max → base) and totalSteps − 1 (maxLr → end, base → max);
 * threePhase: also at 2 · pctStart · totalSteps − 2 (maxLr → start, base → max), then start → end, momentum max.
 *
 * Options: `maxLr` (a rate ≥ 0, for all groups or one a group; required); `totalSteps`, or `epochs` and
 * `stepsPerEpoch` (integers ≥ 1; required); `pctStart` (in [0, 1], default 0.3); `annealStrategy` 'cos' (default) or
 * 'linear'; `threePhase` (default false); `divFactor` (> 0, default 25), `finalDivFactor` (> 0, default 1e4);
 * `cycleMomentum` (default true), `baseMomentum` (default 0.85), `maxMomentum` (default 0.95): the group's `betas[0]`
 * if it has betas, else `momentum`.
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.OneCycleLR` (Smith and Topin, "Super-Convergence", 2018,
 * https://arxiv.org/abs/1708.07120). The rate is at its end after totalSteps − 1 steps; one step more is allowed, so
 * that a loop may step after each of its totalSteps batches, and the next throws. Deviations: that step keeps
 * 'linear' at its end, where PyTorch's rate goes below zero; an SGD must have a momentum for it to cycle; a rate that
 * you assign rebases the cycle, a momentum counts until the next step.
 *
 * ```ts
 * import { AdamW, OneCycleLR } from 'cauchy'
 *
 * const opt = new AdamW({ w: new Float32Array(1) })
 * const scheduler = new OneCycleLR(opt, { maxLr: 0.1, epochs: 10, stepsPerEpoch: 20 })
 * opt.groups[0].lr // → 0.004
 * for (let t = 0; t < 59; t++) scheduler.step()
 * opt.groups[0].lr // → 0.1
 * opt.groups[0].betas // → [0.85, 0.999]
 * ```
 */
export class OneCycleLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: OneCycleLROptions) {
    const who = 'OneCycleLR'
    const { groups } = checkOptimizer(who, optimizer)
    const given = checkOptions(who, options, known)
    const peak = checkPerGroup(`${who}: maxLr`, given.maxLr, groups.length)
    const { divFactor = 25, finalDivFactor = 1e4 } = given
    const div = checkNumber(`${who}: divFactor`, divFactor, { min: 0, openMin: true })
    const finalDiv = checkNumber(`${who}: finalDivFactor`, finalDivFactor, { min: 0, openMin: true })
    const cycle = checkCycle(who, given)
    const end = 1 / div / finalDiv
    const curve = cycle([1 / div, 1, given.threePhase ? 1 / div : end, end])
    const momentum = checkMomentumCycle(who, optimizer, given, { base: 0.85, max: 0.95 }, cycle([0, 1, 0, 0]))
    const initial = peak.map((rate) => rate / div)
    super(who, optimizer, { curveOf: () => curve, peak, initial, absolute: true, momentum })
  }
}

/** What makes the cycle's curve through the given values at the ends of its phases. */
function checkCycle(who: string, options: Record<string, unknown>): (values: readonly number[]) => Curve {
  const total = checkTotal(who, options)
  const { pctStart = 0.3, annealStrategy = 'cos', threePhase = false } = options
  const pct = checkNumber(`${who}: pctStart`, pctStart, { min: 0, max: 1 })
  const cosine = checkOneOf(`${who}: annealStrategy`, annealStrategy, ['cos', 'linear']) === 'cos'
  const between = checkBoolean(`${who}: threePhase`, threePhase) ? [2 * pct * total - 2] : []
  const ends = [pct * total - 1, ...between, total - 1]
  return (values) => (t) => {
    if (t > total) {
      throw new RangeError(`${who}: step() must be called at most totalSteps = ${total} times, got one more`)
    }
    const found = ends.findIndex((end) => t <= end)
    const phase = found < 0 ? ends.length - 1 : found
    const start = phase === 0 ? 0 : ends[phase - 1]
    const length = ends[phase] - start
    const part = length > 0 ? (t - start) / length : 1
    const [from, to] = [values[phase], values[phase + 1]]
    if (cosine) return to + ((from - to) / 2) * (1 + cos(Math.PI * part))
    return from + (to - from) * Math.min(part, 1)
  }
}

function checkTotal(who: string, { totalSteps, epochs, stepsPerEpoch }: Record<string, unknown>): number {
  if (epochs === undefined && stepsPerEpoch === undefined) {
    return checkInteger(`${who}: totalSteps`, totalSteps, 1)
  }
  if (totalSteps !== undefined) {
    throw new TypeError(`${who}: give totalSteps, or epochs and stepsPerEpoch, not both`)
  }
  return checkInteger(`${who}: epochs`, epochs, 1) * checkInteger(`${who}: stepsPerEpoch`, stepsPerEpoch, 1)
}
