// Gradient descent on an under-determined linear problem reaches the minimum-norm solution.
import { createRandom, SGD } from 'cauchy'
import type { BenchProblem } from '../entry'
import type { Demonstration } from './demonstration'

const EQUATIONS = 5
const UNKNOWNS = 20

/** ½·‖A·x − b‖² from x = 0, A and b normal. */
function system() {
  const { normal } = createRandom(1)
  return {
    a: Float64Array.from({ length: EQUATIONS * UNKNOWNS }, normal),
    b: Float64Array.from({ length: EQUATIONS }, normal),
  }
}

function underDetermined(): BenchProblem {
  const { a, b } = system()
  return {
    name: 'minimum-norm',
    length: 300,
    target: { metric: 'loss', value: 1e-12, mode: 'min' },
    params: () => ({ x: new Float64Array(UNKNOWNS) }),
    lossAndGrad({ x }, grads) {
      grads.x.fill(0)
      let loss = 0
      for (let i = 0; i < EQUATIONS; i++) {
        let error = -b[i]
        for (let k = 0; k < UNKNOWNS; k++) error += a[i * UNKNOWNS + k] * x[k]
        loss += (error * error) / 2
        for (let k = 0; k < UNKNOWNS; k++) grads.x[k] += error * a[i * UNKNOWNS + k]
      }
      return loss
    },
  }
}

/** Aᵀ·(A·Aᵀ)⁻¹·b: the solution without a part that A does not see. */
function minimumNormSolution(): Float64Array {
  const { a, b } = system()
  const y = solve(gram(a), b)
  return Float64Array.from({ length: UNKNOWNS }, (_, k) =>
    y.reduce((sum, value, i) => sum + value * a[i * UNKNOWNS + k], 0),
  )
}

/** A·Aᵀ, as rows. */
function gram(a: Float64Array): Float64Array[] {
  const row = (i: number) => a.subarray(i * UNKNOWNS, (i + 1) * UNKNOWNS)
  return Array.from({ length: EQUATIONS }, (_, i) =>
    Float64Array.from({ length: EQUATIONS }, (_, j) =>
      row(i).reduce((sum, value, k) => sum + value * row(j)[k], 0),
    ),
  )
}

/** Gauss's elimination; the matrix is positive definite, so that no pivot is 0. */
function solve(rows: Float64Array[], b: Float64Array): Float64Array {
  const y = b.slice()
  for (let p = 0; p < EQUATIONS; p++) {
    for (let i = 0; i < EQUATIONS; i++) {
      if (i === p) continue
      const factor = rows[i][p] / rows[p][p]
      for (let j = p; j < EQUATIONS; j++) rows[i][j] -= factor * rows[p][j]
      y[i] -= factor * y[p]
    }
  }
  return y.map((value, i) => value / rows[i][i])
}

/** Where 3000 steps from 0 end. */
function descend(): Float64Array {
  const problem = underDetermined()
  const optimizer = new SGD(problem.params(0), { lr: 0.02 })
  for (let t = 0; t < 3000; t++)
    optimizer.step((grads) => problem.lossAndGrad(optimizer.params, grads, undefined))
  return optimizer.params.x as Float64Array
}

const norm = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))

export const demonstration: Demonstration = {
  name: 'minimum-norm',
  kind: 'demonstration',
  summary: 'Gradient descent on an under-determined linear problem reaches the minimum-norm solution',
  lesson:
    '5 equations, 20 unknowns, infinitely many solutions. Gradients are combinations of the rows of A: from 0, descent ' +
    'never leaves their span, in which there is one solution, x* = Aᵀ(AAᵀ)⁻¹b, the shortest. Rules that scale the ' +
    'unknowns one by one, as Adam, leave the span and find a longer one.',
  create: underDetermined,
  run() {
    const shortest = minimumNormSolution()
    const descent = descend()
    return [
      { quantity: '‖x‖ of SGD', measured: norm(descent), analytic: norm(shortest), tolerance: 1e-9 },
      {
        quantity: '‖x − x*‖ of SGD',
        measured: norm(descent.map((value, k) => value - shortest[k])),
        analytic: 0,
        tolerance: 1e-9,
      },
    ]
  },
}
