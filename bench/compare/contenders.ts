// The optimizers that are compared, and the learning rates each is given.
import { Adagrad, Adam, AdamW, LAMB, type LoopOptimizer, type Params, RMSprop, SGD } from 'cauchy'

export interface Contender {
  readonly name: string
  /** Five rates, a factor of ten apart: from one that barely moves to one that is too high. */
  readonly rates: readonly number[]
  create(params: Params, options: { lr: number; backend?: 'native' | 'wasm' | 'js' }): LoopOptimizer
}

const LARGE = [0.001, 0.01, 0.1, 1, 10]
const SMALL = [0.0001, 0.001, 0.01, 0.1, 1]

export const contenders: readonly Contender[] = [
  { name: 'SGD', rates: LARGE, create: (params, options) => new SGD(params, options) },
  {
    name: 'SGD momentum',
    rates: LARGE,
    create: (params, options) => new SGD(params, { ...options, momentum: 0.9 }),
  },
  {
    name: 'SGD Nesterov',
    rates: LARGE,
    create: (params, options) => new SGD(params, { ...options, momentum: 0.9, nesterov: true }),
  },
  { name: 'Adagrad', rates: LARGE, create: (params, options) => new Adagrad(params, options) },
  { name: 'RMSprop', rates: SMALL, create: (params, options) => new RMSprop(params, options) },
  { name: 'Adam', rates: SMALL, create: (params, options) => new Adam(params, options) },
  { name: 'AdamW', rates: SMALL, create: (params, options) => new AdamW(params, options) },
  { name: 'LAMB', rates: SMALL, create: (params, options) => new LAMB(params, options) },
]
