// Initialisers whose spread follows from the layer's fans: Xavier (Glorot), He (Kaiming) and LeCun.
import { checkOneOf } from '../check'
import type { FloatArray } from '../types'
import { checkGain, fans, type GainOptions, gainOptions } from './fan'
import { checkArguments, checkMatrixShape, checkSource, fill, type RandomSource, type Shaped } from './fill'

export type LeCunOptions = RandomSource & Shaped

/** The gain is 1 by default. */
export type XavierOptions = LeCunOptions & GainOptions

/** The gain is √2, that of 'relu', by default. */
export type HeOptions = LeCunOptions &
  GainOptions & {
    /** Whether the variance is kept forwards or backwards. Default 'fanIn'. */
    mode?: 'fanIn' | 'fanOut'
  }

type Given = Record<string, unknown>
type Fans = ReturnType<typeof fans>
interface Rule {
  readonly known: readonly string[]
  /** The standard deviation. */
  std(who: string, given: Given, fans: Fans): number
}

const xavier: Rule = {
  known: gainOptions,
  std: (who, given, { fanIn, fanOut }) => checkGain(who, given, 1) * Math.sqrt(2 / (fanIn + fanOut)),
}

const he: Rule = {
  known: [...gainOptions, 'mode'],
  std: (who, given, sizes) => {
    const { mode = 'fanIn' } = given
    const fan = sizes[checkOneOf(`${who}: mode`, mode, ['fanIn', 'fanOut'])]
    return checkGain(who, given, Math.SQRT2) / Math.sqrt(fan)
  },
}

const lecun: Rule = { known: [], std: (_who, _given, { fanIn }) => 1 / Math.sqrt(fanIn) }

/** x uniform in ± gain · √(6 / (fanIn + fanOut)) */
export function xavierUniform<A extends FloatArray>(array: A, options: XavierOptions): A {
  return uniform('init.xavierUniform', xavier, array, options)
}

/** x = gain · √(2 / (fanIn + fanOut)) · N(0, 1) */
export function xavierNormal<A extends FloatArray>(array: A, options: XavierOptions): A {
  return normal('init.xavierNormal', xavier, array, options)
}

/** x uniform in ± gain · √(3 / fan) */
export function heUniform<A extends FloatArray>(array: A, options: HeOptions): A {
  return uniform('init.heUniform', he, array, options)
}

/** x = gain / √fan · N(0, 1) */
export function heNormal<A extends FloatArray>(array: A, options: HeOptions): A {
  return normal('init.heNormal', he, array, options)
}

/** x uniform in ± √(3 / fanIn) */
export function lecunUniform<A extends FloatArray>(array: A, options: LeCunOptions): A {
  return uniform('init.lecunUniform', lecun, array, options)
}

/** x = N(0, 1) / √fanIn */
export function lecunNormal<A extends FloatArray>(array: A, options: LeCunOptions): A {
  return normal('init.lecunNormal', lecun, array, options)
}

function uniform<A extends FloatArray>(who: string, rule: Rule, array: A, options: unknown): A {
  const { std, random } = check(who, rule, array, options)
  const bound = std * Math.sqrt(3)
  return fill(array, () => bound * (2 * random.uniform() - 1))
}

function normal<A extends FloatArray>(who: string, rule: Rule, array: A, options: unknown): A {
  const { std, random } = check(who, rule, array, options)
  return fill(array, () => std * random.normal())
}

function check(who: string, rule: Rule, array: FloatArray, options: unknown) {
  const { given } = checkArguments(who, array, options, ['shape', 'seed', 'random', ...rule.known])
  const shape = checkMatrixShape(who, array, given.shape)
  // Where a fan is 0 there is no element for the infinite spread.
  const std = rule.std(who, given, fans(shape))
  return { std, random: checkSource(who, given) }
}
