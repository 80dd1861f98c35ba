// Hyper-parameters as data: a default and a check each, from which groups validate every assignment.
import { checkBoolean, checkNumber, checkOneOf, kindError, type Range } from './check'

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

export const flag = (value: boolean): Option<boolean> => ({ default: value, check: checkBoolean })

export const oneOf = <T extends string>(value: T, names: readonly T[]): Option<T> => ({
  default: value,
  check: (who, got) => checkOneOf(who, got, names),
})

/** Decay rates of running averages, each in [0, 1); two or three of them. */
export const betas = <B extends readonly [number, number] | readonly [number, number, number]>(
  ...rates: B
): Option<Readonly<B>> => ({
  default: Object.freeze(rates),
  check(who, got) {
    if (!Array.isArray(got) || got.length !== rates.length) {
      throw kindError(who, rates.length === 2 ? 'two numbers' : 'three numbers', got)
    }
    const range = { min: 0, max: 1, openMax: true }
    return Object.freeze(
      rates.map((_, k) => checkNumber(`${who}[${k}]`, got[k], range)),
    ) as unknown as Readonly<B>
  },
})

export const rate = (value: number): Option<number> => number(value, { min: 0 })
