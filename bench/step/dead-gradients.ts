// What a step costs when gradients are tiny or dead: each rule on each backend, against live gradients.
import { Adagrad, Adam, AdamW, LAMB, RMSprop, SGD } from 'cauchy'
import { measure } from './measure'

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

/** An optimizer after 10 live steps and then `STEPS` at one magnitude. */
function settled(make: (typeof RULES)[keyof typeof RULES], backend: Backend, magnitude: number) {
  const opt = make(backend)
  opt.params[0].fill(0.5)
  const fill = (scale: number) => {
    for (let i = 0; i < LENGTH; i++) opt.grads[0][i] = scale * (1 + (i % 13) / 13)
  }
  fill(1)
  for (let t = 0; t < 10; t++) opt.step()
  fill(magnitude)
  for (let t = 0; t < STEPS; t++) opt.step()
  return opt
}

export function deadGradients(backends: readonly Backend[], rounds: number, seconds: number): DeadRow[] {
  return backends.flatMap((backend) =>
    Object.entries(RULES).map(([rule, make]) => {
      const optimizers = MAGNITUDES.map((magnitude) => settled(make, backend, magnitude))
      const times = measure(
        optimizers.map((opt, k) => ({ name: String(MAGNITUDES[k]), run: () => opt.step() })),
        rounds,
        seconds,
      )
      const live = times.get('1') as number
      return {
        rule,
        backend,
        ratios: Object.fromEntries([...times].map(([name, time]) => [name, time / live])),
      }
    }),
  )
}
