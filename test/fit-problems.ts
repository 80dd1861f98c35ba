// Small problems with known answers for the tests of fit.
import { type FitOptions, type Problem, SGD, fit as train } from 'cauchy'

export const N = 37
export const xs = Float64Array.from({ length: N }, (_, i) => ((i * 7) % N) / N - 0.5)
export const ys = xs.map((x, i) => 3 * x - 1 + 0.1 * ((i % 3) - 1))

/** ŷ = w·x + b with ℓ = ½(ŷ − y)²; records the batches it is asked for. */
export function regression(members: Partial<Problem> = {}) {
  const batches: number[][] = []
  const problem: Problem = {
    name: 'regression',
    data: { train: N },
    params: () => ({ w: new Float64Array(1), b: new Float64Array(1) }),
    lossAndGrad({ w, b }, grads, batch = new Uint32Array()) {
      batches.push([...batch])
      const errors = [...batch].map((i) => w[0] * xs[i] + b[0] - ys[i])
      grads.w[0] = mean(errors.map((error, k) => error * xs[batch[k]]))
      grads.b[0] = mean(errors)
      return mean(errors.map((error) => (error * error) / 2))
    },
    ...members,
  }
  return { problem, batches }
}

/** ½·λ·x² from x = 1, without data: one step an epoch. */
export const parabola = (lambda: number, members: Partial<Problem> = {}): Problem => ({
  name: 'parabola',
  params: () => ({ x: Float64Array.of(1) }),
  lossAndGrad({ x }, grads) {
    grads.x[0] = lambda * x[0]
    return (lambda * x[0] * x[0]) / 2
  },
  ...members,
})

export const sgd = (problem: Problem, lr = 0.5) => new SGD(problem.params(0), { lr })

export async function run(problem: Problem, options: FitOptions, lr?: number) {
  const optimizer = sgd(problem, lr)
  return { optimizer, ...(await train(problem, optimizer, options)) }
}

/** Reports the given validation losses, one an epoch; x counts the epochs: its gradient is always −1, the rate 0.5. */
export function scripted(values: number[], name = 'loss'): Problem {
  // fit asks once before training, for the metrics' names.
  const queue = [0, ...values]
  return parabola(0, {
    lossAndGrad(_, grads) {
      grads.x[0] = -1
      return 1
    },
    validate: () => ({ [name]: queue.shift() ?? Number.NaN }),
  })
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
