// Gradient accumulation: the mean over several micro-batches as one gradient.
import { chooseBackend } from '../backend'
import { checkInteger, checkNumber, checkOneOf, checkOptions, kindError, show, unknownName } from '../check'
import { newArray } from '../memory'
import { overlaps } from '../places'
import { checkSavedArray, dtypeOf } from '../tensors'
import type { BackendName, FloatArray, Grads } from '../types'
import { collect, gradientRow, ruleRow, Vectors } from '../vectors'

export interface GradientAccumulatorOptions {
  /** Which backend computes. Default 'auto'. */
  backend?: 'auto' | BackendName
}

/** What an accumulator holds between two micro-batches. */
export interface GradientAccumulatorState {
  /** Micro-batches in the sums, and the sum of their weights. */
  count: number
  weight: number
  /** Whether gradients come in a list or a record. */
  form: 'list' | 'record'
  /** By gradient; null where none came so far. */
  sums: Record<string, FloatArray | null>
}

/** Sums of gradients by name, in the form in which they came. */
interface Sums {
  readonly list: boolean
  readonly names: readonly string[]
  readonly arrays: (FloatArray | null)[]
}

/**
 * Averages the gradients of k micro-batches into one, as if they were one batch.
 *
 * ```text
 * s ← s + n·g              for every micro-batch, of weight n
 * g = s / Σ n              after the k-th
 * ```
 *
 * `add(grads, weight)` returns null until the k-th call, then the mean in the gradients' form: for any optimizer's `step`,
 * after transformations if wanted. The arrays returned are the accumulator's and valid until the next `add`, which starts
 * afresh, whether the step was taken or skipped. `null` gradients add nothing; a tensor that had no others is null in the
 * mean. A NaN or an infinity stays one.
 *
 * Options: `every` k, an integer ≥ 1 · `weight` of `add` > 0, default 1 (the number of examples, say) · `backend`, default 'auto'.
 *
 * State: one sum for each gradient, of its type; `count` micro-batches in it, and their weights. `flush()` gives the mean
 * so far, `reset()` forgets it; `stateDict()` and `loadStateDict()` carry it over to another run, between any two batches.
 *
 * Deviations: gradients below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero.
 *
 * @example
 * ```ts
 * import { GradientAccumulator, SGD } from 'cauchy'
 * const w = Float64Array.of(5)
 * const opt = new SGD({ w }, { lr: 1 })
 * const accumulator = new GradientAccumulator(2)
 * for (const gradient of [1, 3]) {
 *   const mean = accumulator.add({ w: Float64Array.of(gradient) })
 *   if (mean) opt.step(mean)
 * }
 * w[0] // → 3
 * ```
 * @throws TypeError for wrong kinds and names or types other than before, RangeError for values out of range and other
 * lengths; nothing is added then.
 */
export class GradientAccumulator {
  readonly every: number
  readonly #backend: BackendName
  #sums: Sums | undefined
  #vectors: Vectors | undefined
  #count = 0
  #weight = 0
  #seen: boolean[] = []

  constructor(every: number, options?: GradientAccumulatorOptions) {
    this.every = checkInteger('GradientAccumulator: every', every, 1)
    const { backend } = checkOptions('GradientAccumulator', options, ['backend'])
    this.#backend = chooseBackend('GradientAccumulator', backend).info.name
  }

  /** How many micro-batches the next mean has so far. */
  get count(): number {
    return this.#count
  }

  /** Adds a micro-batch; the mean after every k-th, else null. */
  add<G extends Grads>(grads: G, weight = 1): G | null {
    const who = 'GradientAccumulator.add'
    checkNumber(`${who}: weight`, weight, { min: 0, openMin: true })
    if (ArrayBuffer.isView(grads)) throw kindError(`${who}: grads`, 'arrays in a list or a record', grads)
    const named = new Map(collect(who, grads).map(({ name, array }) => [name, array]))
    const known = this.#sums
    const names = Object.keys(grads)
    const list = Array.isArray(grads)
    if (known) check(who, known, list, names, named)
    const sums = known ?? { list, names, arrays: names.map(() => null) }
    if (this.#count === 0) {
      for (const array of sums.arrays) array?.fill(0)
      this.#seen = sums.names.map(() => false)
      this.#weight = 0
    }
    this.#open(sums, named)
    const present = sums.names.flatMap((name, t) => (sums.arrays[t] ? [named.get(name) ?? null] : []))
    this.#vectors?.run('addScaled', () => ruleRow(weight), present)
    sums.names.forEach((name, t) => {
      this.#seen[t] ||= named.has(name)
    })
    this.#weight += weight
    this.#count++
    return this.#count === this.every ? (this.flush() as G) : null
  }

  /** Makes sums for gradients that were null so far. */
  #open(sums: Sums, named: ReadonlyMap<string, FloatArray>): void {
    const fresh = sums.names.flatMap((name, t) => (named.has(name) && sums.arrays[t] === null ? [t] : []))
    for (const t of fresh) {
      const array = named.get(sums.names[t]) as FloatArray
      sums.arrays[t] = newArray(dtypeOf(array), array.length)
    }
    this.#sums = sums
    if (fresh.length === 0) return
    const arrays = sums.arrays.filter((array) => array !== null)
    this.#vectors = new Vectors('GradientAccumulator', arrays, this.#backend)
  }

  /** The mean of the micro-batches so far, null if there are none; the next `add` starts afresh. */
  flush(): Grads | null {
    const sums = this.#sums
    if (sums === undefined || this.#count === 0) return null
    const factor = 1 / this.#weight
    if (factor !== 1) this.#vectors?.run('clip', () => gradientRow(factor))
    this.#count = 0
    const mean = sums.arrays.map((array, t) => (this.#seen[t] ? array : null))
    return sums.list ? mean : Object.fromEntries(sums.names.map((name, t) => [name, mean[t]]))
  }

  /** Forgets the micro-batches so far. */
  reset(): void {
    this.#count = 0
  }

  /** A copy of the micro-batches so far; any backend loads it. */
  stateDict(): GradientAccumulatorState {
    const known = this.#count > 0 ? this.#sums : undefined
    const sums = known?.names.map((name, t) => [name, (this.#seen[t] && known.arrays[t]?.slice()) || null])
    return {
      count: this.#count,
      weight: this.#count > 0 ? this.#weight : 0,
      form: known?.list ? 'list' : 'record',
      sums: Object.fromEntries(sums ?? []),
    }
  }

  /** Goes on where `stateDict()` was called; checks all of it first and changes nothing when it throws. */
  loadStateDict(saved: GradientAccumulatorState): void {
    const who = 'GradientAccumulator.loadStateDict'
    const { count, weight, list, arrays } = checkState(who, saved, this.every)
    const names = Object.keys(saved.sums)
    const own = count > 0 ? arrays.map((array) => array?.slice() ?? null) : []
    const present = own.filter((array) => array !== null)
    const vectors =
      present.length > 0 ? new Vectors('GradientAccumulator', present, this.#backend) : undefined
    this.#sums = count > 0 ? { list, names, arrays: own } : undefined
    this.#vectors = vectors
    this.#seen = own.map((array) => array !== null)
    this.#count = count
    this.#weight = weight
  }
}

function checkState(who: string, saved: unknown, every: number) {
  if (typeof saved !== 'object' || saved === null)
    throw kindError(who, 'a record as stateDict() returns', saved)
  const { count, weight, form, sums } = saved as Partial<Record<string, unknown>>
  const got = checkInteger(`${who}: count`, count, 0, every - 1)
  const list = checkOneOf(`${who}: form`, form, ['list', 'record']) === 'list'
  if (typeof sums !== 'object' || sums === null || Array.isArray(sums)) {
    throw kindError(`${who}: sums`, 'a record as stateDict() returns', sums)
  }
  return {
    count: got,
    weight: checkNumber(`${who}: weight`, weight, { min: 0, openMin: got > 0 }),
    list,
    arrays: Object.entries(sums).map(([name, array]) =>
      array === null ? null : checkSavedArray(`${who}: sum ${show(name)}`, array),
    ),
  }
}

function check(
  who: string,
  sums: Sums,
  list: boolean,
  names: readonly string[],
  named: ReadonlyMap<string, FloatArray>,
): void {
  if (list !== sums.list)
    throw kindError(`${who}: grads`, `a ${sums.list ? 'list' : 'record'} as before`, names)
  const [known, given] = [new Set(sums.names), new Set(names)]
  for (const name of names) {
    if (!known.has(name)) throw unknownName(`${who}: unknown gradient`, name, sums.names)
  }
  sums.names.forEach((name, t) => {
    const where = `${who}: gradient ${show(name)}`
    if (!given.has(name)) throw new TypeError(`${where} is missing (null adds nothing)`)
    const [sum, array] = [sums.arrays[t], named.get(name)]
    if (sum === null || array === undefined) return
    if (dtypeOf(sum) !== dtypeOf(array)) throw kindError(where, `a ${dtypeOf(sum)} array as before`, array)
    if (sum.length !== array.length) {
      throw new RangeError(`${where} must have length ${sum.length} as before, got ${array.length}`)
    }
    if (overlaps(sum, array))
      throw new TypeError(`${where} must not be one of the mean, got what add returned`)
  })
}
