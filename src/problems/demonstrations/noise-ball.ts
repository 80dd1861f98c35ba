// The noise ball of SGD shrinks with the rate.
import { createRandom, SGD } from 'cauchy'
import type { BenchProblem } from '../entry'
import type { Demonstration } from './demonstration'

const EXAMPLES = 4096
/** Independent copies of the same one-dimensional problem, to average over. */
const COPIES = 64
const RATES = [0.5, 0.1, 0.02]

/** ℓᵢ = ½·(x − cᵢ)² with cᵢ of mean 0 and variance 1: gradients x + noise of variance 1. */
function scattered(): BenchProblem {
  const { normal } = createRandom(1)
  const centers = Float64Array.from({ length: EXAMPLES * COPIES }, normal)
  return {
    name: 'noise-ball',
    data: { train: EXAMPLES },
    batchSize: 1,
    length: 1,
    params: () => ({ x: new Float64Array(COPIES) }),
    lossAndGrad({ x }, grads, batch = new Uint32Array()) {
      grads.x.fill(0)
      let loss = 0
      for (const i of batch) {
        for (let k = 0; k < COPIES; k++) {
          const error = x[k] - centers[i * COPIES + k]
          loss += (error * error) / 2 / batch.length
          grads.x[k] += error / batch.length
        }
      }
      return loss
    },
  }
}

/** The mean of x² over the second half of a pass, example after example. */
function variance(lr: number): number {
  const problem = scattered()
  const optimizer = new SGD(problem.params(0), { lr })
  const { x } = optimizer.params
  let sum = 0
  for (let t = 0; t < EXAMPLES; t++) {
    optimizer.step((grads) => problem.lossAndGrad(optimizer.params, grads, Uint32Array.of(t)))
    if (t >= EXAMPLES / 2) for (let k = 0; k < COPIES; k++) sum += x[k] * x[k]
  }
  return sum / (EXAMPLES / 2) / COPIES
}

export const demonstration: Demonstration = {
  name: 'noise-ball',
  kind: 'demonstration',
  summary:
    'At a constant rate SGD does not arrive: it stays in a ball around the minimum, the smaller the rate',
  lesson:
    'On ½hx² with gradient noise of variance σ², x ← (1 − ηh)·x − η·noise has the stationary variance ' +
    'ησ²/(h·(2 − ηh)), about ησ²/2h: a tenth of the rate, a tenth of the variance. Here h = σ = 1.',
  create: scattered,
  run: () =>
    RATES.map((lr) => {
      const analytic = lr / (2 - lr)
      // Five standard errors: x² forgets within 1/(2η) steps, so that 2048·64·η of them are about independent.
      const tolerance = 5 * analytic * Math.sqrt(2 / ((EXAMPLES / 2) * COPIES * lr))
      return { quantity: `variance of x at η = ${lr}`, measured: variance(lr), analytic, tolerance }
    }),
}
