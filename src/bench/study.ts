// Works through one study, inside a worker: tells what it begins, and hands out every record as it ends.
import { setImmediate } from 'node:timers/promises'
import { backendInfo } from 'cauchy'
import { messageOf } from './blame'
import type { BackendName } from './contenders'
import { Done } from './done'
import { openProblem } from './open'
import { NOTHING, type Outcome } from './outcome'
import { type Job, nextJob, type Study } from './plan'
import { type BackendCheck, canonicalJson, type RunRecord, type StudyRecord } from './records'
import { trainOnce } from './run'

export interface StudyTask {
  readonly study: Study
  readonly done: readonly StudyRecord[]
  readonly backend: BackendName
  readonly timeLimit: number
  readonly serial: boolean
}

export type StudyEvent = { began: Job } | { ended: StudyRecord }

export async function runStudy(task: StudyTask, tell: (event: StudyEvent) => void): Promise<void> {
  const done = new Done(task.done)
  for (let job = nextJob(task.study, done); job !== undefined; job = nextJob(task.study, done)) {
    tell({ began: job })
    const record = job.phase === 'check' ? await check(task, job) : await run(task, job)
    // A promise that it left rejected crashes now, on its own account.
    await setImmediate()
    done.add(record)
    tell({ ended: record })
  }
}

async function run(task: StudyTask, job: Job): Promise<RunRecord> {
  try {
    const problem = await openProblem(task.study.problem)
    return runRecord(task, job, trainOnce(problem, job.spec, task.backend, task.timeLimit))
  } catch (error) {
    return brokenRun(task, job, 'failed', messageOf(error, task.study.problem.file))
  }
}

/** The record of a run that a crash or the time limit ended. */
const brokenRun = (task: StudyTask, job: Job, outcome: 'failed' | 'timeout', reason: string) =>
  runRecord(task, job, { ...NOTHING, outcome, reason })

/** The record of whatever was begun and never ended. */
export function broken(
  task: StudyTask,
  job: Job,
  outcome: 'failed' | 'timeout',
  reason: string,
): StudyRecord {
  return job.phase === 'check' ? checkRecord(task.study, job.id, {}) : brokenRun(task, job, outcome, reason)
}

function runRecord(
  { study, serial }: StudyTask,
  { phase, id, spec }: Job,
  outcome: Omit<RunRecord, keyof Job['spec'] | 'kind' | 'id' | 'study' | 'phase' | 'serial'>,
): RunRecord {
  return {
    kind: 'run',
    study: study.name,
    phase: phase as RunRecord['phase'],
    id,
    ...spec,
    ...(phase === 'final' ? outcome : thinned(outcome)),
    serial,
  }
}

/** Points of a curve of the search: there are many of them, and nobody looks at them closely. */
const FEW = 25

function thinned<T extends Pick<RunRecord, 'curve' | 'trajectory'>>(outcome: T): T {
  const { curve, trajectory } = outcome
  const last = curve.step.length - 1
  const every = Math.ceil(last / (FEW - 1))
  const few = <V>(values: readonly V[]) => values.filter((_, i) => i % every === 0 || i === last)
  if (last < FEW) return outcome
  const { step, loss, metric } = curve
  const thin = { step: few(step), loss: few(loss), metric: few(metric) }
  return { ...outcome, curve: thin, trajectory: trajectory && few(trajectory) }
}

/** The same run on every backend that loads here, twice on the first: what one repeats differently says nothing of two. */
async function check({ study, timeLimit }: StudyTask, { id, spec }: Job): Promise<BackendCheck> {
  const train = async (backend: BackendName) => {
    try {
      return trainOnce(await openProblem(study.problem), spec, backend, timeLimit)
    } catch {
      // The runs of the study say why.
      return undefined
    }
  }
  const [first, ...others] = (['native', 'wasm', 'js'] as const).filter(loads)
  const once = await train(first)
  const again = await train(first)
  if (once && again && differ(once, again)) return { ...checkRecord(study, id, {}), repeatable: false }
  const hashes: Record<string, string> = {}
  const note = (outcome: Outcome | undefined) => {
    if (!outcome?.hash) return
    const { backend, isa, hash } = outcome
    hashes[backend === 'js' ? backend : `${backend} ${isa}`] = hash
  }
  note(once)
  for (const backend of others) note(await train(backend))
  return checkRecord(study, id, hashes)
}

/** Whether two runs of one setting on one backend found different numbers. */
function differ(a: Outcome, b: Outcome): boolean {
  if (a.outcome === 'timeout' || b.outcome === 'timeout') return false
  const [first, second] = [a, b].map(({ seconds, secondsToTarget, ...found }) => canonicalJson(found))
  return first !== second
}

function checkRecord(study: Study, id: string, hashes: Record<string, string>): BackendCheck {
  const same = new Set(Object.values(hashes)).size <= 1
  return { kind: 'check', study: study.name, id, hashes, same, repeatable: true }
}

function loads(backend: BackendName): boolean {
  try {
    backendInfo({ backend })
    return true
  } catch {
    return false
  }
}
