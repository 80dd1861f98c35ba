// Hands studies to BullMQ on a Redis, and collects what workers elsewhere make of them.
import { setTimeout } from 'node:timers/promises'
import type { Job, Queue, Worker } from 'bullmq'
import { Done } from './done'
import { nextJob } from './plan'
import {
  announcementOf,
  BENCHES,
  openQueue,
  openWorker,
  queueName,
  refusalsOf,
  type StudyJob,
} from './queue-terms'
import type { Config, StudyRecord } from './records'
import { type Connection, connectRedis } from './redis'
import { broken, type StudyTask } from './study'

/** Milliseconds between two looks at Redis. */
const LOOK = 500
/** Milliseconds after which somebody should start a worker. */
const LONELY = 5000
/** Milliseconds that leaving may take. */
const LEAVING = 3000

export interface QueueOptions {
  readonly url: string
  /** Seconds after which a silent worker counts as lost. */
  readonly lostAfter: number
  readonly config: Config
  readonly directory: string
  note(line: string): void
}

export interface Coordinator {
  /** Has a study worked through; every record is handed out once. */
  study(task: StudyTask, onRecord: (record: StudyRecord) => void): Promise<void>
  /** Takes back what waits; `done`: leaves nothing behind in Redis. */
  close(done: boolean): Promise<void>
}

interface Open {
  readonly task: StudyTask
  readonly done: Done
  readonly onRecord: (record: StudyRecord) => void
  readonly resolve: () => void
}

export async function createCoordinator(options: QueueOptions): Promise<Coordinator> {
  const { url, config, directory, note } = options
  const connection = await connectRedis('cauchy bench', url, note)
  const name = queueName(config, directory)
  const queue = openQueue(connection, name)
  // Takes no study, but sees which have lost their worker, also when no worker is left.
  const guard = openWorker(connection, name, null, options.lostAfter)
  await guard.startStalledCheckTimer()
  return new Coordination(connection, queue, guard, options)
}

class Coordination implements Coordinator {
  private readonly open = new Map<string, Open>()
  private readonly told = new Set<string>()
  private readonly failure: Promise<never>
  private closed = false
  private busyAt = Date.now()

  constructor(
    private readonly connection: Connection,
    private readonly queue: Queue<StudyJob>,
    private readonly guard: Worker<StudyJob>,
    private readonly options: QueueOptions,
  ) {
    this.failure = Promise.race([connection.lost, this.watch()])
    this.failure.catch(() => {})
  }

  async study(task: StudyTask, onRecord: Open['onRecord']): Promise<void> {
    const done = new Done(task.done)
    if (nextJob(task.study, done) === undefined) return
    const ended = new Promise<void>((resolve) => {
      this.open.set(task.study.name, { task, done, onRecord, resolve })
    })
    await Promise.race([ended, this.failure])
  }

  /** Looks again and again: whatever happened to Redis or to workers in between, one look sees what is to be done. */
  private async watch(): Promise<never> {
    while (!this.closed) {
      await this.look()
      await setTimeout(LOOK)
    }
    return new Promise(() => {})
  }

  private async look(): Promise<void> {
    if (this.open.size === 0) return
    await this.announce()
    await this.handOut()
    const jobs = await this.queue.getJobs(['active', 'completed', 'failed'], 0, -1)
    for (const job of jobs) await this.collect(job)
    await this.listen(jobs.length > 0)
  }

  private async announce(): Promise<void> {
    const { config, lostAfter } = this.options
    await this.connection.redis.hset(
      BENCHES,
      this.queue.name,
      JSON.stringify(announcementOf(config, lostAfter)),
    )
  }

  /** Every open study that is not in Redis: new ones, and those that Redis forgot. */
  private async handOut(): Promise<void> {
    const open = [...this.open.values()]
    const states = ['waiting', 'active', 'completed', 'failed', 'delayed', 'prioritized'] as const
    const there = new Set(await this.queue.getRanges([...states], 0, -1))
    const missing = open.filter(({ task }) => !there.has(task.study.name))
    if (missing.length === 0) return
    await this.queue.addBulk(
      missing.map(({ task, done }) => ({
        name: task.study.name,
        data: { task: { ...task, done: done.records }, records: [] },
        opts: { jobId: task.study.name },
      })),
    )
  }

  /** The records of a job; what ended leaves Redis. */
  private async collect(job: Job<StudyJob>): Promise<void> {
    const open = this.open.get(job.name)
    if (open !== undefined) for (const record of job.data.records) keep(open, record)
    if (job.finishedOn === undefined) return
    if (open !== undefined && job.failedReason) giveUp(open, reasonOf(job))
    await job.remove()
    if (open === undefined || left(open)) return
    this.open.delete(job.name)
    open.resolve()
  }

  /** Which workers refuse, and whether any works. */
  private async listen(busy: boolean): Promise<void> {
    const { note } = this.options
    const refusals = await this.connection.redis.hgetall(refusalsOf(this.queue.name))
    for (const [worker, reason] of Object.entries(refusals)) {
      const line = `worker ${worker} takes no part: ${reason}`
      if (!this.told.has(line)) note(line)
      this.told.add(line)
    }
    if (busy) this.busyAt = Date.now()
    if (Date.now() - this.busyAt < LONELY) return
    note(`No worker is at work. To start one: cauchy worker --redis ${this.connection.address}`)
    this.busyAt = Number.POSITIVE_INFINITY
  }

  async close(done: boolean): Promise<void> {
    this.closed = true
    const leave = async () => {
      await this.guard.close(true)
      await this.connection.redis.hdel(BENCHES, this.queue.name)
      await this.connection.redis.del(refusalsOf(this.queue.name))
      if (done) await this.queue.obliterate({ force: true })
      else await this.queue.drain()
    }
    await Promise.race([leave().catch(() => {}), setTimeout(LEAVING)])
    this.connection.close()
  }
}

const left = ({ task, done }: Open) => nextJob(task.study, done)

/** Hands a record out, unless it is known: a worker that was lost may have told it before. */
function keep({ done, onRecord }: Open, record: StudyRecord): void {
  if (done.add(record)) onRecord(record)
}

/** All that is left of a study fails. */
function giveUp(open: Open, reason: string): void {
  for (let job = left(open); job !== undefined; job = left(open)) {
    keep(open, broken(open.task, job, 'failed', reason))
  }
}

function reasonOf({ failedReason, stalledCounter }: Job<StudyJob>): string {
  if (!/stalled/.test(failedReason)) return failedReason
  return `its worker was lost ${stalledCounter} times (killed, out of memory, crashed or cut off)`
}
