// Which studies a benchmark has, as its header tells: every problem × optimizer × schedule, but for what cannot be.
import { type Config, type ProblemInfo, type RunRecord, studyName } from './records'

export interface PlannedStudy {
  readonly name: string
  readonly problem: ProblemInfo
  readonly optimizer: string
  readonly schedule: string
}

/** A study whose runs take too long is given up. */
export const TIMEOUTS = 2

export const timedOut = (runs: readonly RunRecord[]) =>
  runs.filter(({ outcome }) => outcome === 'timeout').length >= TIMEOUTS

/** All of them, whatever the shard. */
export function plannedStudies({ problems, optimizers, schedules }: Config): PlannedStudy[] {
  const studies: PlannedStudy[] = []
  for (const problem of problems) {
    for (const optimizer of optimizers) {
      if (problem.leftOut.includes(optimizer)) continue
      for (const schedule of schedules) {
        studies.push({ name: studyName(problem.name, optimizer, schedule), problem, optimizer, schedule })
      }
    }
  }
  return studies
}

/** Every n-th, from the i-th, for the shard 'i/n'; all for null. */
export function ofShard<T>(studies: readonly T[], shard: string | null): T[] {
  if (shard === null) return [...studies]
  const [i, n] = shard.split('/').map(Number)
  return studies.filter((_, k) => k % n === i - 1)
}

/** Whether nothing is left to train, going by numbers: the settings that were tried may be those of another version. */
export function isDone(runs: readonly RunRecord[], { trials, seeds }: Config): boolean {
  if (timedOut(runs)) return true
  const tune = runs.filter(({ phase }) => phase === 'tune')
  const final = runs.filter(({ phase }) => phase === 'final')
  const chosen = tune.some(({ outcome }) => outcome === 'finished')
  return tune.length >= trials && (!chosen || final.length >= seeds)
}
