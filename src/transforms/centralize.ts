// Gradient centralisation: gradients of weights without their mean.
import type { Grads } from '../types'
import { collectShaped, type GradShapes, sumRange } from './units'

/**
 * Subtracts from each gradient of two or more dimensions, in place, its mean over all but the first: row by row,
 * g ← g − mean(g). Tensors of fewer dimensions are left alone.
 *
 * @param grads Arrays in a record or a list; `null` entries are passed over.
 * @param shapes The shapes in the same form, such as `opt.shapes`; the first dimension is taken for the output's.
 *
 * Means are taken in double, the difference is rounded once. A row of one element becomes 0; a NaN or an
 * infinity makes its row NaN.
 *
 * Source: Yong et al., "Gradient Centralization: A New Optimization Technique for Deep Neural Networks" (2020).
 *
 * @example
 * ```ts
 * import { centralizeGrads } from 'cauchy'
 * const w = Float64Array.of(1, 3, 10, 20)
 * centralizeGrads({ w }, { w: [2, 2] })
 * Array.from(w) // → [-1, 1, -5, 5]
 * ```
 * @throws TypeError for wrong kinds, RangeError for shapes of another size.
 */
export function centralizeGrads(grads: Grads, shapes: GradShapes): void {
  for (const { array, rows, dimensions } of collectShaped('centralizeGrads', grads, shapes)) {
    if (dimensions < 2) continue
    const width = array.length / rows
    for (let start = 0; start < array.length; start += width) {
      const end = start + width
      const mean = sumRange(array, start, end) / width
      for (let i = start; i < end; i++) array[i] -= mean
    }
  }
}
