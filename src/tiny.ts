// Where state that TypeScript computes counts as zero: the threshold of the lane vocabulary's `tiny`.
import { TINY as TINY_FLOAT32 } from './backends/js/float32'
import { TINY as TINY_FLOAT64 } from './backends/js/float64'
import type { FloatArray } from './types'

/** x, or 0 where it is below what the array's type keeps as state; never negative. */
export const flushTiny = (array: FloatArray, x: number): number =>
  x < (array.BYTES_PER_ELEMENT === 4 ? TINY_FLOAT32 : TINY_FLOAT64) ? 0 : x
