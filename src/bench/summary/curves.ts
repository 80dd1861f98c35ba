// Curves of several seeds as one: the median with its quartiles, point by point.
import type { RunRecord } from '../records'
import { type Quartiles, quartiles } from './statistics'

export interface Band {
  /** Points at the same steps in every run. */
  step: number[]
  loss: Quartiles[]
  /** The target's metric; quartiles of null where it was not measured. */
  metric: Quartiles[]
}

/** Over the steps that all of the runs have: a run that broke off shortens the band. */
export function bandOf(runs: readonly RunRecord[]): Band {
  const length = runs.length === 0 ? 0 : Math.min(...runs.map(({ curve }) => curve.step.length))
  const points = Array.from({ length }, (_, i) => i)
  const at = (key: 'loss' | 'metric') => points.map((i) => quartiles(runs.map(({ curve }) => curve[key][i])))
  return { step: runs[0]?.curve.step.slice(0, length) ?? [], loss: at('loss'), metric: at('metric') }
}
