// What a bench and its workers agree on: names in Redis, jobs, and which worker may take part.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Processor, Queue, Worker } from 'bullmq'
import { backendInfo } from 'cauchy'
import { version } from '../../package.json'
import { hashOf } from './open'
import { type Config, canonicalJson, type ProblemInfo, type StudyRecord } from './records'
import type { Connection } from './redis'
import type { StudyTask } from './study'

/** Before every key in Redis. */
const PREFIX = 'cauchy'
/** A hash: the benches that look for workers, by the names of their queues. */
export const BENCHES = `${PREFIX}:benches`
/** A hash for each bench: the workers that do not take part, and why. */
export const refusalsOf = (queue: string) => `${PREFIX}:${queue}:refusals`

/** This process, to people. */
export const ME = `${hostname()}:${process.pid}`

/** A study on its way: what workers have added is in `records`, so that the next worker goes on from there. */
export interface StudyJob {
  readonly task: StudyTask
  readonly records: readonly StudyRecord[]
}

/** What a bench tells its workers. */
export interface Announcement {
  readonly cauchy: string
  readonly build: string
  readonly backend: Config['backend']
  readonly files: readonly Pick<ProblemInfo, 'name' | 'file' | 'fileHash'>[]
  /** Seconds after which a silent worker counts as lost. */
  readonly lostAfter: number
}

/** A study that has lost more workers than this fails. */
const LOSSES = 4

// Lost connections are told once for all by `Connection`, and a job that another has taken over is no longer this
// worker's: their errors go nowhere.

export function openQueue({ bullmq, redis }: Connection, name: string): Queue<StudyJob> {
  const queue = new bullmq.Queue<StudyJob>(name, { connection: redis, prefix: PREFIX, skipMetasUpdate: true })
  queue.on('error', () => {})
  return queue
}

/** Takes studies, or none with `null`; either way it finds those whose worker is lost, as the bench and all workers do. */
export function openWorker(
  { bullmq, redis }: Connection,
  name: string,
  take: Processor<StudyJob> | null,
  lostAfter: number,
): Worker<StudyJob> {
  const worker = new bullmq.Worker<StudyJob>(name, take, {
    connection: redis,
    prefix: PREFIX,
    lockDuration: 1000 * lostAfter,
    stalledInterval: 500 * lostAfter,
    maxStalledCount: LOSSES,
    drainDelay: 1,
  })
  worker.on('error', () => {})
  return worker
}

export function announcementOf({ problems, backend }: Config, lostAfter: number): Announcement {
  const files = problems
    .filter(({ file }) => file !== null)
    .map(({ name, file, fileHash }) => ({ name, file, fileHash }))
  return { cauchy: version, build: ownBuild(), backend, files, lostAfter }
}

/** The queue of a configuration and a directory: found again by --resume, apart from every other bench. */
export function queueName(config: Config, directory: string): string {
  const text = canonicalJson([ownBuild(), resolve(directory), config])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Why this process cannot work for a bench; undefined when it can. */
export function refusal(bench: Announcement): string | undefined {
  if (bench.cauchy !== version) {
    return `the bench is run by cauchy ${bench.cauchy}, this worker is ${version}: install the same`
  }
  if (bench.build !== ownBuild()) {
    return `the bench is run by build ${bench.build} of cauchy ${version}, this worker is build ${ownBuild()}: install the same`
  }
  try {
    backendInfo({ backend: bench.backend })
  } catch (error) {
    return (error as Error).message
  }
  for (const { name, file, fileHash } of bench.files) {
    const found = file !== null && existsSync(file) ? hashOf(file) : 'none'
    if (found !== fileHash) {
      return `problem ${name}: ${file} must be the bench's file, SHA-256 ${fileHash?.slice(0, 12)}, got ${found.slice(0, 12)}`
    }
  }
  return undefined
}

let build: string | undefined

const PARTS = ['core.js', 'kernels.js', 'reference.js', 'math.js'].map((name) => `playground/${name}`)
const TRAINS = ['bench-worker.mjs', 'index.js', ...PARTS, 'kernels.wasm', 'problems.js']

/** What trains, as a hash: the code of the workers and the package they use. */
function ownBuild(): string {
  build ??= hashOf(...TRAINS.map((file) => new URL(`./${file}`, import.meta.url))).slice(0, 12)
  return build
}
