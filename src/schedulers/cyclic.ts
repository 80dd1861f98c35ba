// CyclicLR: the rate goes up and down between two bounds, the momentum the other way.
import { checkFunction, checkInteger, checkNumber, checkOneOf, checkOptions } from '../check'
import { integerPower } from '../math/power'
import type { Curve } from '../schedules/curves'
import { ClosedFormLR } from './closed-form'
import { checkMomentumCycle, type MomentumCycleOptions, momentumOptions } from './momentum-cycle'
import { checkOptimizer, checkPerGroup, type Scheduled } from './rates'

export interface CyclicLROptions extends MomentumCycleOptions {
  /** The rate at the ends of a cycle, ≥ 0, for all groups or one a group. */
  baseLr: number | readonly number[]
  /** The rate in the middle of an unscaled cycle, ≥ 0, for all groups or one a group. */
  maxLr: number | readonly number[]
  /** Steps from the base up, an integer ≥ 1. Default 2000. */
  stepSizeUp?: number
  /** Steps down again, an integer ≥ 1. Default `stepSizeUp`. */
  stepSizeDown?: number | null
  /** How the height changes: not at all, halved every cycle, or by gamma^t. Default 'triangular'. */
  mode?: 'triangular' | 'triangular2' | 'exp_range'
  /** Factor of each step in mode 'exp_range', ≥ 0. Default 1. */
  gamma?: number
  /** Instead of a mode: the height, finite and ≥ 0, as a pure function of the cycle (from 1) or of the step (from 0). */
  scaleFn?: (x: number) => number
  /** What `scaleFn` is a function of. Default 'cycle'. */
  scaleMode?: 'cycle' | 'iterations'
}

const known = [
  ...['baseLr', 'maxLr', 'stepSizeUp', 'stepSizeDown', 'mode', 'gamma', 'scaleFn', 'scaleMode'],
  ...momentumOptions,
]

/**
 * Cyclical learning rates: up and down in a triangle, momentum down and up.
 *
 * lr(t) = baseLr + (maxLr − baseLr) · h(t), momentum(t) = maxMomentum − (maxMomentum − baseMomentum) · h(t)
 *
 * h(t) = triangle(t) · s; s = 1 ('triangular'), 2^(1 − cycle) ('triangular2'), gamma^t ('exp_range') or `scaleFn`'s.
 *
 * Options: `baseLr`, `maxLr` (rates ≥ 0, one for all groups or one a group; required); `stepSizeUp` (integer ≥ 1,
 * default 2000), `stepSizeDown` (default `stepSizeUp`); `mode` (default 'triangular'), `gamma` (≥ 0, default 1);
 * `scaleFn` in place of the mode, with `scaleMode` 'cycle' (default) or 'iterations'; `cycleMomentum` (default true),
 * `baseMomentum` (default 0.8), `maxMomentum` (default 0.9): the group's `betas[0]` if it has betas, else `momentum`.
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.CyclicLR` (Smith, "Cyclical Learning Rates for Training Neural
 * Networks", 2017, https://arxiv.org/abs/1506.01186). Deviations: an SGD must have a momentum for it to cycle, since
 * momentum decides on its state; a rate that you assign rebases the cycle, a momentum counts until the next step.
 *
 * ```ts
 * import { CyclicLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { momentum: 0.9 })
 * const scheduler = new CyclicLR(opt, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4, stepSizeDown: 2 })
 * for (let t = 0; t < 4; t++) scheduler.step()
 * opt.groups[0].lr // → 0.1
 * opt.groups[0].momentum // → 0.8
 * ```
 */
export class CyclicLR extends ClosedFormLR {
  constructor(optimizer: Scheduled, options: CyclicLROptions) {
    const who = 'CyclicLR'
    const groups = checkOptimizer(who, optimizer).groups
    const given = checkOptions(who, options, known)
    const floor = checkPerGroup(`${who}: baseLr`, given.baseLr, groups.length)
    const peak = checkPerGroup(`${who}: maxLr`, given.maxLr, groups.length)
    const curve = cyclicCurve(who, given)
    const momentum = checkMomentumCycle(who, optimizer, given, { base: 0.8, max: 0.9 }, curve)
    const initial = groups.map((group, i) => group.initialLr ?? floor[i])
    super(who, optimizer, { curveOf: () => curve, floor, peak, initial, absolute: true, momentum })
  }
}

/** A triangle from 0 to 1 and back, scaled. */
function cyclicCurve(who: string, options: Record<string, unknown>): Curve {
  const { stepSizeUp = 2000, mode = 'triangular', gamma = 1, scaleFn, scaleMode = 'cycle' } = options
  const up = checkInteger(`${who}: stepSizeUp`, stepSizeUp, 1)
  const down = checkInteger(`${who}: stepSizeDown`, options.stepSizeDown ?? up, 1)
  const shape = checkOneOf(`${who}: mode`, mode, ['triangular', 'triangular2', 'exp_range'])
  const factor = checkNumber(`${who}: gamma`, gamma, { min: 0 })
  const variable = checkOneOf(`${who}: scaleMode`, scaleMode, ['cycle', 'iterations'])
  if (scaleFn !== undefined) checkFunction(`${who}: scaleFn`, scaleFn)
  const length = up + down
  const scale = (t: number): number => {
    const cycle = Math.floor(t / length) + 1
    if (scaleFn !== undefined) {
      const x = variable === 'cycle' ? cycle : t
      return checkNumber(`${who}: scaleFn(${x})`, (scaleFn as Curve)(x), { min: 0 })
    }
    if (shape === 'triangular2') return integerPower(0.5, cycle - 1)
    return shape === 'exp_range' ? integerPower(factor, t) : 1
  }
  return (t) => {
    const phase = t % length
    return (phase <= up ? phase / up : (length - phase) / down) * scale(t)
  }
}
