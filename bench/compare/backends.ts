// The promise put to the test: the same run of each optimizer on every backend, compared bit for bit.
import { backendInfo, type LoopOptimizer, type Problem, fit as train } from 'cauchy'
import type { Contender } from './contenders'
import { fingerprint } from './fingerprint'
import { BATCH_SIZE } from './sweep'

type BackendName = 'native' | 'wasm' | 'js'

export interface BackendRun {
  backend: BackendName
  hash: string
  /** Median microseconds of one optimizer step, the gradient's time left out. */
  microseconds: number
}

export interface BackendRow {
  optimizer: string
  lr: number
  runs: BackendRun[]
  same: boolean
}

export interface BackendResult {
  /** Those that load here, with their instruction sets. */
  available: { name: BackendName; isa: string }[]
  /** One sentence for each that does not load. */
  missing: string[]
  rows: BackendRow[]
}

const EPOCHS = 5

export function findBackends(): Pick<BackendResult, 'available' | 'missing'> {
  const available: BackendResult['available'] = []
  const missing: string[] = []
  for (const name of ['native', 'wasm', 'js'] as const) {
    try {
      const { isa } = backendInfo({ backend: name })
      available.push({ name, isa })
    } catch (error) {
      const [why] = (error as Error).message.split('\n', 1)
      missing.push(`The ${name} backend is not available here: ${why}`)
    }
  }
  return { available, missing }
}

export async function runOnBackends(
  problem: Problem,
  contender: Contender,
  lr: number,
  backends: readonly BackendName[],
): Promise<BackendRow> {
  const runs: BackendRun[] = []
  for (const backend of backends) {
    const start = problem.params(1)
    // Shapes instead of arrays: the optimizer owns its memory, the fast path of every backend.
    const shapes = Object.fromEntries(Object.entries(start).map(([name, array]) => [name, [array.length]]))
    const optimizer = contender.create(shapes, { lr, backend })
    const params = Object.fromEntries(Object.entries(optimizer.params))
    for (const name in params) params[name].set(start[name])
    const { timed, milliseconds } = withStopwatch(optimizer)
    await train(problem, timed, {
      epochs: EPOCHS,
      batchSize: BATCH_SIZE,
      seed: 1,
      target: false,
      validateEvery: EPOCHS,
    })
    runs.push({ backend, hash: fingerprint(params), microseconds: 1000 * median(milliseconds) })
  }
  return { optimizer: contender.name, lr, runs, same: runs.every(({ hash }) => hash === runs[0].hash) }
}

function withStopwatch(optimizer: LoopOptimizer): { timed: LoopOptimizer; milliseconds: number[] } {
  const milliseconds: number[] = []
  const timed: LoopOptimizer = {
    groups: optimizer.groups,
    params: optimizer.params,
    grads: optimizer.grads,
    train: () => optimizer.train(),
    eval: () => optimizer.eval(),
    stateDict: () => optimizer.stateDict(),
    loadStateDict: (state) => optimizer.loadStateDict(state),
    step(grads, options) {
      const start = performance.now()
      const info = optimizer.step(grads, options)
      milliseconds.push(performance.now() - start)
      return info
    },
  }
  return { timed, milliseconds }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
