// Which rows are measured: all of a full run, the few of a quick one, or those that a filter names.
import { type Filter, type Keys, matches } from './filter'
import { type BenchRule, RULES } from './rules'
import { DTYPES, LOW_PRECISION, MODES, type Mode, type Spec } from './spec'
import { BACKENDS, ISAS, statesOf, type Target, THREADS, threadsOf } from './targets'

export const FILTER_KEYS = {
  backend: BACKENDS,
  isa: ISAS,
  threads: 'count',
  rule: [...RULES.keys()],
  dtype: DTYPES,
  state: [...DTYPES, ...LOW_PRECISION, 'none'],
  n: 'count',
  tensors: 'count',
  mode: [...MODES, 'cold-start'],
} as const satisfies Keys

const KI = 1024
const MI = KI * KI
const SIZES = [16, 256, 4 * KI, 64 * KI, MI, 16 * MI, 64 * MI]
const QUICK_SIZES = [16, 4 * KI, 64 * KI, MI]
const QUICK_RULES = ['momentum', 'adamw']
/** Where a quick run measures state of low precision: elsewhere it takes long and tells little. */
const QUICK_LOW_PRECISION = ['native']
/** Fits into the cache next to the processor, where arithmetic shows. */
const DEAD_SIZE = 16 * KI

/** Rows that belong together; the filter's values go before the lists given here. */
interface Family {
  readonly mode: Mode
  readonly tensors: number
  readonly rules: readonly string[]
  readonly sizes: readonly number[]
  /** Whether other sizes can be asked for. */
  readonly anySize: boolean
  readonly dtypes: readonly Spec['dtype'][]
  readonly targets: readonly Target[]
  readonly threads: readonly number[]
  /** Backends whose state is measured in low precision too. */
  readonly lowPrecision: readonly string[]
}

function families(targets: readonly Target[], quick: boolean): Family[] {
  const sizes = quick ? QUICK_SIZES : SIZES
  const rules = [...RULES.values()]
  const best = targets.filter(
    (target, k) => k === targets.findIndex(({ backend }) => backend === target.backend),
  )
  const swept = quick ? QUICK_RULES : rules.filter((rule) => rule.swept).map(({ name }) => name)
  const common = { threads: THREADS, lowPrecision: quick ? QUICK_LOW_PRECISION : BACKENDS }
  const adamw = { ...common, rules: ['adamw'], dtypes: ['float32'], targets: best } as const
  const one = { tensors: 1, anySize: true }
  return [
    {
      ...common,
      ...one,
      mode: 'owned',
      rules: swept,
      sizes,
      dtypes: quick ? ['float32'] : DTYPES,
      targets: quick ? best : targets,
    },
    { ...one, ...adamw, mode: 'callers', sizes: quick ? [64 * KI] : sizes },
    { ...one, ...adamw, mode: 'clip-norm', sizes: quick ? [64 * KI] : sizes },
    { ...adamw, mode: 'owned', tensors: 10, sizes: [1000], anySize: false },
    { ...adamw, mode: 'owned', tensors: 100, sizes: [100_000], anySize: false },
    {
      ...common,
      threads: [1],
      mode: 'dead',
      tensors: 1,
      rules: quick ? QUICK_RULES : rules.map(({ name }) => name),
      sizes: [DEAD_SIZE],
      anySize: false,
      dtypes: ['float32'],
      targets: best.filter(({ backend }) => backend !== 'js'),
    },
  ]
}

function specsOf(family: Family, filter: Filter, all: readonly Target[]): Spec[] {
  const { mode, tensors, anySize, lowPrecision } = family
  const rules = filter.get('rule') ?? family.rules
  const sizes = anySize && filter.has('n') ? (filter.get('n') ?? []).map(Number) : family.sizes
  const dtypes = (filter.get('dtype') as Spec['dtype'][] | undefined) ?? family.dtypes
  // An instruction set or a backend that is named is measured in every family.
  const targets = filter.has('isa') || filter.has('backend') ? all : family.targets
  const states = (rule: BenchRule, target: Target, dtype: Spec['dtype']) =>
    statesOf(rule, target, dtype, filter.has('state') || lowPrecision.includes(target.backend))
  return rules.flatMap((name) => {
    const rule = RULES.get(name)
    if (rule === undefined) throw new Error(`no rule ${name}`)
    return dtypes.flatMap((dtype) =>
      sizes.flatMap((n) =>
        targets.flatMap((target) =>
          states(rule, target, dtype).flatMap((state) =>
            threadsOf(target, family.threads).map((threads) => ({
              ...target,
              threads,
              rule: name,
              dtype,
              state,
              n,
              tensors,
              mode,
            })),
          ),
        ),
      ),
    )
  })
}

/** The rows to measure, those to be interleaved next to each other. */
export function plan(targets: readonly Target[], filter: Filter, quick: boolean): Spec[] {
  return families(targets, quick)
    .flatMap((family) => specsOf(family, filter, targets))
    .filter((spec) => matches(filter, spec))
}

/** Whether the start of a process is measured too. */
export function plansColdStart(filter: Filter): boolean {
  return filter.size === 0 || (filter.get('mode')?.includes('cold-start') ?? false)
}
