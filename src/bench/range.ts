// The learning-rate range test of `cauchy lr-find`, inside a worker.
import { backendInfo, type LRRangeTestResult, lrRangeTest } from 'cauchy'
import { messageOf } from './blame'
import { type BackendName, contenderOf } from './contenders'
import { batchSizeOf, openProblem, type Reference } from './open'
import { withShapes } from './run'

export interface RangeTask {
  readonly reference: Reference
  readonly optimizer: string
  readonly from: number
  readonly to: number
  readonly steps: number
  /** Default: the problem's own. */
  readonly batchSize: number | undefined
  readonly seed: number
  readonly backend: BackendName
}

export interface RangeResult {
  readonly result: LRRangeTestResult
  readonly backend: string
  readonly isa: string
  /** null without data. */
  readonly batchSize: number | null
}

/** @param alive called before every look at the loss */
export async function testRange(task: RangeTask, alive: () => void): Promise<RangeResult> {
  const { reference, optimizer, from, to, steps, seed, backend } = task
  try {
    const problem = await openProblem(reference)
    const batchSize = batchSizeOf(problem, task.batchSize)
    const result = lrRangeTest(
      {
        name: problem.name,
        ...(problem.data && { data: problem.data }),
        params: (seed) => problem.params(seed),
        lossAndGrad(...args) {
          alive()
          return problem.lossAndGrad(...args)
        },
      },
      {
        optimizer: (params) =>
          contenderOf(optimizer).create(withShapes(problem, params), { lr: from }, backend),
        minLr: from,
        maxLr: to,
        steps,
        batchSize: batchSize ?? 1,
        seed,
      },
    )
    const { name, isa } = backendInfo({ backend })
    return { result, backend: name, isa, batchSize }
  } catch (error) {
    throw new Error(messageOf(error, reference.file), { cause: error })
  }
}
