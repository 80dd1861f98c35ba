// A function of two unknowns as a problem.
import { createRandom } from 'cauchy'
import type { BenchProblem, ProblemEntry, View } from '../entry'

export interface Landscape {
  readonly name: string
  readonly summary: string
  /** f(x, y); writes its gradient over g. */
  f(x: number, y: number, g: Float64Array): number
  readonly start: readonly [number, number]
  /** Seeds other than 0 start anywhere within this distance of `start` along each axis. Default 0.25. */
  readonly spread?: number
  /** The loss that counts as solved. */
  readonly target: number
  readonly length: number
  readonly view: View
}

/** In float64. Seed 0 starts at the literature's point, the others near it. */
export function plane({
  name,
  summary,
  f,
  start,
  spread = 0.25,
  target,
  length,
  view,
}: Landscape): ProblemEntry {
  const create = (): BenchProblem => {
    const slope = new Float64Array(2)
    return {
      name,
      length,
      view,
      target: { metric: 'loss', value: target, mode: 'min' },
      params(seed) {
        const { uniform } = createRandom(seed)
        const shift = () => (seed === 0 ? 0 : spread * (2 * uniform() - 1))
        return { x: Float64Array.of(start[0] + shift(), start[1] + shift()) }
      },
      lossAndGrad({ x }, grads) {
        const loss = f(x[0], x[1], slope)
        grads.x[0] = slope[0]
        grads.x[1] = slope[1]
        return loss
      },
    }
  }
  return { name, kind: 'landscape', summary, create }
}
