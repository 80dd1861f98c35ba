// The worker threads that studies run in: what crashes or hangs there costs a run, not the benchmark.
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'
import { Done } from './done'
import type { Description, Reference } from './open'
import type { Job } from './plan'
import type { RangeResult, RangeTask } from './range'
import type { StudyRecord } from './records'
import { broken, type StudyEvent, type StudyTask } from './study'

/** Above the worker's own limit: the thread is ended only when it no longer looks at the clock. */
const GRACE = 2
/** Megabytes of JavaScript heap of one worker. */
const HEAP = 2048

export interface Pool {
  /** @param timeLimit seconds that opening it may take */
  describe(reference: Reference, scale: number, timeLimit: number): Promise<Description>
  /** Works a study through; every record is handed out as it ends. */
  study(task: StudyTask, onRecord: (record: StudyRecord) => void): Promise<void>
  /** A range test, ended where nothing comes for so many seconds. */
  range(task: RangeTask, seconds: number): Promise<RangeResult>
  close(): Promise<void>
}

/** @param onOutput what problems print */
export function createPool(workers: number, onOutput: (text: string) => void): Pool {
  const script = fileURLToPath(new URL('./bench-worker.mjs', import.meta.url))
  const pool = workerpool.pool(script, {
    workerType: 'thread',
    maxWorkers: workers,
    workerTerminateTimeout: 50,
    emitStdStreams: true,
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: HEAP } },
  })

  /** What ends then is not begun anew: new threads would keep the process. */
  let closed = false

  /** One call of a worker, ended when it says nothing for too long. */
  async function call<T>(method: string, args: unknown[], seconds: number, on: (event: StudyEvent) => void) {
    let timer: NodeJS.Timeout | undefined
    let late = false
    /** What the listener threw: here, and not in the middle of an event. */
    let broken: unknown
    const arm = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        late = true
        promise.cancel()
      }, 1000 * seconds)
      // A closed pool settles no call: its limit must not keep the process.
      timer.unref()
    }
    const promise = pool.exec(method, args, {
      on(event: StudyEvent | { stdout: string } | { stderr: string }) {
        if ('stdout' in event) return onOutput(event.stdout)
        if ('stderr' in event) return onOutput(event.stderr)
        if (late || broken !== undefined) return
        arm()
        try {
          on(event)
        } catch (error) {
          broken = error
          promise.cancel()
        }
      },
    })
    arm()
    try {
      return (await promise) as T
    } catch (error) {
      if (broken !== undefined) throw new ListenerError(undefined, { cause: broken })
      throw late ? new LateError(seconds) : error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async describe(reference, scale, timeLimit) {
      try {
        return await call<Description>('describe', [reference, scale], timeLimit + GRACE, () => {})
      } catch (error) {
        const late = `opening it took longer than --time-limit, ${timeLimit} s`
        const reason = error instanceof LateError ? late : crashReason(error)
        const who = reference.file ?? reference.name
        throw new Error(reason.startsWith(`${basename(who)}: `) ? reason : `${who}: ${reason}`, {
          cause: error,
        })
      }
    },
    async study(task, onRecord) {
      const done = new Done(task.done)
      const keep = (record: StudyRecord) => {
        done.add(record)
        onRecord(record)
      }
      for (;;) {
        let begun: Job | undefined
        const current = { ...task, done: done.records }
        try {
          await call<void>('study', [current], task.timeLimit + GRACE, (event) => {
            if ('began' in event) begun = event.began
            else {
              begun = undefined
              keep(event.ended)
            }
          })
          return
        } catch (error) {
          if (error instanceof ListenerError) throw error.cause
          if (closed || begun === undefined) throw error
          const late = error instanceof LateError
          const reason = late ? `hung: nothing came for ${task.timeLimit + GRACE} s` : crashReason(error)
          keep(broken(task, begun, late ? 'timeout' : 'failed', reason))
        }
      }
    },
    async range(task, seconds) {
      try {
        return await call<RangeResult>('range', [task], seconds, () => {})
      } catch (error) {
        const reason = error instanceof LateError ? `hung: ${error.message}` : crashReason(error)
        throw new Error(`${task.reference.file ?? task.reference.name}: ${reason}`, { cause: error })
      }
    },
    close: async () => {
      closed = true
      await pool.terminate(true)
    },
  }
}

class ListenerError extends Error {}

class LateError extends Error {
  constructor(seconds: number) {
    super(`nothing came for ${seconds} s`)
  }
}

/** Why a worker ended, in words. */
function crashReason(error: unknown): string {
  const { message } = error as Error
  const code = /exitCode: `(-?\d+)`/.exec(message)?.[1]
  if (code !== undefined) return `the problem ended its thread with exit code ${code}`
  if (/memory limit|out of memory/i.test(message)) return `the problem ran out of memory (${HEAP} MB)`
  return message.replace('Workerpool Worker error: ', 'crashed: ').split('\n', 1)[0]
}
