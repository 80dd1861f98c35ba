// The worker threads that studies run in: what crashes or hangs there costs a run, not the benchmark.
import { basename } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { Done } from './done'
import type { Description, Reference } from './open'
import { type Job, nextJob } from './plan'
import type { RangeResult, RangeTask } from './range'
import type { StudyRecord } from './records'
import { broken, type StudyEvent, type StudyTask } from './study'
import { type Call, callThread, LateError, ThreadError } from './thread'

/** Above the worker's own limit: the thread is ended only when it no longer looks at the clock. */
const GRACE = 2

export interface Pool {
  /** @param timeLimit seconds that opening it may take */
  describe(reference: Reference, scale: number, timeLimit: number): Promise<Description>
  /** Works a study through; every record is handed out as it ends. */
  study(task: StudyTask, onRecord: (record: StudyRecord) => void): Promise<void>
  /** A range test, ended where nothing comes for so many seconds. */
  range(task: RangeTask, seconds: number): Promise<RangeResult>
  close(): Promise<void>
}

/** As many calls at a time as are made. @param output what problems print */
export function createPool(output: (text: string) => void): Pool {
  const threads = new Set<Worker>()
  /** What ends then is not begun anew: new threads would keep the process. */
  let closed = false

  async function call<T>(
    method: Call['method'],
    args: readonly unknown[],
    file: string | null,
    seconds: number,
    event: (event: StudyEvent) => void = () => {},
  ): Promise<T> {
    if (closed) throw new Error('interrupted')
    const { thread, ended } = callThread({ method, args }, file, seconds, { output, event })
    threads.add(thread)
    try {
      return (await ended) as T
    } finally {
      threads.delete(thread)
    }
  }

  return {
    async describe(reference, scale, timeLimit) {
      try {
        return await call('describe', [reference, scale], reference.file, timeLimit + GRACE)
      } catch (error) {
        const late = `opening it took longer than --time-limit, ${timeLimit} s`
        const reason = error instanceof LateError ? late : (error as Error).message
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
      const { file } = task.study.problem
      while (nextJob(task.study, done) !== undefined) {
        let begun: Job | undefined
        const current = { ...task, done: done.records }
        try {
          return await call('study', [current], file, task.timeLimit + GRACE, (event) => {
            if ('began' in event) begun = event.began
            else {
              begun = undefined
              keep(event.ended)
            }
          })
        } catch (error) {
          if (closed || !(error instanceof ThreadError)) throw error
          // It crashed after its last run.
          if (begun === undefined && nextJob(task.study, done) === undefined) return
          if (begun === undefined) throw error
          const late = error instanceof LateError
          const reason = late ? `hung: ${error.message}` : error.message
          keep(broken(task, begun, late ? 'timeout' : 'failed', reason))
        }
      }
    },
    async range(task, seconds) {
      const { file, name } = task.reference
      try {
        return await call('range', [task], file, seconds)
      } catch (error) {
        const { message } = error as Error
        const reason = error instanceof LateError ? `hung: ${message}` : message
        throw new Error(`${file ?? name}: ${reason}`, { cause: error })
      }
    },
    close: async () => {
      closed = true
      await Promise.all([...threads].map((thread) => thread.terminate()))
    },
  }
}
