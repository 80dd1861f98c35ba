// One run of `fit`: the loop over epochs and batches, and the rules that end it.
import { EarlyStopping, modeOf } from '../early-stopping'
import type { FitResult, FitRow } from '../fit'
import type { Problem } from '../problem'
import { type Batches, createBatches } from './batches'
import { allFinite, Gradient, norm } from './gradient'
import { Ledger } from './ledger'
import { checkMetric, checkMetrics, defaultMonitor, type Metrics, metricAt, reaches } from './metrics'
import { evaluated, type Model, takeStep } from './model'
import { createPacer, type Pacer } from './pacer'
import type { Settings } from './settings'
import { snapshotOf } from './snapshot'
import { brief, done, plural, type Verdict } from './verdict'
import { expectGradients, findNaN } from './written'

export class Run {
  private readonly batches: Batches
  private readonly gradient: Gradient
  private readonly ledger: Ledger
  private readonly pacer: Pacer = createPacer()
  private readonly monitor: string
  private readonly stopper: EarlyStopping | undefined
  private readonly stepsPerEpoch: number
  private epochs = 0

  constructor(
    private readonly problem: Problem,
    private readonly model: Model,
    private readonly settings: Settings,
  ) {
    const { batchSize, shuffleSeed, accumulate, earlyStopping, target } = settings
    model.optimizer.train()
    const validation = this.validate()
    this.monitor = earlyStopping?.monitor ?? defaultMonitor(validation)
    checkMetric('fit: earlyStopping.monitor', this.monitor, validation)
    if (target !== undefined) checkMetric('fit: target.metric', target.metric, validation)
    const { mode = 'auto' } = earlyStopping ?? {}
    const direction = mode === 'auto' ? modeOf(this.monitor) : mode
    this.ledger = new Ledger(this.monitor, direction)
    if (earlyStopping)
      this.stopper = new EarlyStopping(earlyStopping, direction, snapshotOf(model, earlyStopping))
    this.batches = createBatches(problem.data?.train, batchSize, shuffleSeed)
    this.gradient = new Gradient(problem, model.params, model.grads, accumulate)
    this.stepsPerEpoch = Math.ceil(this.batches.perEpoch / accumulate)
  }

  async train(): Promise<FitResult> {
    expectGradients(this.model)
    let verdict: Verdict | undefined
    while (verdict === undefined) verdict = await this.runEpoch()
    this.stopper?.restore()
    const { epochs, ledger } = this
    const { steps, skipped, history, best } = ledger
    const loss = history.at(-1)?.loss ?? Number.NaN
    return { ...verdict, epochs, steps, skipped, loss, history, best, seconds: ledger.seconds() }
  }

  private async runEpoch(): Promise<Verdict | undefined> {
    let verdict = this.interrupted()
    if (verdict !== undefined) return verdict
    this.ledger.startEpoch()
    let batches = 0
    for (const batch of this.batches.epoch()) {
      this.gradient.add(batch)
      const last = ++batches === this.batches.perEpoch
      if (last || this.gradient.count === this.settings.accumulate) verdict = this.takeStep()
      if (this.pacer.due()) await this.breathe()
      if (!last) verdict ??= this.interrupted()
      if (verdict !== undefined) break
    }
    return this.endEpoch(batches === this.batches.perEpoch, verdict)
  }

  /** What ends the run from outside, between two batches. */
  private interrupted(): Verdict | undefined {
    const { signal, maxSeconds } = this.settings
    const after = `after ${plural(this.ledger.steps, 'step')}`
    if (signal?.aborted) return { reason: 'aborted', message: `The signal was aborted ${after}.` }
    if (this.ledger.seconds() < maxSeconds) return undefined
    return { reason: 'max-seconds', message: `The time of ${brief(maxSeconds)} s was over ${after}.` }
  }

  private takeStep(): Verdict | undefined {
    const { ledger, settings } = this
    const { optimizer } = this.model
    const { stepOptions, gradTolerance, maxSteps } = settings
    const { loss, examples, again } = this.gradient.finish()
    if (Number.isFinite(loss) || !stepOptions.skipNonFinite) ledger.addLoss(loss, examples)
    if (!stepOptions.skipNonFinite) {
      if (!Number.isFinite(loss)) return this.diverged(`The loss became ${loss}`)
      const element = ledger.steps === 0 ? findNaN(this.model.grads) : undefined
      if (element) return this.diverged(`${element} was NaN, or never written,`)
    }
    if (gradTolerance !== undefined || stepOptions.clipNorm !== undefined) {
      ledger.addGradNorm(norm(this.model.grads))
      // With one step an epoch this gradient decides alone: stay where it vanishes.
      if (this.stepsPerEpoch === 1 && this.gradientVanished()) return undefined
    }
    ledger.lr = optimizer.groups[0].lr
    if (takeStep(this.model, loss, again, stepOptions).skipped) ledger.skipped++
    else {
      ledger.steps++
      if (settings.schedulerInterval === 'step') settings.scheduler?.step()
    }
    if (ledger.steps + ledger.skipped < maxSteps) return undefined
    return { reason: 'max-steps', message: done(maxSteps, 'allowed step') }
  }

  private gradientVanished(): boolean {
    const { gradNorm } = this.ledger
    return gradNorm !== null && gradNorm <= (this.settings.gradTolerance ?? -1)
  }

  /** Writes the history row and applies the rules that look at whole epochs. */
  private async endEpoch(complete: boolean, pending: Verdict | undefined): Promise<Verdict | undefined> {
    const { ledger, settings } = this
    const { epochs, validateEvery } = settings
    const interrupted = pending !== undefined && pending.reason !== 'max-steps'
    if (interrupted && ledger.examples === 0) return pending
    if (complete) this.epochs++
    const final = pending !== undefined || ledger.epoch === epochs || this.gradientVanished()
    const validation = !interrupted && (final || ledger.epoch % validateEvery === 0) ? this.validate() : null
    const row = ledger.endEpoch(validation)
    const verdict = interrupted ? pending : (this.judge(row, complete) ?? pending)
    if (complete && verdict?.reason !== 'diverged') this.stepScheduler(row)
    this.report(row)
    if (this.pacer.due()) await this.pacer.yield()
    if (verdict !== undefined || ledger.epoch < epochs) return verdict
    return { reason: 'completed', message: done(epochs, 'epoch') }
  }

  private judge(row: FitRow, complete: boolean): Verdict | undefined {
    const { target, gradTolerance, earlyStopping } = this.settings
    if (!Number.isFinite(row.loss)) return this.diverged('No loss was finite')
    if (!allFinite(this.model.params)) return this.diverged('A parameter stopped being finite')
    // Part of an epoch says little about the training loss.
    const value = target && (complete || target.metric !== 'loss') ? metricAt(row, target.metric) : undefined
    if (target !== undefined && value !== undefined && reaches(target, value)) {
      const message = `${target.metric} reached ${brief(value)} in epoch ${row.epoch}; the target was ${target.value}.`
      return { reason: 'target', message }
    }
    if (!complete) return undefined
    if (this.stopper?.update(row.epoch, metricAt(row, this.monitor))) {
      const message = `${this.monitor} did not improve for ${plural(Math.max(1, earlyStopping?.patience ?? 0), 'epoch')}.`
      return { reason: 'early-stopping', message }
    }
    if (!this.gradientVanished()) return undefined
    const text = `${brief(this.ledger.gradNorm ?? 0)}; ${gradTolerance} is the tolerance`
    return { reason: 'gradient', message: `The gradient's norm is ${text}.` }
  }

  private stepScheduler(row: FitRow): void {
    const { scheduler, schedulerInterval } = this.settings
    if (scheduler === undefined || schedulerInterval === 'step') return
    const metric = metricAt(row, this.monitor)
    if (!scheduler.needsMetric) scheduler.step()
    else if (metric !== undefined) scheduler.step(metric)
  }

  private validate(): Metrics | null {
    const { problem, model } = this
    if (problem.validate === undefined) return null
    const metrics = evaluated(model, () => problem.validate?.(model.params))
    return checkMetrics(`fit: ${problem.name}`, metrics)
  }

  private diverged(what: string): Verdict {
    const { epoch, steps } = this.ledger
    return { reason: 'diverged', message: `${what} in epoch ${epoch}, after ${plural(steps, 'step')}.` }
  }

  private report(row: FitRow | null): void {
    const { epochs, maxSteps, maxSeconds, onProgress } = this.settings
    const planned = Math.min(epochs * this.stepsPerEpoch, maxSteps)
    onProgress?.(this.ledger.progress(row, epochs, planned, maxSeconds))
  }

  private async breathe(): Promise<void> {
    this.report(null)
    await this.pacer.yield()
  }
}
