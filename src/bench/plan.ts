// What is to be done: the studies of a benchmark, and which run of a study comes next.

import { contenderOf } from './contenders'
import type { Done } from './done'
import { ofShard, type PlannedStudy, plannedStudies, timedOut } from './planned'
import type { Config, ProblemInfo, RunRecord, RunSpec } from './records'
import { runId } from './records'
import { settingsOf } from './search'
import { bestOf, LEADERS, leadersOf } from './summary/choice'

/** A problem × optimizer × schedule: tune at equal budgets, repeat the leaders, then the best setting over the seeds. */
export interface Study extends PlannedStudy {
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

/** Further seeds at which the best settings are tried before one is chosen. */
const REPEATS = 2

/** The backend check trains this share of a run. */
const CHECKED = 0.1

/** All studies, or those of the shard. */
export function studiesOf(config: Config): Study[] {
  const { search, trials, seeds, shard } = config
  return ofShard(plannedStudies(config), shard).map((study) => ({ ...study, search, trials, seeds }))
}

function tuneJobs({ problem, optimizer, schedule, search, trials }: Study): Job[] {
  const { name, length, batchSize } = problem
  const { space } = contenderOf(optimizer)
  // Decay pulls to the origin, where many landscapes have their minimum: it would find what the gradient should.
  // Whatever decays by default has the axis.
  const fixed: Record<string, number> =
    problem.kind !== 'data' && 'weightDecay' in space ? { weightDecay: 0 } : {}
  return settingsOf(space, search, trials).map((found) => {
    const options = { ...found, ...fixed }
    const spec = { problem: name, optimizer, options, schedule, seed: TUNING_SEED, length, batchSize }
    return jobOf('tune', spec, TUNING_SEED)
  })
}

/** At seeds that the final runs leave alone; none where there is nothing to choose. */
function repeatJobs({ seeds }: Study, leaders: readonly RunRecord[]): Job[] {
  if (leaders.length < 2) return []
  const jobs = Array.from({ length: REPEATS }, (_, i) =>
    leaders.map((leader) => jobOf('repeat', leader, seeds + 1 + i)),
  )
  return jobs.flat()
}

/** Everything, in order; each part is known once those before it are done. */
function* jobsOf(study: Study, done: Done): Generator<Job> {
  const { target } = study.problem
  yield* tuneJobs(study)
  yield* repeatJobs(study, leadersOf(done.runs, target))
  const best = bestOf(done.runs, target)
  if (best === undefined) return
  for (let seed = 1; seed <= study.seeds; seed++) yield jobOf('final', best, seed)
  yield jobOf('check', best, 1, Math.max(1, Math.round(CHECKED * best.length)))
}

/** What comes next; undefined when nothing does. */
export function nextJob(study: Study, done: Done): Job | undefined {
  if (timedOut(done.runs)) return undefined
  for (const job of jobsOf(study, done)) {
    if (!done.has(job.phase === 'check' ? 'check' : 'run', job.id)) return job
  }
  return undefined
}

/** Runs that a study may take. */
export const runsOf = ({ trials, seeds }: Study) => trials + REPEATS * Math.min(LEADERS, trials) + seeds

function jobOf(phase: Job['phase'], run: RunSpec, seed: number, length = run.length): Job {
  const { problem, optimizer, options, schedule, batchSize } = run
  const spec = { problem, optimizer, options, schedule, seed, length, batchSize }
  return { phase, id: runId(spec), spec }
}

/** What a run weighs in the progress: about nanoseconds. */
export function weight({ steps, parameters, batchSize }: ProblemInfo): number {
  return steps * (1000 + 4 * parameters * (batchSize ?? 1))
}
