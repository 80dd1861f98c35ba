// One run: trains one problem with one setting at one seed, and measures what came of it.
import type { LoopOptimizer } from 'cauchy'
import { createBatches } from '../loop/batches'
import { allFinite, evaluate } from '../loop/gradient'
import { metricAt } from '../loop/metrics'
import { evaluated, type Model, takeStep } from '../loop/model'
import { expectGradients, findNaN } from '../loop/written'
import type { Tensors } from '../problem'
import type { BenchProblem } from '../problems/index'
import { type BackendName, contenderOf, type Start } from './contenders'
import { Curve, spacing } from './curve'
import { stepsOf } from './open'
import { fingerprint, type Outcome } from './outcome'
import type { RunRecord, RunSpec } from './records'
import { scheduleOf } from './schedules'
import { valueName } from './summary/score'
import { metricName } from './summary/words'

type Verdict = Pick<RunRecord, 'outcome' | 'reason'>

const diverged = (reason: string): Verdict => ({ outcome: 'diverged', reason })

export function trainOnce(
  problem: BenchProblem,
  spec: RunSpec,
  backend: BackendName,
  timeLimit: number,
): Outcome {
  const run = new Run(problem, spec, backend)
  run.train(timeLimit)
  return run.outcome()
}

class Run {
  private readonly optimizer: LoopOptimizer
  private readonly model: Model
  private readonly curve: Curve
  private readonly seconds = { gradient: 0, optimizer: 0 }
  private readonly all: Uint32Array | undefined
  private initialLoss = Number.NaN
  private finalLoss = Number.NaN
  private validation: Record<string, number> | undefined
  private steps = 0
  private verdict: Verdict = { outcome: 'finished', reason: null }

  constructor(
    private readonly problem: BenchProblem,
    private readonly spec: RunSpec,
    backend: BackendName,
  ) {
    const params = problem.params(spec.seed)
    const { optimizer, schedule, options } = spec
    this.optimizer = contenderOf(optimizer).create(withShapes(problem, params), options, backend)
    this.model = {
      optimizer: this.optimizer,
      params,
      grads: this.optimizer.grads as Tensors,
    }
    this.curve = new Curve(problem.target)
    this.all = problem.data && Uint32Array.from({ length: problem.data.train }, (_, i) => i)
    this.optimizer.train()
    // A rule that starts from a rate of its own keeps it: the schedule scales what the setting says.
    this.baseRates = this.optimizer.groups.map(({ lr }) => lr)
    this.plannedSteps = stepsOf(problem, spec.length, spec.batchSize)
    this.factor = scheduleOf(schedule).create(this.plannedSteps)
  }

  private readonly baseRates: number[]
  private readonly plannedSteps: number
  private readonly factor: (t: number) => number

  train(timeLimit: number): void {
    this.verdict = this.descend(timeLimit) ?? this.finish()
  }

  /** All steps; what broke them off, if anything did. */
  private descend(timeLimit: number): Verdict | undefined {
    const deadline = performance.now() + 1000 * timeLimit
    const { problem, spec, model } = this
    const total = this.plannedSteps
    const every = spacing(problem, total)
    const batches = createBatches(problem.data?.train, spec.batchSize ?? 1, spec.seed)
    expectGradients(model)
    this.initialLoss = this.wholeLoss()
    if (!Number.isFinite(this.initialLoss))
      throw new RangeError(`the loss at the start is ${this.initialLoss}`)
    const unwritten = findNaN(model.grads)
    if (unwritten !== undefined) {
      throw new RangeError(`${unwritten} is NaN at the start: lossAndGrad must write all of it at every call`)
    }
    this.note(this.initialLoss)
    const { name, value } = this.compared()
    if (Number.isNaN(value)) throw new RangeError(`the ${metricName(name)} at the start is NaN`)
    let [sum, count] = [0, 0]
    while (this.steps < total) {
      for (const batch of batches.epoch()) {
        const loss = this.step(batch)
        if (!Number.isFinite(loss)) return diverged(`the loss became ${loss} after ${this.steps} steps`)
        sum += loss
        count++
        if (performance.now() > deadline) {
          const reason = `took longer than ${timeLimit} s: ${this.steps} of ${total} steps were done`
          return { outcome: 'timeout', reason }
        }
        if (this.steps % every !== 0 && this.steps !== total) continue
        if (!allFinite(model.params)) return diverged(`a parameter was not finite after ${this.steps} steps`)
        // With data, a point is the mean over the batches since the last one.
        this.note(problem.data ? sum / count : this.wholeLoss())
        sum = 0
        count = 0
      }
    }
    return undefined
  }

  /** One step; returns the loss before it. */
  private step(batch: Uint32Array | undefined): number {
    const { problem, model, optimizer, seconds, curve } = this
    let gradient = 0
    const look = () => {
      const start = performance.now()
      const loss = evaluate(problem, model.params, model.grads, batch)
      gradient += performance.now() - start
      return loss
    }
    const loss = look()
    if (!Number.isFinite(loss)) return loss
    if (batch === undefined) {
      if (loss < curve.best) curve.best = loss
      if (problem.target?.metric === 'loss')
        curve.look(this.steps, loss, seconds.gradient + seconds.optimizer)
    }
    const start = performance.now()
    const before = gradient
    const factor = this.factor(this.steps)
    for (let i = 0; i < optimizer.groups.length; i++) optimizer.groups[i].lr = this.baseRates[i] * factor
    takeStep(model, loss, look, {})
    this.steps++
    seconds.optimizer += (performance.now() - start - (gradient - before)) / 1000
    seconds.gradient += gradient / 1000
    return loss
  }

  /** A point of the curve, at the parameters that would be used: those of evaluation. */
  private note(loss: number): void {
    const { problem, model, curve, seconds } = this
    this.validation = evaluated(model, () => problem.validate?.(model.params))
    curve.add(this.steps, loss, this.validation, seconds.gradient + seconds.optimizer)
    if (problem.view) curve.trajectory.push(Array.from(model.params.x, (x) => Number(x.toPrecision(8))))
  }

  /** Over all training examples. */
  private wholeLoss(): number {
    const { problem, model, all } = this
    return evaluated(model, () => evaluate(problem, model.params, model.grads, all))
  }

  /** What is compared at the end, as it was last measured. */
  private compared(): { name: string; value: number } {
    const { problem, validation = null, initialLoss } = this
    const name = valueName(problem.target ?? null, validation)
    return { name, value: metricAt({ loss: initialLoss, validation }, name) ?? Number.NaN }
  }

  private finish(): Verdict {
    const { initialLoss, model, problem, all } = this
    this.optimizer.eval()
    this.finalLoss = evaluate(problem, model.params, model.grads, all)
    if (!Number.isFinite(this.finalLoss)) return diverged(`the final loss is ${this.finalLoss}`)
    const { name, value } = this.compared()
    if (!Number.isFinite(value)) return diverged(`the final ${metricName(name)} is ${value}`)
    if (this.finalLoss <= initialLoss) return { outcome: 'finished', reason: null }
    const [from, to] = [initialLoss, this.finalLoss].map((loss) => Number(loss.toPrecision(4)))
    return diverged(`the loss ended higher than it began: ${to} > ${from}`)
  }

  outcome(): Outcome {
    const { curve, seconds, optimizer, validation } = this
    const { step, loss, metric } = curve
    const backend = (optimizer as { backend?: { name: string; isa: string } }).backend
    const measured = Object.entries(validation ?? {}).filter(([, value]) => Number.isFinite(value))
    const number = (value: number) => (Number.isFinite(value) ? value : null)
    return {
      ...this.verdict,
      backend: backend?.name ?? '',
      isa: backend?.isa ?? '',
      hash: this.verdict.outcome === 'timeout' ? null : fingerprint(this.model.params),
      initialLoss: number(this.initialLoss),
      finalLoss: number(this.finalLoss),
      bestLoss: number(curve.best),
      validation: validation ? Object.fromEntries(measured) : null,
      curve: { step, loss, metric },
      trajectory: this.problem.view ? curve.trajectory : null,
      stepsToTarget: curve.stepsToTarget,
      secondsToTarget: curve.secondsToTarget,
      seconds: { total: seconds.gradient + seconds.optimizer, ...seconds },
      steps: this.steps,
    }
  }
}

/** Arrays with the shapes that the problem tells. */
export function withShapes(problem: BenchProblem, params: Tensors): Start {
  return Object.fromEntries(
    Object.entries(params).map(([name, data]) => [
      name,
      { data, shape: [...(problem.shapes?.[name] ?? [data.length])] },
    ]),
  )
}
