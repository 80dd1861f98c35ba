// Orthogonal initialisation: the Q of a Gaussian matrix, in + − × ÷ √ of doubles.
import { checkNumber } from '../check'
import type { FloatArray } from '../types'
import { checkArguments, checkMatrixShape, checkSource, fill, type RandomSource, type Shaped } from './fill'

export type OrthogonalOptions = RandomSource &
  Shaped & {
    /** Multiplies the matrix. Default 1. */
    gain?: number
  }

/**
 * A random matrix [out, in · …] with orthonormal rows, or columns where there are fewer of them, times gain; uniform
 * among all such (Saxe, McClelland and Ganguli, 2014).
 */
export function orthogonal<A extends FloatArray>(array: A, options: OrthogonalOptions): A {
  const who = 'init.orthogonal'
  const { given } = checkArguments(who, array, options, ['shape', 'seed', 'random', 'gain'])
  const rows = checkMatrixShape(who, array, given.shape)[0]
  const { gain = 1 } = given
  const factor = checkNumber(`${who}: gain`, gain)
  const random = checkSource(who, given)
  if (array.length === 0) return array
  const columns = array.length / rows
  const [count, size] = rows <= columns ? [rows, columns] : [columns, rows]
  const vectors = Array.from({ length: count }, () => fill(new Float64Array(size), () => random.normal()))
  orthonormalize(vectors)
  vectors.forEach((vector, k) => {
    if (rows <= columns) for (let j = 0; j < size; j++) array[k * columns + j] = factor * vector[j]
    else for (let i = 0; i < size; i++) array[i * columns + k] = factor * vector[i]
  })
  return array
}

/**
 * Modified Gram–Schmidt, again for vectors that cancellation left shorter than a tenth: then what is left of the
 * others is 1e-14 at most (Giraud and Langou, 2002). R's diagonal, the lengths, is positive, which makes Q unique.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, k) => {
    let before: number
    let after = dot(vector, vector)
    do {
      before = after
      for (let j = 0; j < k; j++) subtract(vector, vectors[j], dot(vector, vectors[j]))
      after = dot(vector, vector)
    } while (after < before / 100)
    const scale = 1 / Math.sqrt(after)
    for (let i = 0; i < vector.length; i++) vector[i] *= scale
  })
}

/** Four sums side by side, for speed; their order is part of the bits. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i] * b[i]
    s1 += a[i + 1] * b[i + 1]
    s2 += a[i + 2] * b[i + 2]
    s3 += a[i + 3] * b[i + 3]
  }
  for (; i < a.length; i++) s0 += a[i] * b[i]
  return s0 + s1 + (s2 + s3)
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i]
}
