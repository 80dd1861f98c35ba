// Where state that TypeScript computes counts as zero: the threshold of the lane vocabulary's `tiny`.
import type { FloatArray } from './types'

/** x, or 0 where it is below what the array's type keeps as state; never negative. */
export const flushTiny = (array: FloatArray, x: number): number =>
  x < (array.BYTES_PER_ELEMENT === 4 ? 2 ** -100 : 2 ** -900) ? 0 : x
