// Hyper-parameters as data: a default and a check each, from which groups validate every assignment.
import { checkBoolean, checkInteger, checkNumber, checkOneOf, kindError, type Range } from './check'

export interface Option<T> {
  readonly default: T
  /** Returns the value to keep, or throws naming `who`. */
  check(who: string, value: unknown): T
}

export type OptionSpecs<O> = { readonly [K in keyof O]-?: Option<O[K]> }

export const number = (value: number, range: Range = {}): Option<number> => ({
  default: value,
  check: (who, got) => checkNumber(who, got, range),
})

export const integer = (value: number, min: number): Option<number> => ({
  default: value,
  check: (who, got) => checkInteger(who, got, min),
})

export const flag = (value: boolean): Option<boolean> => ({ default: value, check: checkBoolean })

export const oneOf = <T extends string>(value: T, names: readonly T[]): Option<T> => ({
  default: value,
  check: (who, got) => checkOneOf(who, got, names),
})

const COUNTS = ['no', 'one', 'two', 'three']

/** A fixed count of numbers, each in a range of its own. */
export const tuple = <T extends readonly number[]>(
  defaults: T,
  ranges: readonly Range[],
): Option<Readonly<T>> => ({
  default: Object.freeze(defaults),
  check(who, got) {
    if (!Array.isArray(got) || got.length !== defaults.length) {
      throw kindError(who, `${COUNTS[defaults.length]} numbers`, got)
    }
    const numbers = ranges.map((range, k) => checkNumber(`${who}[${k}]`, got[k], range))
    return Object.freeze(numbers) as unknown as Readonly<T>
  },
})

const UNIT: Range = { min: 0, max: 1, openMax: true }

/** Decay rates of running averages, each in [0, 1). */
export const betas = <T extends readonly [number, number] | readonly [number, number, number]>(...rates: T) =>
  tuple(
    rates,
    rates.map(() => UNIT),
  )

export const rate = (value: number): Option<number> => number(value, { min: 0 })
