// Initialisers from a given distribution: constant, uniform, normal and truncated normal.
import { checkNumber, valueError } from '../check'
import type { FloatArray } from '../types'
import { checkArguments, checkSource, fill, type RandomSource } from './fill'
import { truncatedStandardNormal } from './truncated'

export interface ConstantOptions {
  /** What every element becomes; finite. */
  value: number
}

export type UniformOptions = RandomSource & {
  /** The lower end, default 0. */
  low?: number
  /** The upper end, ≥ low, default 1. */
  high?: number
}

export type NormalOptions = RandomSource & {
  /** Default 0. */
  mean?: number
  /** Standard deviation, ≥ 0. Default 1. */
  std?: number
}

export type TruncatedNormalOptions = RandomSource & {
  /** The mean before truncation, within 1e8 std of the bounds. Default 0. */
  mean?: number
  /** The standard deviation before truncation, > 0. Default 1. */
  std?: number
  /** The least value. Default −2. */
  lower?: number
  /** The greatest value, > lower. Default 2. */
  upper?: number
}

/** x = value */
export function constant<A extends FloatArray>(array: A, options: ConstantOptions): A {
  const who = 'init.constant'
  const { given } = checkArguments(who, array, options, ['value'])
  array.fill(checkNumber(`${who}: value`, given.value))
  return array
}

/** x uniform in [low, high) */
export function uniform<A extends FloatArray>(array: A, options: UniformOptions): A {
  const who = 'init.uniform'
  const { given } = checkArguments(who, array, options, ['seed', 'random', 'low', 'high'])
  const { low = 0, high = 1 } = given
  const from = checkNumber(`${who}: low`, low)
  const to = checkNumber(`${who}: high`, high)
  if (to < from) throw valueError(`${who}: high`, `at least low (${from})`, to)
  const random = checkSource(who, given)
  return fill(array, () => from + (to - from) * random.uniform())
}

/** x = mean + std · N(0, 1) */
export function normal<A extends FloatArray>(array: A, options: NormalOptions): A {
  const who = 'init.normal'
  const { given } = checkArguments(who, array, options, ['seed', 'random', 'mean', 'std'])
  const { mean = 0, std = 1 } = given
  const center = checkNumber(`${who}: mean`, mean)
  const spread = checkNumber(`${who}: std`, std, { min: 0 })
  const random = checkSource(who, given)
  return fill(array, () => center + spread * random.normal())
}

/** x = mean + std · N(0, 1), given that lower ≤ x ≤ upper */
export function truncatedNormal<A extends FloatArray>(array: A, options: TruncatedNormalOptions): A {
  const who = 'init.truncatedNormal'
  const known = ['seed', 'random', 'mean', 'std', 'lower', 'upper']
  const { given } = checkArguments(who, array, options, known)
  const { mean = 0, std = 1, lower = -2, upper = 2 } = given
  const center = checkNumber(`${who}: mean`, mean)
  const spread = checkNumber(`${who}: std`, std, { min: 0, openMin: true })
  const least = checkNumber(`${who}: lower`, lower)
  const greatest = checkNumber(`${who}: upper`, upper)
  if (greatest <= least) throw valueError(`${who}: upper`, `above lower (${least})`, greatest)
  const [a, b] = [(least - center) / spread, (greatest - center) / spread]
  if (Math.max(a, -b) > 1e8) throw valueError(`${who}: mean`, 'within 1e8 std of [lower, upper]', center)
  const random = checkSource(who, given)
  const next = truncatedStandardNormal(random, a, b)
  // Rounding may carry a draw at the edge across it.
  return fill(array, () => Math.min(greatest, Math.max(least, center + spread * next())))
}
