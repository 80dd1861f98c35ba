// What every initialiser does with its arguments: the array, its shape, the source of random numbers.
import { checkInteger, checkOptions, kindError, valueError } from '../check'
import { createRandom, type Random } from '../random'
import { checkFloatArray, checkShape } from '../tensors'
import type { FloatArray, Shape } from '../types'

/** Where random numbers come from: exactly one of the two. */
export type RandomSource =
  | {
      /** A stream of its own: an integer in [0, 2⁵³). Give every array another. */
      seed: number
      random?: never
    }
  | {
      /** A stream to draw from, shared by several arrays; see {@link createRandom}. */
      random: Random
      seed?: never
    }

export interface Shaped {
  /** The array's dimensions: [out, in, …kernel]. */
  shape: Shape
}

export interface Arguments {
  readonly given: Record<string, unknown>
  readonly array: FloatArray
}

/** The array and the options of the initialiser `who`, whose own options are `known`. */
export function checkArguments(
  who: string,
  array: unknown,
  options: unknown,
  known: readonly string[],
): Arguments {
  return { given: checkOptions(who, options, known), array: checkFloatArray(`${who}: array`, array) }
}

export function checkSource(who: string, { seed, random }: Record<string, unknown>): Random {
  if (random === undefined) return createRandom(checkInteger(`${who}: seed`, seed, 0))
  if (seed !== undefined) throw new TypeError(`${who}: give seed or random, not both`)
  const { uniform, normal } = (random ?? {}) as Partial<Random>
  if (typeof uniform !== 'function' || typeof normal !== 'function') {
    throw kindError(`${who}: random`, 'a stream from createRandom', random)
  }
  return random as Random
}

/** The shape, of at least two dimensions and as many elements as the array has. */
export function checkMatrixShape(who: string, array: FloatArray, value: unknown): Shape {
  const { shape, length } = checkShape(`${who}: shape`, value)
  if (shape.length < 2) throw valueError(`${who}: shape`, 'of two or more dimensions, [out, in, …]', value)
  if (length !== array.length) {
    throw valueError(`${who}: shape`, `of as many elements as the array (${array.length})`, value)
  }
  return shape
}

/** Assigns every element in order, rounded to the array's element type. */
export function fill<A extends FloatArray>(array: A, next: () => number): A {
  for (let i = 0; i < array.length; i++) array[i] = next()
  return array
}
