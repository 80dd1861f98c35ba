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

/** Two numbers, each in a range of its own. */
export const pair = (
  defaults: readonly [number, number],
  ranges: readonly [Range, Range],
): Option<readonly [number, number]> => ({
  default: Object.freeze(defaults),
  check(who, got) {
    if (!Array.isArray(got) || got.length !== 2) throw kindError(who, 'two numbers', got)
    return Object.freeze([
      checkNumber(`${who}[0]`, got[0], ranges[0]),
      checkNumber(`${who}[1]`, got[1], ranges[1]),
    ] as const)
  },
})

/** A number of steps. */
export const count = (value: number): Option<number> => ({
  default: value,
  check: (who, got) => checkInteger(who, got, 0),
})

const UNIT: Range = { min: 0, max: 1, openMax: true }

/** Decay rates of running averages, each in [0, 1). */
export const betas = (first: number, second: number) => pair([first, second], [UNIT, UNIT])

export const rate = (value: number): Option<number> => number(value, { min: 0 })
