// Settled findings of the literature, on problems where the rates are known.
import { Adam, fit, SGD, type Tensors } from 'cauchy'
import { problems } from 'cauchy/problems'
import { expect, test } from 'vitest'

const create = (name: string) => {
  const entry = problems.find((candidate) => candidate.name === name)
  if (entry === undefined) throw new Error(name)
  return entry.create()
}

/** Steps of the exact gradient until the distance from the minimum is below 10⁻⁶. */
function steps(condition: number, lr: number, momentum: number): number {
  const problem = create(`quadratic-1e${Math.round(Math.log10(condition))}`)
  const { x } = problem.params(0)
  const grads = { x: new Float64Array(2) }
  const optimizer = new SGD({ x }, { lr, momentum })
  for (let t = 1; t < 1e6; t++) {
    problem.lossAndGrad({ x }, grads, undefined)
    optimizer.step(grads)
    if (Math.abs(x[0]) < 1e-6 && Math.abs(x[1]) < 1e-6) return t
  }
  throw new Error('it never arrived')
}

// At their best rates GD contracts by (κ − 1)/(κ + 1) a step and heavy ball by (√κ − 1)/(√κ + 1) (Polyak 1964).
test.each([100, 1000, 10_000])('κ = %d: momentum is faster than descent by about √κ', (condition) => {
  const root = Math.sqrt(condition)
  const descent = steps(condition, 2 / (1 + 1 / condition), 0)
  expect(descent).toBeCloseTo(Math.log(1e-6) / Math.log((condition - 1) / (condition + 1)), -1.5)
  const momentum = steps(condition, 4 / (1 + 1 / root) ** 2, ((root - 1) / (root + 1)) ** 2)
  expect(descent / momentum).toBeGreaterThan(root / 2)
  expect(descent / momentum).toBeLessThan(root)
})

/** The least validation loss of any epoch, at the best of the rates. */
async function best(name: string, rates: number[], make: (params: Tensors, lr: number) => Adam | SGD) {
  const losses: number[] = []
  for (const lr of rates) {
    const problem = create(name)
    const { history } = await fit(problem, make(problem.params(0), lr), { epochs: 10, target: false })
    losses.push(...history.map(({ validation }) => validation?.loss ?? Number.NaN))
  }
  return Math.min(...losses.filter(Number.isFinite))
}

const rates = (from: number, to: number) =>
  Array.from({ length: 2 * (to - from) + 1 }, (_, k) => 10 ** (from + k / 2))

test.each([
  ['sparse', 'sparse-logistic', 0.9],
  ['badly scaled', 'wine-unscaled', 0.8],
])('on %s features Adam does better than SGD, both at their best rates', async (_what, name, ratio) => {
  const adam = await best(name, rates(-3, 1), (params, lr) => new Adam(params, { lr }))
  const sgd = await best(name, rates(-7, 2), (params, lr) => new SGD(params, { lr }))
  expect(adam).toBeLessThan(ratio * sgd)
})

test('deep networks: bad initialisation makes the first layers’ gradients vanish or explode', () => {
  /** ‖∂J/∂W₁‖ and ‖∂J/∂W₁₀‖ over all the training examples. */
  const norms = (name: string) => {
    const problem = create(name)
    const [params, grads] = [problem.params(0), problem.params(0)]
    problem.lossAndGrad(
      params,
      grads,
      Uint32Array.from({ length: problem.data?.train ?? 0 }, (_, i) => i),
    )
    return ['w1', 'w10'].map((layer) => Math.hypot(...grads[layer]))
  }
  const [first, last] = norms('deep-tanh')
  expect(first / last).toBeGreaterThan(0.5)
  expect(first / last).toBeLessThan(2)
  expect(norms('deep-tanh-vanishing')[0]).toBeLessThan(first / 20)
  const [exploding, top] = norms('deep-tanh-exploding')
  expect(exploding / top).toBeGreaterThan(10)
  const [vanishing, output] = norms('deep-sigmoid-vanishing')
  // A sigmoid's slope is 1/4 at most: nine of them, if the matrices keep sizes.
  expect(vanishing / output).toBeLessThan(1e-4)
})
