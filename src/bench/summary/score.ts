// Which of two runs of one problem is better.
import { defaultMonitor, metricAt, reaches } from '../../loop/metrics'
import type { Target } from '../../problem'
import type { RunRecord } from '../records'

/** What is compared at the end: the target's metric, else the validation loss, else the training loss. */
export function valueName(target: Target | null, validation: Record<string, number> | null): string {
  return target?.metric ?? defaultMonitor(validation)
}

/** The final value of a metric, `'loss'` or `'validation.<name>'`. */
export function finalValue(run: RunRecord, metric: string): number | null {
  const loss = run.finalLoss ?? Number.NaN
  const value = metricAt({ loss, validation: run.validation }, metric)
  return value !== undefined && Number.isFinite(value) ? value : null
}

/**
 * Negative when a is better: runs that finished come first; among them those that are at the target when they end, since
 * one that only touched it was lucky; then the fewest steps to it; then the best final value.
 */
export function compareRuns(a: RunRecord, b: RunRecord, target: Target | null): number {
  const byOutcome = Number(a.outcome !== 'finished') - Number(b.outcome !== 'finished')
  if (byOutcome !== 0) return byOutcome
  const metric = valueName(target, a.validation)
  const [valueA, valueB] = [a, b].map((run) => finalValue(run, metric))
  const misses = (value: number | null) =>
    Number(target === null || value === null || !reaches(target, value))
  const byEnd = misses(valueA) - misses(valueB)
  if (byEnd !== 0) return byEnd
  const [stepsA, stepsB] = [a, b].map(({ stepsToTarget }) => stepsToTarget ?? Number.MAX_SAFE_INTEGER)
  if (stepsA !== stepsB) return stepsA - stepsB
  const sign = target?.mode === 'max' ? -1 : 1
  const cost = (value: number | null) => (value === null ? Number.MAX_VALUE : sign * value)
  return cost(valueA) - cost(valueB) || a.options.lr - b.options.lr || (a.id < b.id ? -1 : 1)
}
