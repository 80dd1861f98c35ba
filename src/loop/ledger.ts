// What a run of `fit` has measured so far: the epoch under way, the history, the best epoch.
import { improves, type Mode, worst } from '../early-stopping'
import type { FitProgress, FitResult, FitRow } from '../fit'
import { type Metrics, metricAt } from './metrics'

export class Ledger {
  readonly history: FitRow[] = []
  best: FitResult['best'] = null
  epoch = 0
  /** Steps taken and steps skipped. */
  steps = 0
  skipped = 0
  /** The learning rate of the last step. */
  lr = Number.NaN
  /** Examples whose loss this epoch counts. */
  examples = 0
  /** The largest gradient norm of this epoch; null when none was measured. */
  gradNorm: number | null = null
  private lossSum = 0
  private readonly started = performance.now()

  constructor(
    private readonly monitor: string,
    private readonly mode: Mode,
  ) {}

  startEpoch(): void {
    this.epoch++
    this.lossSum = 0
    this.examples = 0
    this.gradNorm = null
  }

  addLoss(loss: number, examples: number): void {
    this.lossSum += loss * examples
    this.examples += examples
  }

  addGradNorm(norm: number): void {
    this.gradNorm = Math.max(this.gradNorm ?? 0, norm)
  }

  endEpoch(validation: Metrics | null): FitRow {
    const { epoch, steps: step, gradNorm, lr } = this
    const row = { epoch, step, loss: this.loss(), gradNorm, lr, validation, seconds: this.seconds() }
    this.history.push(row)
    const value = metricAt(row, this.monitor)
    if (value !== undefined && improves(this.mode, value, this.best?.value ?? worst(this.mode))) {
      this.best = { metric: this.monitor, value, epoch, step }
    }
    return row
  }

  /** The mean loss of the epoch so far; NaN when nothing was counted. */
  loss(): number {
    return this.lossSum / this.examples
  }

  seconds(): number {
    return (performance.now() - this.started) / 1000
  }

  progress(row: FitRow | null, epochs: number, planned: number, maxSeconds: number): FitProgress {
    const { epoch, lr } = this
    const seconds = this.seconds()
    const done = this.steps + this.skipped
    const left = done === 0 ? Number.POSITIVE_INFINITY : (seconds / done) * (planned - done)
    const eta = Math.max(0, Math.min(left, maxSeconds - seconds))
    return { epoch, epochs, step: done, steps: planned, loss: this.loss(), lr, seconds, eta, row }
  }
}
