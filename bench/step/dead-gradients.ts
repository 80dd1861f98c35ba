// What a step costs when gradients are tiny or dead: each rule on each backend, against live gradients.
import { Adagrad, Adam, AdamW, LAMB, RMSprop, SGD } from 'cauchy'
import { median, secondsOf } from './measure'

export const MAGNITUDES = [1, 1e-12, 1e-19, 1e-25, 1e-36, 0]
const LENGTH = 16384
const STEPS = 3000

type Backend = 'native' | 'wasm'

const PARAMS = [[LENGTH]] as const

const RULES = {
  SGD: (backend: Backend) => new SGD(PARAMS, { backend }),
  'SGD momentum': (backend: Backend) => new SGD(PARAMS, { backend, momentum: 0.9 }),
  'SGD nesterov': (backend: Backend) => new SGD(PARAMS, { backend, momentum: 0.9, nesterov: true }),
  Adagrad: (backend: Backend) => new Adagrad(PARAMS, { backend }),
  RMSprop: (backend: Backend) => new RMSprop(PARAMS, { backend, alpha: 0.9 }),
  'RMSprop centered, momentum': (backend: Backend) =>
    new RMSprop(PARAMS, { backend, alpha: 0.9, centered: true, momentum: 0.9 }),
  Adam: (backend: Backend) => new Adam(PARAMS, { backend, betas: [0.9, 0.9] }),
  'AdamW amsgrad': (backend: Backend) => new AdamW(PARAMS, { backend, betas: [0.9, 0.9], amsgrad: true }),
  AdamW: (backend: Backend) => new AdamW(PARAMS, { backend, betas: [0.9, 0.9] }),
  LAMB: (backend: Backend) => new LAMB(PARAMS, { backend, betas: [0.9, 0.9] }),
}

export interface DeadRow {
  readonly rule: string
  readonly backend: string
  /** Cost of a step at each magnitude over one at magnitude 1. */
  readonly ratios: Readonly<Record<string, number>>
}

/** The cost of a step at each magnitude, all on the same memory: where it lies makes more difference than what it holds. */
function costs(
  make: (typeof RULES)[keyof typeof RULES],
  backend: Backend,
  rounds: number,
  seconds: number,
): number[] {
  const opt = make(backend)
  const fresh = opt.stateDict()
  const fill = (scale: number) => {
    for (let i = 0; i < LENGTH; i++) opt.grads[0][i] = scale * (1 + (i % 13) / 13)
  }
  const steps = (count: number) => {
    for (let t = 0; t < count; t++) opt.step()
  }
  const times = MAGNITUDES.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    MAGNITUDES.forEach((magnitude, k) => {
      opt.params[0].fill(0.5)
      opt.loadStateDict(fresh as never)
      fill(1)
      steps(10)
      fill(magnitude)
      steps(STEPS)
      times[k].push(secondsOf(String(magnitude), () => opt.step(), seconds))
    })
  }
  return times.map(median)
}

export function deadGradients(backends: readonly Backend[], rounds: number, seconds: number): DeadRow[] {
  return backends.flatMap((backend) =>
    Object.entries(RULES).map(([rule, make]) => {
      const times = costs(make, backend, rounds, seconds)
      const ratios = Object.fromEntries(
        MAGNITUDES.map((magnitude, k) => [String(magnitude), times[k] / times[0]]),
      )
      return { rule, backend, ratios }
    }),
  )
}
