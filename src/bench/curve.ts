// What is noted of one run while it goes: at most 200 points of loss and metric, and when the target was reached.
import { metricAt, reaches } from '../loop/metrics'
import type { Target } from '../problem'
import type { BenchProblem } from '../problems/index'

const POINTS = { plain: 199, validated: 60 }

/** Steps between two points. */
export function spacing(problem: BenchProblem, steps: number): number {
  return Math.ceil(steps / (problem.validate && problem.data ? POINTS.validated : POINTS.plain))
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)

/** Ten decimals of a float64 say more than any picture shows. */
const short = (value: number | null) => value && Number(value.toPrecision(8))

export class Curve {
  readonly step: number[] = []
  readonly loss: (number | null)[] = []
  readonly metric: (number | null)[] = []
  readonly trajectory: number[][] = []
  stepsToTarget: number | null = null
  secondsToTarget: number | null = null
  best = Number.POSITIVE_INFINITY

  constructor(private readonly target: Target | undefined) {}

  add(step: number, loss: number, validation: Record<string, number> | undefined, seconds: number): void {
    const { target } = this
    this.step.push(step)
    this.loss.push(short(finite(loss)))
    if (loss < this.best) this.best = loss
    if (target === undefined) return
    const metric = metricAt({ loss, validation: validation ?? null }, target.metric)
    this.metric.push(short(finite(metric)))
    if (metric !== undefined) this.look(step, metric, seconds)
  }

  /** Notes the first time that the target is reached. */
  look(step: number, metric: number, seconds: number): void {
    const { target } = this
    if (target === undefined || this.stepsToTarget !== null || !reaches(target, metric)) return
    this.stepsToTarget = step
    this.secondsToTarget = seconds
  }
}
