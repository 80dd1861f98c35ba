// Schedules in pieces: values between boundaries, and other schedules one after the other.
import {
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  kindError,
  valueError,
} from '../check'
import { checkTime, type Schedule } from './schedule'

export interface PiecewiseOptions {
  /** Steps at which the pieces end, integers ≥ 1, strictly ascending. */
  boundaries: readonly number[]
  /** The rates at step 0 and at each boundary, ≥ 0: one more than boundaries. */
  values: readonly number[]
  /** Whether a value stays until the next boundary, or goes straight to the next value. Default 'constant'. */
  interpolation?: 'constant' | 'linear'
}

export interface JoinOptions {
  /** At least one function of the step. */
  schedules: readonly Schedule[]
  /** The step at which each schedule but the first takes over, integers ≥ 1, strictly ascending. */
  boundaries: readonly number[]
}

/** values[i] from boundaries[i − 1] on, or the straight line from there to values[i + 1] at boundaries[i] */
export function piecewise(options: PiecewiseOptions): Schedule {
  const who = 'schedules.piecewise'
  const given = checkOptions(who, options, ['boundaries', 'values', 'interpolation'])
  const starts = [0, ...checkBoundaries(who, given.boundaries)]
  const rates = checkValues(who, given.values, starts.length)
  const { interpolation = 'constant' } = given
  const linear = checkOneOf(`${who}: interpolation`, interpolation, ['constant', 'linear']) === 'linear'
  return (time) => {
    const t = checkTime(who, time)
    const i = pieceAt(starts, t)
    if (!linear || i === starts.length - 1) return rates[i]
    return rates[i] + (rates[i + 1] - rates[i]) * ((t - starts[i]) / (starts[i + 1] - starts[i]))
  }
}

/** schedules[i](t − boundaries[i − 1]), i = number of boundaries ≤ t */
export function join(options: JoinOptions): Schedule {
  const who = 'schedules.join'
  const given = checkOptions(who, options, ['schedules', 'boundaries'])
  const parts = checkParts(who, given.schedules)
  const starts = [0, ...checkBoundaries(who, given.boundaries)]
  if (starts.length !== parts.length) {
    const wanted = `of length ${parts.length - 1}, one fewer than schedules`
    throw valueError(`${who}: boundaries`, wanted, given.boundaries)
  }
  return (time) => {
    const t = checkTime(who, time)
    const i = pieceAt(starts, t)
    return checkNumber(`${who}: schedules[${i}](${t - starts[i]})`, parts[i](t - starts[i]))
  }
}

const pieceAt = (starts: readonly number[], t: number) => starts.filter((start) => start <= t).length - 1

function checkBoundaries(who: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw kindError(`${who}: boundaries`, 'an array of integers', value)
  const steps = Array.from(value, (item, i) => checkInteger(`${who}: boundaries[${i}]`, item, 1))
  if (steps.some((step, i) => step <= steps[i - 1])) {
    throw valueError(`${who}: boundaries`, 'in strictly ascending order', value)
  }
  return steps
}

function checkValues(who: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value)) throw kindError(`${who}: values`, 'an array of rates', value)
  if (value.length !== length) {
    throw valueError(`${who}: values`, `of length ${length}, one more than boundaries`, value)
  }
  return Array.from(value, (item, i) => checkNumber(`${who}: values[${i}]`, item, { min: 0 }))
}

function checkParts(who: string, value: unknown): Schedule[] {
  if (!Array.isArray(value)) throw kindError(`${who}: schedules`, 'an array of functions', value)
  if (value.length === 0) throw new RangeError(`${who}: schedules must not be empty`)
  return Array.from(value, (item, i) => {
    checkFunction(`${who}: schedules[${i}]`, item)
    return item
  })
}
