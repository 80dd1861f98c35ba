// The worker thread's side of the pool.
import workerpool from 'workerpool'
import { messageOf, placeOf } from './blame'
import { type Description, describe, type Reference } from './open'
import { type RangeTask, testRange } from './range'
import { runStudy, type StudyTask } from './study'

/** What the user's code threw says where it did; what this package says of it needs no place. */
async function describeOrBlame(reference: Reference, scale: number): Promise<Description> {
  try {
    return await describe(reference, scale)
  } catch (error) {
    const isOurs = error instanceof Error && placeOf(error, reference.file) === undefined
    throw new Error(isOurs ? error.message : messageOf(error, reference.file))
  }
}

workerpool.worker({
  describe: describeOrBlame,
  range: (task: RangeTask) => testRange(task, () => workerpool.workerEmit({ alive: true })),
  study: (task: StudyTask) => runStudy(task, (event) => workerpool.workerEmit(event)),
})
