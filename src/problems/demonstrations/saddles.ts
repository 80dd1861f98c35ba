// Random critical points in high dimension are mostly saddles.
import { createRandom, type Random } from 'cauchy'
import type { BenchProblem } from '../entry'
import type { Demonstration } from './demonstration'

const SAMPLES = 20_000
/** The dimension of the problem. */
const SIZE = 20

/** The probability that all eigenvalues of a matrix of the Gaussian orthogonal ensemble are positive, by its size. */
const MINIMA = new Map([
  [1, 1 / 2],
  [2, (2 - Math.SQRT2) / 4],
  [3, (Math.PI - 2 * Math.SQRT2) / (4 * Math.PI)],
  // Below 3^(−n²/4), the exponential order of Dean and Majumdar (2006): 10⁻¹² of them.
  [10, 0],
])

/** Symmetric, normal: variance 2 on the diagonal and 1 beside it. */
function randomHessian(n: number, { normal }: Random): Float64Array {
  const h = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    h[i * n + i] = Math.SQRT2 * normal()
    for (let j = 0; j < i; j++) {
      h[i * n + j] = normal()
      h[j * n + i] = h[i * n + j]
    }
  }
  return h
}

/** Whether Cholesky's factorisation exists; overwrites the lower triangle with it. */
function isPositiveDefinite(h: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = h[i * n + j]
      for (let k = 0; k < j; k++) rest -= h[i * n + k] * h[j * n + k]
      if (i === j && !(rest > 0)) return false
      h[i * n + j] = i === j ? Math.sqrt(rest) : rest / h[j * n + j]
    }
  }
  return true
}

function shareOfMinima(n: number): number {
  const random = createRandom(n)
  let minima = 0
  for (let s = 0; s < SAMPLES; s++) if (isPositiveDefinite(randomHessian(n, random), n)) minima++
  return minima / SAMPLES
}

/** ½·xᵀHx + ¼·‖x‖⁴ from near the critical point 0, with H random: a saddle to escape from. */
function saddle(): BenchProblem {
  const h = randomHessian(SIZE, createRandom(1))
  return {
    name: 'saddles',
    length: 300,
    target: { metric: 'loss', value: -15, mode: 'min' },
    params(seed) {
      const { normal } = createRandom(seed)
      return { x: Float64Array.from({ length: SIZE }, () => 1e-3 * normal()) }
    },
    lossAndGrad({ x }, grads) {
      let [loss, squared] = [0, 0]
      for (let i = 0; i < SIZE; i++) squared += x[i] * x[i]
      for (let i = 0; i < SIZE; i++) {
        let product = 0
        for (let j = 0; j < SIZE; j++) product += h[i * SIZE + j] * x[j]
        grads.x[i] = product + squared * x[i]
        loss += (x[i] * product) / 2
      }
      return loss + (squared * squared) / 4
    },
  }
}

export const demonstration: Demonstration = {
  name: 'saddles',
  kind: 'demonstration',
  summary: 'Random critical points in high dimension are mostly saddles',
  lesson:
    'A critical point is a minimum if all eigenvalues of its Hessian are positive. For random symmetric matrices (the ' +
    'Gaussian orthogonal ensemble) that happens with probability 1/2, (2 − √2)/4 and (π − 2√2)/4π for n = 1, 2, 3, and ' +
    'falls as 3^(−n²/4): with ten unknowns, once in 10¹² times. All the others are saddles or maxima, of which there ' +
    'are as few.',
  create: saddle,
  run: () =>
    [...MINIMA].map(([n, analytic]) => ({
      quantity: `share of minima among random critical points, n = ${n}`,
      measured: shareOfMinima(n),
      analytic,
      tolerance: 4 * Math.sqrt((analytic * (1 - analytic)) / SAMPLES),
    })),
}
