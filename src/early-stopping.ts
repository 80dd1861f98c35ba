// Early stopping as Keras' EarlyStopping does it: patience, minimum change, baseline, and the best weights restored.
import { checkBoolean, checkInteger, checkNumber, checkOneOf, checkOptions, kindError } from './check'

/** Names and meanings of Keras 3's `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /**
   * The metric watched: `'loss'` or `'validation.<name>'`. Default: `'validation.loss'`, or `'loss'` when the
   * problem's validation reports no loss.
   */
  monitor?: string
  /** Whether lower or higher is better. Default `'auto'`: `'max'` for names that end in acc, accuracy or auc. */
  mode?: 'auto' | 'min' | 'max'
  /** The least change that counts as an improvement, in the metric's unit, ≥ 0. Default 0. */
  minDelta?: number
  /** Stops at this many looks in a row without improvement; an integer ≥ 0. Default 0. */
  patience?: number
  /** The first epochs that are not looked at, an integer ≥ 0. Default 0. */
  startFromEpoch?: number
  /**
   * Ends the run as it was after the best epoch instead of the last: parameters, and the optimizer's state with them, so
   * that averages and schedule-free rules evaluate what was best; hyper-parameters stay. Default false.
   */
  restoreBestWeights?: boolean
  /** An improvement resets the patience only if it is better than this, too. Default: none. */
  baseline?: number
}

export type Mode = 'min' | 'max'

const KNOWN = ['monitor', 'mode', 'minDelta', 'patience', 'startFromEpoch', 'restoreBestWeights', 'baseline']

/** Throws unless the options are valid. */
export function checkEarlyStopping(who: string, value: unknown): EarlyStoppingOptions {
  const options = checkOptions(who, value, KNOWN) as EarlyStoppingOptions
  const { monitor, mode, minDelta, patience, startFromEpoch, restoreBestWeights, baseline } = options
  if (monitor !== undefined && typeof monitor !== 'string') {
    throw kindError(`${who}.monitor`, 'a string', monitor)
  }
  if (mode !== undefined) checkOneOf(`${who}.mode`, mode, ['auto', 'min', 'max'])
  if (minDelta !== undefined) checkNumber(`${who}.minDelta`, minDelta, { min: 0 })
  if (patience !== undefined) checkInteger(`${who}.patience`, patience, 0)
  if (startFromEpoch !== undefined) checkInteger(`${who}.startFromEpoch`, startFromEpoch, 0)
  if (restoreBestWeights !== undefined) checkBoolean(`${who}.restoreBestWeights`, restoreBestWeights)
  if (baseline !== undefined) checkNumber(`${who}.baseline`, baseline)
  return options
}

/** Whether lower or higher is better for a metric of this name. */
export function modeOf(metric: string): Mode {
  return /(acc|accuracy|auc)$/i.test(metric) ? 'max' : 'min'
}

/** What every value of a metric beats. */
export function worst(mode: Mode): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** Whether `value` beats `reference` by more than `minDelta`; NaN never does. */
export function improves(mode: Mode, value: number, reference: number, minDelta = 0): boolean {
  return mode === 'min' ? value + minDelta < reference : value - minDelta > reference
}

/** Watches one metric and says when to stop. */
export class EarlyStopping {
  private wait = 0
  private best: number
  private kept = false

  constructor(
    private readonly options: EarlyStoppingOptions,
    private readonly mode: Mode,
    /** Undefined: nothing is to be restored. */
    private readonly snapshot: { take(): void; restore(): void } | undefined,
  ) {
    this.best = worst(mode)
  }

  /** Looks at the metric after an epoch, counted from 1; true when it is time to stop. */
  update(epoch: number, value: number | undefined): boolean {
    const { minDelta = 0, patience = 0, startFromEpoch = 0, baseline } = this.options
    if (value === undefined || epoch <= startFromEpoch) return false
    if (!this.kept) this.keep()
    this.wait++
    if (improves(this.mode, value, this.best, minDelta)) {
      this.best = value
      this.keep()
      if (baseline === undefined || improves(this.mode, value, baseline, minDelta)) this.wait = 0
      return false
    }
    return this.wait >= patience && epoch > 1
  }

  /** Puts the best weights back, if asked for and any were seen. */
  restore(): void {
    if (this.kept) this.snapshot?.restore()
  }

  private keep(): void {
    this.snapshot?.take()
    this.kept = true
  }
}
