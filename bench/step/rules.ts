// The rules that are measured: their classes, and the state that a step of theirs reads and writes.
import {
  ADOPT,
  AdaBelief,
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  Adan,
  AdEMAMix,
  ASGD,
  type FloatArray,
  LAMB,
  LARS,
  Lion,
  MADGRAD,
  NAdam,
  NovoGrad,
  PolyakSGD,
  Prodigy,
  RAdam,
  RMSprop,
  Rprop,
  ScheduleFreeAdamW,
  ScheduleFreeSGD,
  SGD,
  SignSGD,
  SM3,
  SparseAdam,
  type StepInfo,
  type StepOptions,
  Yogi,
} from 'cauchy'

/** What the benchmark needs of an optimizer over a list of parameters. */
export interface Stepping {
  readonly params: readonly FloatArray[]
  readonly grads: readonly FloatArray[]
  step(grads?: readonly FloatArray[] | (() => number), options?: StepOptions): StepInfo
  stateDict(): unknown
  loadStateDict(state: unknown): void
}

type Constructor = new (params: readonly unknown[], options: object) => Stepping

export interface BenchRule {
  readonly name: string
  readonly Class: Constructor
  readonly options: object
  /** State arrays that a step reads and writes. */
  readonly written: number
  /** State arrays that it only reads. */
  readonly read: number
  /** Options under which the state forgets within a thousand steps, for the cost of dead gradients. */
  readonly forgetful: object
  /** Whether the size sweep takes it without being asked. */
  readonly swept: boolean
}

const rule = (
  name: string,
  Class: unknown,
  written: number,
  { options = {}, forgetful = {}, read = 0, swept = false } = {},
): BenchRule => ({ name, Class: Class as Constructor, options, written, read, forgetful, swept })

const momentum = { momentum: 0.9 }
const two = { betas: [0.9, 0.9] }
const three = { betas: [0.9, 0.9, 0.9] }

const rows: readonly BenchRule[] = [
  rule('sgd', SGD, 0, { swept: true }),
  rule('momentum', SGD, 1, { options: momentum, swept: true }),
  rule('nesterov', SGD, 1, { options: { ...momentum, nesterov: true } }),
  rule('polyaksgd', PolyakSGD, 0),
  rule('signsgd', SignSGD, 0),
  rule('signum', SignSGD, 1, { options: momentum }),
  rule('lion', Lion, 1, { forgetful: two, swept: true }),
  rule('rprop', Rprop, 2),
  rule('asgd', ASGD, 1),
  rule('adagrad', Adagrad, 1, { swept: true }),
  rule('rmsprop', RMSprop, 1, { forgetful: { alpha: 0.9 }, swept: true }),
  rule('rmsprop-centered-momentum', RMSprop, 3, {
    options: { ...momentum, centered: true },
    forgetful: { alpha: 0.9 },
  }),
  rule('adadelta', Adadelta, 2),
  rule('adam', Adam, 2, { forgetful: two, swept: true }),
  rule('adamw', AdamW, 2, { forgetful: two, swept: true }),
  rule('amsgrad', AdamW, 3, { options: { amsgrad: true }, forgetful: two, swept: true }),
  rule('adamax', Adamax, 2, { forgetful: two }),
  rule('nadam', NAdam, 2, { forgetful: two }),
  rule('radam', RAdam, 2, { forgetful: two }),
  rule('adabelief', AdaBelief, 2, { forgetful: two }),
  rule('yogi', Yogi, 2, { forgetful: two }),
  rule('adan', Adan, 4, { forgetful: three }),
  rule('ademamix', AdEMAMix, 3, { forgetful: three }),
  rule('adopt', ADOPT, 2, { forgetful: two }),
  rule('madgrad', MADGRAD, 3),
  rule('sparseadam', SparseAdam, 2, { forgetful: two }),
  rule('adafactor', Adafactor, 1),
  rule('sm3', SM3, 2, { forgetful: { beta2: 0.9 } }),
  rule('lars', LARS, 1),
  rule('novograd', NovoGrad, 1, { forgetful: two }),
  rule('lamb', LAMB, 2, { forgetful: two }),
  rule('prodigy', Prodigy, 3, { read: 1, forgetful: { ...two, beta3: 0.9 } }),
  rule('schedulefreesgd', ScheduleFreeSGD, 1),
  rule('schedulefreeadamw', ScheduleFreeAdamW, 2, { forgetful: two }),
]

/** Rules whose steps are not made of one pass or few over their memory. */
export const UNMEASURED: ReadonlySet<string> = new Set(['LBFGS', 'Muon'])

export const RULES: ReadonlyMap<string, BenchRule> = new Map(rows.map((row) => [row.name, row]))

/** What a step is called with: rules that need the loss get a constant one. */
export function stepOf(
  { Class }: BenchRule,
  opt: Stepping,
  grads?: readonly FloatArray[],
  options?: StepOptions,
): () => unknown {
  if ((Class as unknown) === PolyakSGD) return () => opt.step(() => 1, options)
  return () => opt.step(grads, options)
}
