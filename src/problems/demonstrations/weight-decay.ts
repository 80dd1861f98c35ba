// L2 in the gradient against decoupled decay, under Adam.
import { Adam, AdamW, type Tensors } from 'cauchy'
import { exp } from '../../math/functions'
import { integerPower } from '../../math/power'
import type { BenchProblem } from '../entry'
import type { Demonstration } from './demonstration'

const SIZES = [1, 10, 100]
const LR = 1e-3
const DECAY = 0.1
const STEPS = 2000

/** ℓ = ±Σₖ Gₖ·wₖ, the sign by the example's parity: the mean is 0, so that weight decay alone moves w in the end. */
function alternating(): BenchProblem {
  return {
    name: 'weight-decay',
    data: { train: 2 },
    batchSize: 1,
    length: STEPS / 2,
    params: () => ({ w: new Float64Array(SIZES.length).fill(1) }),
    lossAndGrad({ w }, grads, batch = new Uint32Array()) {
      let mean = 0
      for (const i of batch) mean += (i % 2 === 0 ? 1 : -1) / batch.length
      let loss = 0
      for (let k = 0; k < SIZES.length; k++) {
        grads.w[k] = mean * SIZES[k]
        loss += mean * SIZES[k] * w[k]
      }
      return loss
    },
  }
}

/** What is left of weights of 1 after {@link STEPS} steps. */
function remains(make: (params: Tensors) => Adam | AdamW): number[] {
  const problem = alternating()
  const [params, grads] = [problem.params(0), problem.params(0)]
  const optimizer = make(params)
  for (let t = 0; t < STEPS; t++) {
    problem.lossAndGrad(params, grads, Uint32Array.of(t))
    optimizer.step(grads)
  }
  return [...params.w]
}

/** β₁ = 0, so that what gradients of opposite sign do cancels from one step to the next. */
const options = { lr: LR, weightDecay: DECAY, betas: [0, 0.999] as [number, number] }

export const demonstration: Demonstration = {
  name: 'weight-decay',
  kind: 'demonstration',
  summary: 'Under Adam, L2 in the gradient spares the weights with large gradients; decoupled decay does not',
  lesson:
    'Three weights see gradients of ±1, ±10 and ±100 whose mean is 0. AdamW shrinks all of them by (1 − ηλ)ᵗ. With ' +
    'L2 in the gradient the decay, too, is divided by √v ≈ G: a weight is left with e^(−ηλt/G) of itself, so that the ' +
    'one with the largest gradients hardly decays.',
  create: alternating,
  run() {
    const decoupled = remains((params) => new AdamW(params, options))
    const inGradient = remains((params) => new Adam(params, options))
    return SIZES.flatMap((size, k) => [
      {
        quantity: `AdamW leaves of a weight with gradients ±${size}`,
        measured: decoupled[k],
        analytic: integerPower(1 - LR * DECAY, STEPS),
        tolerance: 2 * LR,
      },
      {
        quantity: `Adam with L2 leaves of a weight with gradients ±${size}`,
        measured: inGradient[k],
        analytic: exp((-LR * DECAY * STEPS) / size),
        tolerance: 2 * LR,
      },
    ])
  },
}
