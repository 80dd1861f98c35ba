// The worker's side of a bench on Redis: takes studies of whichever bench has some waiting, one in each of its lanes.
import { setTimeout } from 'node:timers/promises'
import type { Job, Queue } from 'bullmq'
import { createPool, type Pool } from './pool'
import {
  type Announcement,
  BENCHES,
  ME,
  openQueue,
  openWorker,
  refusal,
  refusalsOf,
  type StudyJob,
} from './queue-terms'
import { type Connection, connectRedis } from './redis'

/** Milliseconds between two looks for work. */
const LOOK = 500

export interface WorkerOptions {
  readonly url: string
  /** Studies at the same time. */
  readonly concurrency: number
  /** Seconds without work after which it ends; null for never. */
  readonly idle: number | null
}

export interface WorkerWatcher {
  output(text: string): void
  note(line: string): void
  studied(study: string, records: number, seconds: number): void
}

/** Works until the signal, or until there has been no work for `idle` seconds. */
export async function runWorker(
  options: WorkerOptions,
  watcher: WorkerWatcher,
  signal: AbortSignal,
): Promise<void> {
  const connection = await connectRedis('cauchy worker', options.url, watcher.note)
  watcher.note(`Waiting for studies on ${connection.address}, ${options.concurrency} at a time`)
  const pool = createPool(watcher.output)
  try {
    const helper = new Helper(connection, pool, options, watcher, signal)
    const lanes = Promise.all(Array.from({ length: options.concurrency }, () => helper.lane()))
    await Promise.race([lanes, connection.lost])
  } finally {
    await pool.close()
    connection.close()
  }
}

class Helper {
  private readonly queues = new Map<string, Queue<StudyJob>>()
  private readonly refused = new Map<string, string>()
  private busy = 0
  private busyAt = Date.now()

  constructor(
    private readonly connection: Connection,
    private readonly pool: Pool,
    private readonly options: WorkerOptions,
    private readonly watcher: WorkerWatcher,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => pool.close(), { once: true })
  }

  async lane(): Promise<void> {
    while (!this.signal.aborted && !this.isIdle()) {
      const found = await this.findBench()
      if (found) await this.serve(...found)
      else await setTimeout(LOOK, undefined, { signal: this.signal }).catch(() => {})
    }
  }

  private isIdle(): boolean {
    const { idle } = this.options
    return idle !== null && this.busy === 0 && Date.now() - this.busyAt > 1000 * idle
  }

  /** The first bench that has a study waiting and that this worker fits. */
  private async findBench(): Promise<[string, Announcement] | undefined> {
    for (const [name, text] of Object.entries(await this.connection.redis.hgetall(BENCHES))) {
      const bench = JSON.parse(text) as Announcement
      if ((await this.queue(name).getWaitingCount()) === 0) continue
      if (await this.fits(name, bench)) return [name, bench]
    }
    return undefined
  }

  private queue(name: string): Queue<StudyJob> {
    const known = this.queues.get(name)
    if (known) return known
    const queue = openQueue(this.connection, name)
    this.queues.set(name, queue)
    return queue
  }

  private async fits(name: string, bench: Announcement): Promise<boolean> {
    const reason = refusal(bench)
    if (reason !== undefined && this.refused.get(name) !== reason) {
      this.refused.set(name, reason)
      this.watcher.note(`A bench is left to others: ${reason}`)
      await this.connection.redis.hset(refusalsOf(name), ME, reason)
    }
    return reason === undefined
  }

  /** Takes studies of one bench, one after the other, until none waits. */
  private async serve(name: string, bench: Announcement): Promise<void> {
    const { WaitingError } = this.connection.bullmq
    const over = new AbortController()
    const handBack = async (job: Job<StudyJob>, token: string | undefined) => {
      over.abort()
      await job.moveToWait(token)
      throw new WaitingError()
    }
    const take = async (job: Job<StudyJob>, token?: string) => {
      if (this.signal.aborted || !(await this.fits(name, bench))) return handBack(job, token)
      this.busy++
      try {
        await this.study(job)
      } catch (error) {
        if (this.signal.aborted) return handBack(job, token)
        throw error
      } finally {
        this.busy--
        this.busyAt = Date.now()
      }
    }
    const worker = openWorker(this.connection, name, take, bench.lostAfter)
    worker.on('drained', () => over.abort())
    this.signal.addEventListener('abort', () => over.abort(), { signal: over.signal })
    await new Promise((resolve) => over.signal.addEventListener('abort', resolve, { once: true }))
    await worker.close()
  }

  /** Every record goes to Redis as it ends: whoever has to take over goes on from there. */
  private async study(job: Job<StudyJob>): Promise<void> {
    const began = performance.now()
    const { task } = job.data
    const records = [...job.data.records]
    const before = records.length
    const done = [...task.done, ...records]
    const save = gathered(() => job.updateData({ task, records }))
    await this.pool.study({ ...task, done }, (record) => {
      if (this.signal.aborted) throw new Error('interrupted')
      records.push(record)
      save().catch(() => {})
    })
    await save()
    this.watcher.studied(job.name, records.length - before, (performance.now() - began) / 1000)
  }
}

/** `work`, once more when it was asked for while it was going on. */
function gathered(work: () => Promise<void>): () => Promise<void> {
  let again = false
  let going: Promise<void> | undefined
  const go = async () => {
    try {
      while (again) {
        again = false
        await work()
      }
    } finally {
      going = undefined
    }
  }
  return () => {
    again = true
    going ??= go()
    return going
  }
}
