// The optimizers on offer and their hyper-parameters: names and defaults are the library's, read from an instance.

import type { Optimizer, OptimizerOptions } from 'cauchy'
import * as cauchy from 'cauchy'
import { checkInteger } from '../check'

export type Value = number | boolean | string | readonly number[]
export type Options = Readonly<Record<string, Value>>

interface AnyOptimizer extends Omit<Optimizer<cauchy.CommonOptions>, 'params' | 'step'> {
  readonly params: { readonly x: cauchy.FloatArray }
  step(closure: (grads: { x: cauchy.FloatArray }) => number): unknown
}
type AnyClass = new (params: { x: number[] }, options: object & OptimizerOptions) => AnyOptimizer

interface Entry {
  readonly label: string
  readonly Class: AnyClass
  /** What differs from the library's defaults. */
  readonly preset: Options
}

const entry = (Class: unknown, label: string, preset: Options = {}): Entry => ({
  label,
  Class: Class as AnyClass,
  preset,
})

/** By the name that links use. All rules of the library but Muon and SparseAdam, which take no plain vectors. */
export const CATALOGUE: Readonly<Record<string, Entry>> = {
  SGD: entry(cauchy.SGD, 'Gradient descent'),
  Momentum: entry(cauchy.SGD, 'Heavy-ball momentum', { momentum: 0.9 }),
  Nesterov: entry(cauchy.SGD, 'Nesterov momentum', { momentum: 0.9, nesterov: true }),
  Adagrad: entry(cauchy.Adagrad, 'Adagrad'),
  RMSprop: entry(cauchy.RMSprop, 'RMSprop'),
  Adadelta: entry(cauchy.Adadelta, 'Adadelta'),
  Adam: entry(cauchy.Adam, 'Adam'),
  AdamW: entry(cauchy.AdamW, 'AdamW'),
  AMSGrad: entry(cauchy.Adam, 'Adam with AMSGrad', { amsgrad: true }),
  Adamax: entry(cauchy.Adamax, 'Adamax'),
  NAdam: entry(cauchy.NAdam, 'NAdam'),
  RAdam: entry(cauchy.RAdam, 'RAdam'),
  AdaBelief: entry(cauchy.AdaBelief, 'AdaBelief'),
  Yogi: entry(cauchy.Yogi, 'Yogi'),
  Adan: entry(cauchy.Adan, 'Adan'),
  AdEMAMix: entry(cauchy.AdEMAMix, 'AdEMAMix'),
  ADOPT: entry(cauchy.ADOPT, 'ADOPT'),
  MADGRAD: entry(cauchy.MADGRAD, 'MADGRAD'),
  Lion: entry(cauchy.Lion, 'Lion'),
  SignSGD: entry(cauchy.SignSGD, 'SignSGD'),
  Rprop: entry(cauchy.Rprop, 'Rprop'),
  ASGD: entry(cauchy.ASGD, 'ASGD'),
  LBFGS: entry(cauchy.LBFGS, 'L-BFGS', {
    maxIter: 1,
    historySize: 10,
    lineSearchFn: 'strongWolfe',
  }),
  PolyakSGD: entry(cauchy.PolyakSGD, "SGD with Polyak's step size"),
  Prodigy: entry(cauchy.Prodigy, 'Prodigy'),
  ScheduleFreeSGD: entry(cauchy.ScheduleFreeSGD, 'Schedule-free SGD'),
  ScheduleFreeAdamW: entry(cauchy.ScheduleFreeAdamW, 'Schedule-free AdamW'),
  LARS: entry(cauchy.LARS, 'LARS'),
  LAMB: entry(cauchy.LAMB, 'LAMB'),
  NovoGrad: entry(cauchy.NovoGrad, 'NovoGrad'),
  Adafactor: entry(cauchy.Adafactor, 'Adafactor'),
  SM3: entry(cauchy.SM3, 'SM3'),
}

/** The values of options that are words. 'none' stands for null. */
export const WORDS: Readonly<Record<string, readonly string[]>> = {
  momentumForm: ['heavy', 'ema'],
  lineSearchFn: ['none', 'strongWolfe'],
}

/** Not of interest in two dimensions, or the page's own. */
const HIDDEN = new Set(['params', 'maximize', 'stateDtype', 'seed'])

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((part) => typeof part === 'number')

const known = new Map<string, Options>()

/** Every hyper-parameter the page shows, with the value that `name` starts from; `lr` is among them. */
export function defaultsOf(name: string): Options {
  const defaults = known.get(name) ?? readDefaults(name)
  known.set(name, defaults)
  return defaults
}

function readDefaults(name: string): Options {
  const { Class, preset } = CATALOGUE[name]
  const shown: Record<string, Value> = {}
  const group = new Class({ x: [2] }, {}).groups[0] as unknown as Record<string, unknown>
  for (const [option, value] of Object.entries(group)) {
    if (HIDDEN.has(option)) continue
    if (option in WORDS) shown[option] = (value as string | null) ?? 'none'
    else if (typeof value === 'number' || typeof value === 'boolean' || isNumbers(value))
      shown[option] = value
  }
  return { ...shown, ...preset }
}

/** What a step may do on a page that draws meanwhile, and more than a vector of two has use for. */
const MOST: Readonly<Record<string, number>> = { maxIter: 100, historySize: 100 }

/** An instance over a vector of two, in memory of its own. Throws what the library throws. */
export function create(name: string, options: Options, dtype: 'float32' | 'float64'): AnyOptimizer {
  for (const [option, most] of Object.entries(MOST)) {
    if (option in options) checkInteger(`${name}: ${option}`, options[option], 1, most)
  }
  const given = Object.fromEntries(
    Object.entries(options).map(([option, value]) => [option, value === 'none' ? null : value]),
  )
  return new CATALOGUE[name].Class({ x: [2] }, { ...given, dtype })
}
