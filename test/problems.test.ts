// The problems: gradients against finite differences, known minima, the same bits for a seed, targets in reach.
import { Adam, SGD, type Tensors, fit as train } from 'cauchy'
import { type BenchProblem, demonstrations, landscapes, type ProblemEntry, problems } from 'cauchy/problems'
import { describe, expect, test } from 'vitest'

const find = (name: string) => problems.find((entry) => entry.name === name) as ProblemEntry
const doubles = (tensors: Tensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, values]) => [name, Float64Array.from(values)]))

test('names are unique, entries name their problems, targets and lengths are there', () => {
  expect(new Set(problems.map(({ name }) => name)).size).toBe(problems.length)
  for (const entry of problems) {
    const problem = entry.create()
    expect(problem.name).toBe(entry.name)
    expect(problem.length).toBeGreaterThan(0)
    if (entry.kind !== 'demonstration') expect(problem.target).toBeDefined()
  }
})

describe('gradients are those of central differences', () => {
  test.each(problems.map((entry) => [entry.name, entry]))('%s', (_name, entry) => {
    const problem = entry.create()
    for (const seed of [0, 1, 2]) {
      const [params, grads] = [doubles(problem.params(seed)), doubles(problem.params(seed))]
      const batch = problem.data && Uint32Array.of(seed, seed + 1, problem.data.train - 1)
      const loss = () => problem.lossAndGrad(params, grads, batch)
      loss()
      const exact = structuredClone(grads)
      for (const [name, values] of Object.entries(params)) {
        for (let i = 0; i < values.length; i += Math.ceil(values.length / 7)) {
          const [at, h] = [values[i], 1e-6 * Math.max(1, Math.abs(values[i]))]
          values[i] = at + h
          const above = loss()
          values[i] = at - h
          const below = loss()
          values[i] = at
          const error = Math.abs((above - below) / (2 * h) - exact[name][i])
          expect(error, `${name}[${i}], seed ${seed}`).toBeLessThan(1e-5 * (1 + Math.abs(exact[name][i])))
        }
      }
    }
  })
})

/** These begin where theory says, or with weights of 0. */
const SAME_START = new Set([
  ...['sparse-logistic', 'wine-unscaled'],
  ...['shallow-minimum', 'weight-decay', 'noise-ball', 'minimum-norm'],
])

test('the same seed gives the same parameters, another seed others, and a call leaves no trace', () => {
  for (const entry of problems) {
    const [one, two] = [entry.create(), entry.create()]
    const params = one.params(1)
    expect(two.params(1), entry.name).toEqual(params)
    if (!SAME_START.has(entry.name)) expect(one.params(2), entry.name).not.toEqual(params)
    const [first, second] = [structuredClone(params), structuredClone(params)]
    for (const name in second) second[name].fill(Number.NaN)
    const batch = one.data && Uint32Array.of(0, 1)
    const loss = one.lossAndGrad(params, first, batch)
    one.validate?.(params)
    expect(one.lossAndGrad(params, second, batch), entry.name).toBe(loss)
    expect(second, entry.name).toEqual(first)
    expect(two.params(1), entry.name).toEqual(params)
  }
})

describe('landscapes', () => {
  test.each(landscapes.map((entry) => [entry.name, entry]))('%s is least where it says', (_name, entry) => {
    const problem = entry.create()
    const grads = { x: new Float64Array(2) }
    const at = (x: readonly number[]) => problem.lossAndGrad({ x: Float64Array.from(x) }, grads, undefined)
    for (const [x, y] of problem.view?.minima ?? []) {
      const least = at([x, y])
      expect(Math.max(...grads.x.map(Math.abs))).toBeLessThan(1e-7)
      for (const [dx, dy] of [
        [1e-2, 0],
        [-1e-2, 0],
        [0, 1e-2],
        [0, -1e-2],
        [1e-2, 1e-2],
        [-1e-2, 1e-2],
      ]) {
        expect(at([x + dx, y + dy])).toBeGreaterThan(least)
      }
    }
  })

  test.each([
    ['rosenbrock', [1, 1], 0],
    ['rosenbrock', [-1.2, 1], 24.2],
    ['beale', [3, 0.5], 0],
    ['beale', [0, 0], 14.203125],
    ['booth', [1, 3], 0],
    ['booth', [0, 0], 74],
    ['himmelblau', [3, 2], 0],
    ['himmelblau', [0, 0], 170],
    ['rastrigin', [0, 0], 0],
    ['rastrigin', [1, 1], 2],
    ['ackley', [0, 0], 0],
    ['styblinski-tang', [-2.903534, -2.903534], -78.33233140754],
    ['three-hump-camel', [1.7475523458, -0.8737761729], 0.298638442236861],
    ['monkey-saddle', [-3, 0], -6.75],
    ['plateau', [1, 0], 0.5],
    ['ravine', [Math.sqrt(3), 1], 2],
    ['quadratic-1e3', [2, 2], 2.002],
  ] as const)('%s at %j is %f', (name, x, value) => {
    const loss = find(name)
      .create()
      .lossAndGrad({ x: Float64Array.from(x) }, { x: new Float64Array(2) }, undefined)
    expect(loss).toBeCloseTo(value, 9)
  })
})

describe('targets are in reach', () => {
  const sgd = (lr: number, momentum: number) => (params: Tensors) => new SGD(params, { lr, momentum })
  const adam = (lr: number) => (params: Tensors) => new Adam(params, { lr })
  test.each([
    ['digits-softmax', adam(0.3)],
    ['digits-mlp', adam(0.01)],
    ['breast-cancer', adam(0.3)],
    ['wine', adam(0.3)],
    ['wine-unscaled', adam(0.01)],
    ['iris-mlp', adam(0.3)],
    ['matrix-factorization', adam(0.03)],
    ['sparse-logistic', adam(1)],
    ['deep-tanh', sgd(0.3, 0)],
    ['deep-tanh-vanishing', adam(0.01)],
    ['beale', sgd(0.01, 0.9)],
    ['booth', sgd(0.1, 0)],
    ['ravine', sgd(0.0032, 0.9)],
    ['plateau', adam(1)],
    ['himmelblau', sgd(0.01, 0)],
    ['monkey-saddle', sgd(0.1, 0.9)],
    ['quadratic-1e2', sgd(0.3, 0.9)],
    ['quadratic-1e6', adam(0.1)],
  ])('%s', async (name, make) => {
    const problem = find(name).create()
    const { reason } = await train(problem, make(problem.params(0)), options(problem))
    expect(reason).toBe('target')
  })
})

const options = ({ length = 1, batchSize = 32 }: BenchProblem) => ({ epochs: length, batchSize })

describe('demonstrations agree with their analytic answers', () => {
  test.each(demonstrations.map((demonstration) => [demonstration.name, demonstration]))(
    '%s',
    (_name, { run }) => {
      const findings = run()
      expect(findings.length).toBeGreaterThan(1)
      for (const { quantity, measured, analytic, tolerance } of findings) {
        expect(Math.abs(measured - analytic), quantity).toBeLessThanOrEqual(tolerance)
      }
    },
  )
})
