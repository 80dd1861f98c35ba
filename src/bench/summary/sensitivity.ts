// How much the learning rate matters: what every setting of the search came to.
import type { Results, RunRecord } from '../records'
import { finalValue } from './score'
import type { StudySummary } from './studies'

export interface SensitivityPoint {
  lr: number
  options: Record<string, number>
  outcome: RunRecord['outcome']
  /** The final value of `StudySummary.valueName`; null when the run did not finish. */
  value: number | null
  stepsToTarget: number | null
}

export interface Sensitivity {
  study: string
  problem: string
  optimizer: string
  schedule: string
  valueName: string
  /** By rate, ascending. */
  points: SensitivityPoint[]
  /** Settings that reached the target (without a target: that finished), of all that were tried. */
  works: number
}

export function learningRateSensitivity(results: Results, studies: readonly StudySummary[]): Sensitivity[] {
  return studies.map(({ study, problem, optimizer, schedule, valueName, target }) => {
    const points = results.runs
      .filter((run) => run.study === study && run.phase === 'tune')
      .sort((a, b) => a.options.lr - b.options.lr)
      .map((run) => ({
        lr: run.options.lr,
        options: run.options,
        outcome: run.outcome,
        value: run.outcome === 'finished' ? finalValue(run, valueName) : null,
        stepsToTarget: run.outcome === 'finished' ? run.stepsToTarget : null,
      }))
    const works = points.filter(({ outcome, stepsToTarget }) =>
      target === null ? outcome === 'finished' : stepsToTarget !== null,
    ).length
    return { study, problem, optimizer, schedule, valueName, points, works }
  })
}
