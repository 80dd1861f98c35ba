// What is to be done: the studies of a benchmark, and which run of a study comes next.

import { contenderOf } from './contenders'
import type { Description } from './open'
import type { Config, ProblemInfo, RunRecord, RunSpec } from './records'
import { runId, studyName } from './records'
import { settingsOf } from './search'
import { bestOf } from './summary/score'

/** A problem × optimizer × schedule: tune at equal budgets, then the best setting over the seeds. */
export interface Study {
  readonly name: string
  readonly problem: ProblemInfo
  readonly optimizer: string
  readonly schedule: string
  readonly search: Config['search']
  readonly trials: number
  readonly seeds: number
}

export interface Job {
  readonly phase: RunRecord['phase'] | 'check'
  readonly id: string
  readonly spec: RunSpec
}

const TUNING_SEED = 0

/** A study whose runs take too long is given up. */
const TIMEOUTS = 2

/** The backend check trains this share of a run. */
const CHECKED = 0.1

/** All studies, or those of the shard: every n-th, from the i-th. */
export function studiesOf(config: Config, problems: readonly Description[]): Study[] {
  const { search, trials, seeds } = config
  const studies: Study[] = []
  for (const { matrices, ...problem } of problems) {
    for (const optimizer of config.optimizers) {
      if (contenderOf(optimizer).needsMatrices && !matrices) continue
      for (const schedule of config.schedules) {
        const name = studyName(problem.name, optimizer, schedule)
        studies.push({ name, problem, optimizer, schedule, search, trials, seeds })
      }
    }
  }
  if (config.shard === null) return studies
  const [i, n] = config.shard.split('/').map(Number)
  return studies.filter((_, k) => k % n === i - 1)
}

function tuneJobs({ problem, optimizer, schedule, search, trials }: Study): Job[] {
  const { name, length, batchSize } = problem
  const { space } = contenderOf(optimizer)
  // Decay pulls to the origin, where many landscapes have their minimum: it would find what the gradient should.
  const fixed: Record<string, number> =
    problem.kind !== 'data' && 'weightDecay' in space ? { weightDecay: 0 } : {}
  return settingsOf(space, search, trials).map((found) => {
    const options = { ...found, ...fixed }
    const spec = { problem: name, optimizer, options, schedule, seed: TUNING_SEED, length, batchSize }
    return { phase: 'tune', id: runId(spec), spec }
  })
}

/** What comes next when `runs` and `checks` are done; undefined when nothing does. */
export function nextJob(
  study: Study,
  runs: ReadonlyMap<string, RunRecord>,
  checks: ReadonlySet<string>,
): Job | undefined {
  const timeouts = [...runs.values()].filter(({ outcome }) => outcome === 'timeout').length
  if (timeouts >= TIMEOUTS) return undefined
  const tune = tuneJobs(study)
  const untried = tune.find(({ id }) => !runs.has(id))
  if (untried !== undefined) return untried
  const tried = tune.flatMap(({ id }) => runs.get(id) ?? [])
  const best = bestOf(tried, study.problem.target)
  if (best === undefined) return undefined
  for (let seed = 1; seed <= study.seeds; seed++) {
    const spec = specOf(best, seed, best.length)
    if (!runs.has(runId(spec))) return { phase: 'final', id: runId(spec), spec }
  }
  const spec = specOf(best, 1, Math.max(1, Math.round(CHECKED * best.length)))
  return checks.has(runId(spec)) ? undefined : { phase: 'check', id: runId(spec), spec }
}

function specOf({ problem, optimizer, options, schedule, batchSize }: RunSpec, seed: number, length: number) {
  return { problem, optimizer, options, schedule, seed, length, batchSize }
}

/** What a run weighs in the progress: about nanoseconds. */
export function weight({ steps, parameters, batchSize }: ProblemInfo): number {
  return steps * (1000 + 4 * parameters * (batchSize ?? 1))
}
