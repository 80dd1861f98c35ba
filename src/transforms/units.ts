// What the transformations that look at a tensor's shape share: its rows, and their norms.
import { kindError, show } from '../check'
import { ACCUMULATORS, BLOCK } from '../memory'
import type { FloatArray, Grads, Shape } from '../types'
import { collect, type NamedArray } from '../vectors'

export interface ShapedArray extends NamedArray {
  /** The slices along the first dimension of a tensor with two or more; a tensor of one is a single row. */
  readonly rows: number
  readonly dimensions: number
}

/** Shapes in the gradients' form, as `opt.shapes` has them. */
export type GradShapes = Readonly<Record<string, Shape>> | readonly Shape[]

/** Gradients with their shapes, checked against each other. */
export function collectShaped(who: string, grads: Grads, shapes: unknown): ShapedArray[] {
  const named = collect(who, grads)
  if (typeof shapes !== 'object' || shapes === null) {
    throw kindError(`${who}: shapes`, 'shapes in a list or a record, such as opt.shapes', shapes)
  }
  return named.map(({ name, array }) => {
    const where = `${who}: the shape of ${show(name)}`
    const shape: unknown = Object.hasOwn(shapes, name) ? (shapes as Record<string, unknown>)[name] : undefined
    if (!Array.isArray(shape) || shape.some((size) => !Number.isInteger(size) || size < 0)) {
      throw kindError(where, 'a list of dimensions', shape)
    }
    const length = shape.reduce((product: number, size: number) => product * size, 1)
    if (length !== array.length) {
      throw new RangeError(`${where} must have ${array.length} elements as the gradient has, got ${length}`)
    }
    return { name, array, dimensions: shape.length, rows: shape.length >= 2 && length > 0 ? shape[0] : 1 }
  })
}

const accumulators = new Float64Array(ACCUMULATORS)

/** Σ x, or Σ (scale·x)², over a range of an array, in the fixed order of reductions. */
export function sumRange(array: FloatArray, start: number, end: number, squared = false, scale = 1): number {
  const s = accumulators
  let total = 0
  for (let from = start; from < end; from += BLOCK) {
    const to = Math.min(from + BLOCK, end)
    s.fill(0)
    for (let i = from; i < to; i++) {
      const x = array[i] * scale
      s[(i - from) & (ACCUMULATORS - 1)] += squared ? x * x : x
    }
    for (let half = ACCUMULATORS / 2; half >= 1; half /= 2) {
      for (let i = 0; i < half; i++) s[i] += s[i + half]
    }
    total += s[0]
  }
  return total
}

/** ‖x‖₂ over a range of an array; scaled down where squares overflow. */
export function normRange(array: FloatArray, start: number, end: number): number {
  const total = sumRange(array, start, end, true)
  if (total !== Number.POSITIVE_INFINITY) return Math.sqrt(total)
  const down = 2 ** -600
  return Math.sqrt(sumRange(array, start, end, true, down)) / down
}
