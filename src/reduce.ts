// The reduction contract: 16 double accumulators over blocks of 4096 elements, so that sums are the same bits
// at any vector width and thread count.
import { ACCUMULATORS, BLOCK } from './memory'
import type { FloatArray } from './types'

/** Sixteen accumulators from index `at` on to one, in a fixed tree: (0+8, 1+9, …), then halves of that. */
export function fold(s: Float64Array, at = 0): number {
  const t = s.slice(at, at + ACCUMULATORS)
  for (let half = ACCUMULATORS / 2; half >= 1; half /= 2) {
    for (let i = 0; i < half; i++) t[i] += t[i + half]
  }
  return t[0]
}

/** max of two: a where b is NaN. */
export const larger = (a: number, b: number): number => (a < b ? b : a)

/** The same tree over maxima. */
export function foldMax(s: Float64Array, at = 0): number {
  const t = s.slice(at, at + ACCUMULATORS)
  for (let half = ACCUMULATORS / 2; half >= 1; half /= 2) {
    for (let i = 0; i < half; i++) t[i] = larger(t[i], t[i + half])
  }
  return t[0]
}

/** Σ f(x) over the elements of all arrays. */
export function sum(arrays: readonly FloatArray[], f: (x: number) => number): number {
  const s = new Float64Array(ACCUMULATORS)
  let total = 0
  for (const array of arrays) {
    for (let start = 0; start < array.length; start += BLOCK) {
      const end = Math.min(start + BLOCK, array.length)
      s.fill(0)
      for (let i = start; i < end; i++) s[i % ACCUMULATORS] += f(array[i])
      total += fold(s)
    }
  }
  return total
}

/** max |x| over all arrays; NaN if any element is. */
export function maxAbs(arrays: readonly FloatArray[]): number {
  let max = 0
  for (const array of arrays) {
    for (const x of array) {
      if (Number.isNaN(x)) return Number.NaN
      max = Math.max(max, Math.abs(x))
    }
  }
  return max
}
