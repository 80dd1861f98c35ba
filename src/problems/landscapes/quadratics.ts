// Noisy quadratics with condition numbers 1 … 10⁶.
import { createRandom } from 'cauchy'
import { integerPower } from '../../math/power'
import type { BenchProblem, ProblemEntry } from '../entry'

const EXAMPLES = 256
/** The standard deviation of the examples' own minima, along each axis. */
const SCATTER = 0.5

/**
 * ℓᵢ(x) = ½·Σₖ hₖ·(xₖ² − 2·cᵢₖ·xₖ) with curvatures h = (1, 1/κ) and centres c whose mean is 0: the mean of ℓ is
 * ½·Σₖ hₖ·xₖ², least in the origin, and gradients are the noisier the steeper the axis.
 * Solved is the distance from the minimum: 1.41 at first.
 */
function quadratic(power: number): ProblemEntry {
  const condition = integerPower(10, power)
  const name = `quadratic-1e${power}`
  const h = [1, 1 / condition]
  const create = (): BenchProblem => {
    const centers = h.map((_, k) => drawCenters(k))
    return {
      name,
      data: { train: EXAMPLES },
      length: 64,
      batchSize: 16,
      view: { x: [-1.5, 1.5], y: [-1.5, 1.5], minima: [[0, 0]], logScale: true },
      target: { metric: 'validation.distance', value: 0.03, mode: 'min' },
      params(seed) {
        const { integer } = createRandom(seed)
        const sign = () => (seed === 0 || integer(2) === 0 ? 1 : -1)
        return { x: Float64Array.of(sign(), sign()) }
      },
      // Without a batch: the mean over all examples.
      lossAndGrad({ x }, grads, batch) {
        let loss = 0
        for (let k = 0; k < 2; k++) {
          let center = 0
          if (batch !== undefined) for (const i of batch) center += centers[k][i] / batch.length
          loss += h[k] * x[k] * (x[k] / 2 - center)
          grads.x[k] = h[k] * (x[k] - center)
        }
        return loss
      },
      validate: ({ x }) => ({
        loss: (h[0] * x[0] * x[0] + h[1] * x[1] * x[1]) / 2,
        distance: Math.sqrt(x[0] * x[0] + x[1] * x[1]),
      }),
    }
  }
  const summary = `½·(x² + y²/κ) seen through noisy examples, condition number κ = 10${'⁰¹²³⁴⁵⁶'[power]}`
  return { name, kind: 'landscape', summary, create }
}

/** In pairs ±c, so that their mean is exactly 0. */
function drawCenters(seed: number): Float64Array {
  const { normal } = createRandom(seed)
  const centers = new Float64Array(EXAMPLES)
  for (let i = 0; i < EXAMPLES; i += 2) {
    centers[i] = SCATTER * normal()
    centers[i + 1] = -centers[i]
  }
  return centers
}

export const quadratics = [0, 1, 2, 3, 4, 5, 6].map(quadratic)
