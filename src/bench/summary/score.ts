// Which of two runs of one problem is better: the rule that picks learning rates and names winners.
import { defaultMonitor, metricAt } from '../../loop/metrics'
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
 * Negative when a is better: runs that reached the target come first, by their steps; then those that missed it, by
 * their final value; then what diverged or failed. At equal steps the final value decides.
 */
export function compareRuns(a: RunRecord, b: RunRecord, target: Target | null): number {
  const byOutcome = Number(a.outcome !== 'finished') - Number(b.outcome !== 'finished')
  if (byOutcome !== 0) return byOutcome
  const [stepsA, stepsB] = [a, b].map(({ stepsToTarget }) => stepsToTarget ?? Number.MAX_SAFE_INTEGER)
  if (stepsA !== stepsB) return stepsA - stepsB
  const metric = valueName(target, a.validation)
  const sign = target?.mode === 'max' ? -1 : 1
  const [valueA, valueB] = [a, b].map((run) => {
    const value = finalValue(run, metric)
    return value === null ? Number.MAX_VALUE : sign * value
  })
  return valueA - valueB || a.options.lr - b.options.lr
}

/** The best run's setting; undefined when none finished. */
export function bestOf(runs: readonly RunRecord[], target: Target | null): RunRecord | undefined {
  const [best] = runs
    .filter(({ outcome }) => outcome === 'finished')
    .sort((a, b) => compareRuns(a, b, target))
  return best
}
