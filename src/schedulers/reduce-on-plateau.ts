// ReduceLROnPlateau: the rate falls when a metric stops improving.
import { checkInteger, checkNumber, checkOneOf, checkOptions, kindError } from '../check'
import {
  checkOptimizer,
  checkPerGroup,
  readRates,
  type Scheduled,
  type SchedulerState,
  stateReader,
  writeRates,
} from './rates'

const modes = ['min', 'max'] as const
const thresholdModes = ['rel', 'abs', 'rel-abs'] as const

export interface ReduceLROnPlateauOptions {
  /** Whether the metric is to fall or to rise. Default 'min'. */
  mode?: (typeof modes)[number]
  /** Factor of each reduction, in [0, 1). Default 0.1. */
  factor?: number
  /** Steps without improvement that are tolerated, an integer ≥ 0. Default 10. */
  patience?: number
  /** What counts as an improvement, ≥ 0. Default 1e-4. */
  threshold?: number
  /** How the threshold is applied to the best metric. Default 'rel'. */
  thresholdMode?: (typeof thresholdModes)[number]
  /** Steps after a reduction that count nothing as bad, an integer ≥ 0. Default 0. */
  cooldown?: number
  /** The lowest rate, ≥ 0; one for all groups or one a group. Default 0. */
  minLr?: number | readonly number[]
  /** A reduction by no more than this is not made, ≥ 0. Default 1e-8. */
  eps?: number
}

/** What one step of a ReduceLROnPlateau did. */
export interface PlateauInfo {
  /** The metric was better than the best so far, by the threshold. */
  improved: boolean
  /** The metric was NaN, which counts as bad. */
  nan: boolean
  /** A rate was lowered. */
  reduced: boolean
}

/**
 * Lowers the learning rate when a metric has stopped improving.
 *
 * After more than `patience` steps without improvement: lr ← max(factor · lr, minLr), unless that changes it by
 * `eps` or less; then `cooldown` steps count nothing as bad. An improvement, in mode 'min', is
 * metric < best · (1 − threshold) with thresholdMode 'rel', best − threshold with 'abs', best − threshold · |best|
 * with 'rel-abs'; in mode 'max', metric > best · (1 + threshold), best + threshold, best + threshold · |best|.
 *
 * Options: `mode` ('min' or 'max', default 'min'); `factor` (in [0, 1), default 0.1); `patience` (integer ≥ 0,
 * in steps, default 10); `threshold` (≥ 0, default 1e-4); `thresholdMode` (default 'rel'); `cooldown`
 * (integer ≥ 0, in steps, default 0); `minLr` (a rate ≥ 0, or one a group, default 0); `eps` (≥ 0, default 1e-8).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.ReduceLROnPlateau`, whose 'rel' takes a slightly worse negative
 * metric for an improvement: use 'rel-abs' there. A NaN metric counts as bad, as PyTorch's, and is reported.
 *
 * ```ts
 * import { ReduceLROnPlateau, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new ReduceLROnPlateau(opt, { factor: 0.5, patience: 1 })
 * scheduler.step(1) // { improved: true, nan: false, reduced: false }
 * scheduler.step(1)
 * scheduler.step(1) // { improved: false, nan: false, reduced: true }
 * opt.groups[0].lr // 0.05
 * ```
 */
export class ReduceLROnPlateau {
  readonly optimizer: Scheduled
  /** That `step` takes a metric, for loops. */
  readonly needsMetric = true
  readonly #settings: ReturnType<typeof checkSettings>
  #best: number
  #badSteps = 0
  #cooldown = 0
  #last: readonly number[]

  constructor(optimizer: Scheduled, options?: ReduceLROnPlateauOptions) {
    this.optimizer = checkOptimizer('ReduceLROnPlateau', optimizer)
    this.#settings = checkSettings(options, optimizer.groups.length)
    this.#best = this.#settings.worst
    this.#last = readRates(optimizer)
  }

  /** The rates after this scheduler's last step, one a group. */
  get lastLr(): number[] {
    return [...this.#last]
  }

  /** The best metric so far; infinite before the first. */
  get best(): number {
    return this.#best
  }

  /** Steps in a row without improvement, outside of cooldown. */
  get badSteps(): number {
    return this.#badSteps
  }

  /** Takes the metric of one more step (commonly an epoch's validation loss) and lowers the rates if it is time. */
  step(metric: number): PlateauInfo {
    if (typeof metric !== 'number') throw kindError('ReduceLROnPlateau: metric', 'a number', metric)
    const { patience, cooldown } = this.#settings
    const improved = this.#isBetter(metric)
    const cooling = this.#cooldown > 0
    const bad = improved || cooling ? 0 : this.#badSteps + 1
    const due = bad > patience
    const before = readRates(this.optimizer)
    if (due) {
      const after = before.map((lr, i) => this.#reduced(lr, i))
      writeRates('ReduceLROnPlateau', this.optimizer, after)
    }
    this.#last = readRates(this.optimizer)
    if (improved) this.#best = metric
    this.#badSteps = due ? 0 : bad
    this.#cooldown = due ? cooldown : Math.max(0, this.#cooldown - 1)
    return { improved, nan: Number.isNaN(metric), reduced: before.some((lr, i) => lr !== this.#last[i]) }
  }

  /** The progress as plain JSON-able data; the options are not part of it. */
  stateDict(): SchedulerState {
    return {
      kind: 'ReduceLROnPlateau',
      // JSON has no infinities.
      best: Number.isFinite(this.#best) ? this.#best : String(this.#best),
      badSteps: this.#badSteps,
      cooldown: this.#cooldown,
      groups: this.#last.map((rate, i) => ({ rate, lr: this.optimizer.groups[i].lr })),
    }
  }

  /** Resumes from the `stateDict()` of one with the same options; sets the groups' rates to the saved ones. */
  loadStateDict(state: unknown): void {
    const read = stateReader('ReduceLROnPlateau', state)
    const best = checkBest(read.field('best'))
    const badSteps = read.count('badSteps')
    const cooldown = read.count('cooldown')
    const groups = read.rows('groups', this.#last.length, { rate: { min: 0 }, lr: { min: 0 } })
    writeRates(
      'ReduceLROnPlateau',
      this.optimizer,
      groups.map((group) => group.lr),
    )
    this.#best = best
    this.#badSteps = badSteps
    this.#cooldown = cooldown
    this.#last = groups.map((group) => group.rate)
  }

  #reduced(lr: number, group: number): number {
    const { factor, minLr, eps } = this.#settings
    const lower = Math.max(lr * factor, minLr[group])
    return lr - lower > eps ? lower : lr
  }

  #isBetter(metric: number): boolean {
    const { sign, threshold, thresholdMode } = this.#settings
    const best = this.#best
    // Any number beats no number, also where ∞ − threshold · ∞ would be NaN.
    if (!Number.isFinite(best)) return sign * metric > sign * best
    if (thresholdMode === 'rel') return sign * metric > sign * (best * (1 + sign * threshold))
    const margin = thresholdMode === 'abs' ? threshold : threshold * Math.abs(best)
    return sign * metric > sign * (best + sign * margin)
  }
}

const names = ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps']

function checkSettings(options: unknown, groups: number) {
  const who = 'ReduceLROnPlateau'
  const given = checkOptions(who, options, names)
  const { mode = 'min', threshold = 1e-4, thresholdMode = 'rel' } = given
  const { factor = 0.1, patience = 10, cooldown = 0, minLr = 0, eps = 1e-8 } = given
  const rising = checkOneOf(`${who}: mode`, mode, modes) === 'max'
  return {
    /** +1 when higher is better. */
    sign: rising ? 1 : -1,
    worst: rising ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    factor: checkNumber(`${who}: factor`, factor, { min: 0, max: 1, openMax: true }),
    patience: checkInteger(`${who}: patience`, patience, 0),
    threshold: checkNumber(`${who}: threshold`, threshold, { min: 0 }),
    thresholdMode: checkOneOf(`${who}: thresholdMode`, thresholdMode, thresholdModes),
    cooldown: checkInteger(`${who}: cooldown`, cooldown, 0),
    minLr: checkPerGroup(`${who}: minLr`, minLr, groups),
    eps: checkNumber(`${who}: eps`, eps, { min: 0 }),
  }
}

function checkBest(value: unknown): number {
  if (value === 'Infinity' || value === '-Infinity') return Number(value)
  return checkNumber('ReduceLROnPlateau: state.best', value)
}
