// The worker thread's side of the pool.
import workerpool from 'workerpool'
import { describe } from './open'
import { runStudy, type StudyTask } from './study'

workerpool.worker({
  describe,
  study: (task: StudyTask) => runStudy(task, (event) => workerpool.workerEmit(event)),
})
