// The optimizers of the benchmark: how each is made, and the space that its settings are searched in.

import type { LoopOptimizer, ParamsInput } from 'cauchy'
import * as cauchy from 'cauchy'
import { muonWithAdamW } from './muon'

/** How a setting's values spread over [min, max]: evenly in x, in log x, or in log (1 − x). */
export interface Axis {
  readonly min: number
  readonly max: number
  readonly scale: 'linear' | 'log' | 'log-complement'
}

export type BackendName = 'auto' | 'native' | 'wasm' | 'js'

/** Flat arrays, or arrays with their shape. */
export type Start = Record<string, { data: cauchy.FloatArray; shape: number[] }>

export interface Contender {
  /** Its name on the command line. */
  readonly name: string
  readonly summary: string
  /** With every default inside. The grid search has the rate only; the random search has the other axes too. */
  readonly space: Readonly<Record<string, Axis>>
  /** Only for problems that tell the shapes of their matrices. */
  readonly needsMatrices?: boolean
  create(params: Start, options: Record<string, number>, backend: BackendName): LoopOptimizer
}

const log = (min: number, max: number): Axis => ({ min, max, scale: 'log' })
const nearOne = (min: number, max: number): Axis => ({ min, max, scale: 'log-complement' })

// Seven decades each, so that every optimizer's grid is equally fine. Landscapes have the best rates at the upper end,
// features in raw units those at the lower.
const DESCENT = log(1e-6, 10)
const ADAPTIVE = log(1e-5, 100)
/** Of rules that know their own rate: 1 is what they were made for. */
const FACTOR = log(1e-4, 1000)

const MOMENTUM = nearOne(0.8, 0.99)
const ADAM = { lr: ADAPTIVE, beta1: nearOne(0.8, 0.99), beta2: nearOne(0.9, 0.9999) }
/** Of rules that decay unless told otherwise; the plan turns it off on landscapes. */
const DECAY = log(1e-5, 0.1)

/** beta1, beta2 … as the list that a rule takes. */
function withBetas({ beta1, beta2, beta3, ...rest }: Record<string, number>): Record<string, unknown> {
  const betas = [beta1, beta2, beta3].filter((beta) => beta !== undefined)
  return betas.length === 0 ? rest : { ...rest, betas }
}

type Class = new (params: never, options: never) => unknown

interface Row {
  space: Readonly<Record<string, Axis>>
  rule: Class
  /** What is not searched. */
  fixed?: Record<string, unknown>
}

function contender(name: string, summary: string, { space, rule, fixed }: Row): Contender {
  return {
    name,
    summary,
    space,
    create(params, options, backend) {
      const make = rule as new (params: ParamsInput<never>, options: object) => LoopOptimizer
      return new make(params, { ...fixed, ...withBetas(options), backend })
    },
  }
}

export const contenders: readonly Contender[] = [
  contender('SGD', 'plain gradient descent', { space: { lr: DESCENT }, rule: cauchy.SGD }),
  contender('SGD-momentum', 'heavy ball, momentum 0.9', {
    space: { lr: DESCENT, momentum: MOMENTUM },
    rule: cauchy.SGD,
    fixed: { momentum: 0.9 },
  }),
  contender('SGD-nesterov', "Nesterov's momentum, 0.9", {
    space: { lr: DESCENT, momentum: MOMENTUM },
    rule: cauchy.SGD,
    fixed: { momentum: 0.9, nesterov: true },
  }),
  contender('Adagrad', 'rates by the sum of squared gradients', {
    space: { lr: ADAPTIVE },
    rule: cauchy.Adagrad,
  }),
  contender('Adadelta', "steps in the parameters' own unit", {
    space: { lr: FACTOR, rho: nearOne(0.8, 0.99) },
    rule: cauchy.Adadelta,
  }),
  contender('RMSprop', 'rates by a running mean of squared gradients', {
    space: { lr: ADAPTIVE, alpha: nearOne(0.9, 0.999) },
    rule: cauchy.RMSprop,
  }),
  contender('Adam', 'momentum and RMSprop, bias corrected', { space: ADAM, rule: cauchy.Adam }),
  contender('AdamW', 'Adam with decoupled decay', {
    space: { ...ADAM, weightDecay: DECAY },
    rule: cauchy.AdamW,
  }),
  contender('Adamax', 'Adam with the largest gradient instead of the mean square', {
    space: ADAM,
    rule: cauchy.Adamax,
  }),
  contender('NAdam', "Adam with Nesterov's momentum", { space: ADAM, rule: cauchy.NAdam }),
  contender('RAdam', 'Adam with a rectified start', { space: ADAM, rule: cauchy.RAdam }),
  contender('AdaBelief', 'Adam over the surprise in the gradient', { space: ADAM, rule: cauchy.AdaBelief }),
  contender('Yogi', 'Adam whose second moment grows slowly', { space: ADAM, rule: cauchy.Yogi }),
  contender('ADOPT', 'Adam that divides by the last second moment', { space: ADAM, rule: cauchy.ADOPT }),
  contender('Adan', "Adam with Nesterov's momentum from gradient differences", {
    space: { lr: ADAPTIVE, beta1: nearOne(0.8, 0.99), beta2: nearOne(0.8, 0.99), beta3: nearOne(0.9, 0.999) },
    rule: cauchy.Adan,
  }),
  contender('Adafactor', 'second moments by rows and columns', {
    space: { lr: ADAPTIVE },
    rule: cauchy.Adafactor,
  }),
  contender('Lion', 'the sign of a momentum', {
    space: { lr: DESCENT, beta1: nearOne(0.8, 0.99), beta2: nearOne(0.9, 0.999), weightDecay: DECAY },
    rule: cauchy.Lion,
  }),
  contender('SignSGD', 'the sign of the gradient', { space: { lr: DESCENT }, rule: cauchy.SignSGD }),
  contender('LAMB', 'Adam scaled by the norm of each tensor', {
    space: ADAM,
    rule: cauchy.LAMB,
  }),
  contender('NovoGrad', 'one second moment for each tensor', {
    space: { lr: ADAPTIVE, beta1: nearOne(0.8, 0.99), beta2: nearOne(0.2, 0.99) },
    rule: cauchy.NovoGrad,
  }),
  contender('MADGRAD', 'dual averaging with cube roots', {
    space: { lr: ADAPTIVE, momentum: MOMENTUM },
    rule: cauchy.MADGRAD,
  }),
  contender('ScheduleFreeAdamW', 'AdamW that averages instead of annealing', {
    space: ADAM,
    rule: cauchy.ScheduleFreeAdamW,
  }),
  contender('ScheduleFreeSGD', 'SGD that averages instead of annealing', {
    space: { lr: DESCENT },
    rule: cauchy.ScheduleFreeSGD,
  }),
  contender('Prodigy', 'Adam that estimates its rate; lr multiplies it', {
    space: { lr: FACTOR },
    rule: cauchy.Prodigy,
  }),
  {
    name: 'Muon',
    summary: 'orthogonal steps for matrices, AdamW for the rest, one rate',
    space: { lr: ADAPTIVE, momentum: MOMENTUM },
    needsMatrices: true,
    create: muonWithAdamW,
  },
]

export function contenderOf(name: string): Contender {
  const found = contenders.find((candidate) => candidate.name === name)
  if (found === undefined) throw new RangeError(`bench: there is no optimizer ${JSON.stringify(name)}`)
  return found
}
