// The thread's side of a call.
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf, placeOf } from './blame'
import { type Description, describe, type Reference } from './open'
import { type RangeTask, testRange } from './range'
import { runStudy, type StudyTask } from './study'
import type { Call, Message } from './thread'

/** What the user's code threw says where it did; what this package says of it needs no place. */
async function describeOrBlame(reference: Reference, scale: number): Promise<Description> {
  try {
    return await describe(reference, scale)
  } catch (error) {
    const isOurs = error instanceof Error && placeOf(error, reference.file) === undefined
    throw new Error(isOurs ? error.message : messageOf(error, reference.file))
  }
}

const tell = (message: Message) => parentPort?.postMessage(message)

const methods = {
  describe: describeOrBlame,
  range: (task: RangeTask) => testRange(task, () => tell({ event: { alive: true } })),
  study: (task: StudyTask) => runStudy(task, (event) => tell({ event })),
}

// A problem that waits for ever is late; without this the thread would end, with a code.
parentPort?.ref()
const { method, args } = workerData as Call
const made = (methods[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
made
  .then((result) => tell({ result }))
  .catch((error) => tell({ error: error.message }))
  .finally(() => process.exit())
