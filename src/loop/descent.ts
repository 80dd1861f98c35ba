// One run of `minimize`: evaluate, apply the stopping rules, step.
import { kindError } from '../check'
import { improves } from '../early-stopping'
import type { MinimizeResult } from '../minimize'
import type { Tensors } from '../problem'
import { norm } from './gradient'
import type { MinimizeSettings } from './minimize-settings'
import { checkOver, copy, evaluated, type LoopOptimizer, type Model, openOptimizer, takeStep } from './model'
import type { Objective } from './objective'
import { brief, done, plural } from './verdict'
import { expectGradients, findNaN } from './written'

type Result = MinimizeResult<unknown>

export class Descent {
  private readonly model: Model
  private steps = 0
  private evaluations = 0
  private loss = Number.NaN
  private gradNorm = Number.NaN
  /** The point with the lowest loss so far. */
  private best: { loss: number; gradNorm: number; x: Tensors } | undefined
  /** The loss that the next improvement must beat by minDelta, and the step at which it was seen. */
  private mark = { loss: Number.POSITIVE_INFINITY, step: 0 }

  constructor(
    private readonly objective: Objective,
    optimizer: LoopOptimizer,
    private readonly settings: MinimizeSettings,
  ) {
    this.model = openOptimizer('minimize', optimizer)
    checkOver('minimize', this.model.params, objective.params)
  }

  run(): Result {
    const { settings, model } = this
    const { optimizer } = model
    expectGradients(model)
    for (;;) {
      this.loss = this.evaluate()
      this.look()
      const result = this.judge()
      if (result !== undefined) return result
      if (settings.schedule !== undefined) {
        const lr = settings.schedule(this.steps)
        for (const group of optimizer.groups) group.lr = lr
      }
      takeStep(model, this.loss, () => this.evaluate(), settings.stepOptions)
      this.steps++
    }
  }

  private evaluate(): number {
    const loss = this.objective.evaluate(this.model.grads)
    if (typeof loss !== 'number') throw kindError('minimize: the loss returned', 'a number', loss)
    this.evaluations++
    return loss
  }

  private look(): void {
    const { loss } = this
    this.gradNorm = norm(this.model.grads)
    if (Number.isFinite(loss) && Number.isFinite(this.gradNorm)) this.remember()
  }

  private remember(): void {
    const { loss, gradNorm, steps, objective } = this
    if (improves('min', loss, this.mark.loss, this.settings.minDelta)) this.mark = { loss, step: steps }
    if (this.best !== undefined && this.best.loss <= loss) return
    const x = this.best?.x ?? copy(objective.params)
    for (const name in x) x[name].set(objective.params[name])
    this.best = { loss, gradNorm, x }
  }

  private judge(): Result | undefined {
    const { loss, gradNorm, steps, settings, objective } = this
    const after = `after ${plural(steps, 'step')}`
    if (!Number.isFinite(loss)) return this.end('diverged', `The loss became ${loss} ${after}.`)
    if (!Number.isFinite(gradNorm)) {
      const element = steps === 0 ? findNaN(this.model.grads) : undefined
      const text = element && `${element} is NaN at the start, or f did not write it.`
      return this.end('diverged', text ?? `The gradient's norm became ${gradNorm} ${after}.`)
    }
    const go = settings.onStep?.({ step: steps, loss, gradNorm, x: objective.shape(objective.params) })
    if (gradNorm <= settings.gradTolerance) {
      const message = `The gradient's norm is ${brief(gradNorm)} ${after}; ${settings.gradTolerance} is the tolerance.`
      this.best = { loss, gradNorm, x: objective.params }
      return this.end('gradient', message)
    }
    if (go === false) return this.end('aborted', `onStep returned false ${after}.`)
    if (steps - this.mark.step >= settings.patience) {
      return this.end('early-stopping', `The loss did not improve for ${plural(settings.patience, 'step')}.`)
    }
    if (steps < settings.maxSteps) return undefined
    return this.end('max-steps', done(steps, 'allowed step'))
  }

  /** The point that `eval()` shows, of optimizers that keep another than the one they train at. */
  private lookAtEvaluated(): void {
    const { params } = this.objective
    evaluated(this.model, (trained) => {
      const moved = (name: string) => params[name].some((x, i) => !Object.is(x, trained[name][i]))
      if (!Object.keys(params).some(moved)) return
      this.loss = this.evaluate()
      this.look()
    })
  }

  private end(reason: Result['reason'], message: string): Result {
    if (reason !== 'gradient' && reason !== 'diverged') this.lookAtEvaluated()
    const { objective, steps, evaluations } = this
    const { loss, gradNorm, x } = this.best ?? {
      loss: this.loss,
      gradNorm: this.gradNorm,
      x: objective.params,
    }
    return { reason, message, x: objective.shape(x), loss, gradNorm, steps, evaluations }
  }
}
