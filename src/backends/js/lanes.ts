// The lane vocabulary on one lane: what every operation of a rule body means, bit for bit.
import { CUBE_ROOT_BIAS, fromUpperBits, round, TINY, TINY_NORM, TINY_SQUARE, upperBits } from '#precision'
import type { FloatArray } from '../../types'

export type Arrays = readonly FloatArray[]
export type Coefficients = Float64Array
export type Sums = Float64Array

/**
 * A rule body over elements begin … end, or over a matrix of so many rows and columns; c are the gradient's
 * coefficients, r the rule's.
 */
export type Kernel = (
  a: Arrays,
  c: Coefficients,
  r: Coefficients,
  s: Sums,
  begin: number,
  end: number,
) => void

export const array = (a: Arrays, slot: number): FloatArray => a[slot]
export const coefficient = (c: Coefficients, k: number): number => round(c[k])
export const step = (): number => 1
export const read = (p: FloatArray, i: number): number => p[i]
/** In loops over one array alone; nothing can be fetched ahead here. */
export const readAhead = read
export function write(p: FloatArray, i: number, x: number): void {
  p[i] = x
}

export const add = (a: number, b: number): number => round(a + b)
export const sub = (a: number, b: number): number => round(a - b)
export const mul = (a: number, b: number): number => round(a * b)
export const div = (a: number, b: number): number => round(a / b)
export const sqrt = (a: number): number => round(Math.sqrt(a))
export const abs = (a: number): number => Math.abs(a)
export const neg = (a: number): number => -a
// Not Math.max and Math.min, which treat NaN and −0 otherwise.
export const max = (a: number, b: number): number => (a < b ? b : a)
export const min = (a: number, b: number): number => (b < a ? b : a)
/** −1, 0 or 1; +0 for both zeros, NaN for NaN. */
export const sign = (a: number): number => (a > 0 ? 1 : a < 0 ? -1 : a === 0 ? 0 : a)

/** ∛a within 4 %, for positive normal a: a third of its bits, taken as an integer; of a double's upper half. */
export function cubeRootGuess(a: number): number {
  const h = upperBits(a)
  const q = (h >>> 2) + (h >>> 4)
  const r = q + (q >>> 4)
  return fromUpperBits(r + (r >>> 8) + CUBE_ROOT_BIAS)
}

export const zero = (): number => 0

/** a, or +0 where |a| is below the threshold. */
export const flush = (a: number, threshold: number): number => (Math.abs(a) < threshold ? 0 : a)

/** a, or +0 where a is below the threshold: for what is never negative, one operation less. */
export const flushPositive = (a: number, threshold: number): number => (a < threshold ? 0 : a)

/** x where a is below b, else y. */
export const select = (a: number, b: number, x: number, y: number): number => (a < b ? x : y)

/** Below it, a value is taken for zero: its products with coefficients would be subnormal. */
export const tiny = (): number => TINY

/** Below it, a value is taken for zero before it is squared. */
export const tinySquare = (): number => TINY_SQUARE

/** s[k][i mod 16] ← s[k][i mod 16] + x·y, in double; without x and y whose double products would be subnormal. */
export function accumulateProduct(s: Sums, k: number, i: number, x: number, y: number): void {
  s[k * 16 + (i & 15)] += flush(x, TINY_NORM) * flush(y, TINY_NORM)
}

/** s[k][i mod 16] ← s[k][i mod 16] + x², in double. */
export function accumulateSquare(s: Sums, k: number, i: number, x: number): void {
  accumulateProduct(s, k, i, x, x)
}

/** s[k][i mod 16] ← s[k][i mod 16] + g², in double, the gradient as the rules see it: both thresholds in one. */
export function accumulateGradient(s: Sums, k: number, i: number, g: number): void {
  const g1 = flush(g, max(TINY, TINY_NORM))
  s[k * 16 + (i & 15)] += g1 * g1
}

/** s[k][i mod 16] ← s[k][i mod 16] + |x|, in double; without what counts as zero in products. */
export function accumulateAbs(s: Sums, k: number, i: number, x: number): void {
  s[k * 16 + (i & 15)] += Math.abs(flush(x, TINY_NORM))
}

/** s[k][i mod 16] ← max(s[k][i mod 16], x). */
export function accumulateMax(s: Sums, k: number, i: number, x: number): void {
  const t = k * 16 + (i & 15)
  s[t] = max(s[t], x)
}

/** t[i] ← t[i] + x², in double: each column's own sum. */
export function accumulateColumn(t: FloatArray, i: number, x: number): void {
  t[i] += flush(x, TINY_NORM) * flush(x, TINY_NORM)
}

/** Doubles, one for each column. */
export const columnSums = (a: Arrays, slot: number): FloatArray => a[slot]

/** The row's own element of an array with one for each row. */
export const rowElement = (a: Arrays, slot: number): number => a[slot][0]

/** The element at an index, in every lane. */
export const broadcast = (p: FloatArray, i: number): number => p[i]

export function copyElement(to: FloatArray, i: number, from: FloatArray, k: number): void {
  to[i] = from[k]
}

/** A coefficient that counts. */
export const count = (c: Coefficients, k: number): number => c[k]

/** From one element to the next, in indices. */
export const unit = (): number => 1

export { padded } from '../../memory'
