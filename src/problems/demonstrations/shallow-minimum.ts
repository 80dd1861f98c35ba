// Momentum carries past a shallow minimum that plain descent stays in.
import { SGD } from 'cauchy'
import type { BenchProblem } from '../entry'
import type { Demonstration } from './demonstration'

/** f′(x) = ¼·(x + 2)·(x − 1)·(x − 2): minima in −2 (deep) and 2 (shallow), and between them a barrier at 1. */
function shallowMinimum(): BenchProblem {
  return {
    name: 'shallow-minimum',
    length: 500,
    target: { metric: 'loss', value: -2.3, mode: 'min' },
    params: () => ({ x: Float64Array.of(3.5) }),
    lossAndGrad({ x: [x] }, grads) {
      grads.x[0] = ((x + 2) * (x - 1) * (x - 2)) / 4
      // ¼·(x⁴/4 − x³/3 − 2x² + 4x)
      return (x * (x * (x * (x / 4 - 1 / 3) - 2) + 4)) / 4
    },
  }
}

/** Where 1000 steps end. */
function descend(momentum: number): number {
  const problem = shallowMinimum()
  const optimizer = new SGD(problem.params(0), { lr: 0.02, momentum })
  for (let t = 0; t < 1000; t++)
    optimizer.step((grads) => problem.lossAndGrad(optimizer.params, grads, undefined))
  return optimizer.params.x[0]
}

export const demonstration: Demonstration = {
  name: 'shallow-minimum',
  kind: 'demonstration',
  summary: 'Momentum carries past a shallow minimum that plain descent stays in',
  lesson:
    'From x = 3.5 with η = 0.02, plain descent stops in the first minimum it meets, 2. With momentum 0.9 it arrives ' +
    'there with speed, crosses the barrier at 1 and comes to rest in the deep minimum, −2.',
  create: shallowMinimum,
  run: () => [
    { quantity: 'SGD ends at x =', measured: descend(0), analytic: 2, tolerance: 1e-6 },
    { quantity: 'SGD with momentum 0.9 ends at x =', measured: descend(0.9), analytic: -2, tolerance: 1e-6 },
  ],
}
