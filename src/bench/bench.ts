// The whole benchmark: opens the directory, plans the studies, and has the workers work through what is missing.
import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { ConflictError, checkStart, checkVersion, differences, startsOf } from './agreement'
import { contenderOf } from './contenders'
import { createWriter, openResults, type Writer } from './files'
import { headerOf } from './header'
import { checkUnlocked, lockDirectory } from './lock'
import type { Description, Reference } from './open'
import { runsOf, type Study, studiesOf, weight } from './plan'
import { plannedStudies } from './planned'
import { createPool, type Pool } from './pool'
import { type Coordinator, createCoordinator, type QueueOptions } from './queue'
import type { Config, ProblemInfo, Results, RunRecord, StudyRecord } from './records'
import { sum } from './summary/statistics'
import { someOf, studiesText } from './summary/words'
import { measureThroughput } from './throughput'

export interface BenchOptions {
  readonly references: readonly Reference[]
  readonly config: Omit<Config, 'problems'>
  /** The factor on the problems' lengths. */
  readonly length: number
  readonly out: string
  readonly resume: boolean
  readonly workers: number
  /** Workers elsewhere do the studies, if a Redis is named. */
  readonly redis: Pick<QueueOptions, 'url' | 'lostAfter'> | null
  readonly command: string[]
}

/** A study in the plan, in weights. */
export interface Work {
  readonly problem: string
  readonly planned: number
  /** What earlier runs have done of it. */
  readonly done: number
}

/** What a caller may want to show. */
export interface Watcher {
  /** What the problems print. */
  output(text: string): void
  /** What else one should know. */
  note(line: string): void
  /** The plan. */
  planned(works: readonly Work[]): void
  /** A record is on disk. */
  record(record: StudyRecord, weight: number): void
  /** A study is complete, `weight` of it by what was not needed; `last` is a run of its best setting. */
  studied(study: Study, weight: number, last: RunRecord | undefined): void
}

export async function runBench(
  options: BenchOptions,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<'done' | 'interrupted'> {
  const pool = createPool(watcher.output)
  const place: { coordinator?: Coordinator } = {}
  let done = false
  const aborted = new Promise<'interrupted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
  })
  try {
    const work = carryOut(options, watcher, pool, signal, place).then(() => {
      done = true
      return 'done' as const
    })
    // Interrupted work fails when its workers end: nobody waits for it any more.
    work.catch(() => {})
    return await Promise.race([work, aborted])
  } finally {
    await Promise.all([pool.close(), place.coordinator?.close(done)])
  }
}

async function carryOut(
  options: BenchOptions,
  watcher: Watcher,
  pool: Pool,
  signal: AbortSignal,
  place: { coordinator?: Coordinator },
) {
  const { references, out, workers, redis } = options
  checkUnlocked(out)
  if (!options.resume) openBefore(options)
  // As many at a time as there are workers, so that no time limit runs while something waits for one.
  const limit = pLimit(workers)
  const problems = await limit.map(references, (reference) =>
    pool.describe(reference, options.length, options.config.timeLimit),
  )
  checkNames(problems)
  const config = {
    ...options.config,
    problems: problems.map((problem) => infoOf(problem, options.config.optimizers)),
  }
  const studies = studiesOf(config)
  noteLeftOut(config, watcher)
  lockDirectory(`cauchy bench: --out must be a directory to write in, got ${out}`, out)
  const existing = openBefore(options)
  if (existing) checkSame(out, existing, config)
  if (redis) {
    const coordinator = await createCoordinator({ ...redis, config, directory: out, note: watcher.note })
    if (signal.aborted) return coordinator.close(false)
    place.coordinator = coordinator
  }
  const hands = place.coordinator ?? pool
  const writer = createWriter(out, existing?.wholeBytes ?? 0)
  writer.append(headerOf(config, options.command))

  const before = existing ? [...existing.runs, ...existing.checks] : []
  const starts = startsOf(existing?.runs ?? [])
  const doneOf = (study: Study) => before.filter((record) => record.study === study.name)
  const weightOf = (study: Study, record: StudyRecord) => (record.kind === 'run' ? weight(study.problem) : 0)
  const planned = (study: Study) => weight(study.problem) * runsOf(study)
  const worked = (study: Study) => sum(doneOf(study).map((record) => weightOf(study, record)))
  const workOf = (study: Study) => ({
    problem: study.problem.name,
    planned: planned(study),
    done: worked(study),
  })
  watcher.planned(studies.map(workOf))

  const work = async (study: Study) => {
    if (signal.aborted) return
    let left = planned(study) - worked(study)
    let last = doneOf(study).filter(isFinal).at(-1)
    const { backend, timeLimit } = config
    const task = {
      study,
      done: doneOf(study),
      backend,
      timeLimit,
      serial: hands === pool && workers === 1,
    }
    await hands.study(task, (record) => {
      if (signal.aborted) return
      if (record.kind === 'run') checkStart(starts, record, out)
      writer.append(record)
      if (isFinal(record)) last = record
      const step = weightOf(study, record)
      left -= step
      watcher.record(record, step)
    })
    watcher.studied(study, left, last)
  }
  await (hands === pool ? limit.map(studies, work) : Promise.all(studies.map(work)))
  const alone = hands === pool && (existing === undefined || existing.throughput.length === 0)
  if (alone) await throughput(config, writer, signal)
  writer.close()
}

const isFinal = (record: StudyRecord): record is RunRecord =>
  record.kind === 'run' && record.phase === 'final'

function openBefore({ out, resume }: BenchOptions): Results | undefined {
  const existing = openResults(out)
  if (existing === undefined || resume) return existing
  throw new ConflictError(`${out} holds results already: go on with --resume, or choose another --out`)
}

/** Once for all shards: what machines measure is not joined. */
async function throughput(config: Config, writer: Writer, signal: AbortSignal) {
  if (config.shard !== null && !config.shard.startsWith('1/')) return
  for (const records of measureThroughput(config)) {
    if (signal.aborted) return
    for (const record of records) writer.append(record)
    await setImmediate()
  }
}

function infoOf({ matrices, ...problem }: Description, optimizers: readonly string[]): ProblemInfo {
  const leftOut = matrices ? [] : optimizers.filter((name) => contenderOf(name).needsMatrices)
  return { ...problem, leftOut }
}

/** What was asked for and is not done. */
function noteLeftOut(config: Config, { note }: Watcher): void {
  for (const optimizer of config.optimizers) {
    const without = config.problems
      .filter(({ leftOut }) => leftOut.includes(optimizer))
      .map(({ name }) => name)
    if (without.length === 0) continue
    note(
      `${optimizer} is left out on ${someOf(without, 5)}: it needs the shapes of matrices, and these problems tell none`,
    )
  }
  const planned = plannedStudies(config)
  if (planned.length === 0) throw new ConflictError('cauchy bench: there must be a study to do, got none')
  if (studiesOf(config).length === 0)
    note(`Shard ${config.shard} has none of the ${studiesText(planned.length)}: nothing to do`)
}

function checkNames(problems: readonly Description[]): void {
  const names = problems.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new ConflictError(`cauchy bench: two problems are named ${JSON.stringify(twice)}`)
  }
}

function checkSame(out: string, { headers }: Results, config: Config): void {
  checkVersion(out, headers)
  const found = differences(headers[0].config, config, 'now')
  if (found === '') return
  throw new ConflictError(`${out} was begun with another configuration: ${found}. Choose another --out`)
}
