// L-BFGS against PyTorch: its golden runs, and a transcription of it at the edges of every option.
import { LBFGS } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { fresh, step } from './catalogue/lbfgs'
import { closureOf, evaluateOf, golden, type Objective, quadratic, rosenbrock } from './lbfgs-problems'

function expectClose(actual: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expected.forEach((want, i) => {
    if (Math.abs(actual[i] - want) <= relative * Math.abs(want) + 1e-14) return
    throw new Error(`element ${i}: expected ${want}, got ${actual[i]}`)
  })
}

/** What never comes down where its gradient says so. */
const lying: Objective = (x, g) => {
  quadratic(x, g)
  return 1
}

/** Flat along the first axis, so that steps there show no curvature. */
const trough: Objective = (x, g) => {
  g[0] = 1
  g[1] = x[1]
  return x[0] + x[1] ** 2 / 2
}

/** Not smooth: the search zooms in on the kink. */
const kink: Objective = (x, g) => {
  let loss = 0
  for (let i = 0; i < x.length; i++) {
    loss += (i + 1) * Math.abs(x[i])
    g[i] = (i + 1) * Math.sign(x[i])
  }
  return loss
}

/** Down to a wall ten times as steep: the search comes ever nearer from either side. */
const wall: Objective = (x, g) => {
  const isWall = x[0] > 0.5
  g[0] = isWall ? 10 : -1
  return isWall ? 10 * (x[0] - 0.5) - 0.5 : -x[0]
}

/** Down for ever, at a slope that stays. */
const slide: Objective = (x, g) => {
  g[0] = -1e-3
  return -1e-3 * x[0]
}

/** Curved the wrong way: no pair is kept. */
const hill: Objective = (x, g) => {
  const loss = -quadratic(x, g)
  for (let i = 0; i < g.length; i++) g[i] = -g[i]
  return loss
}

/** Nothing but its least point. */
const still: Objective = (x, g) => {
  g.fill(0)
  return x.length
}

const wolfe = { lineSearchFn: 'strongWolfe' } as const
const valley = [-1.2, 1, -0.5, 0.8]
const bowl = [1, -2, 3, -4, 5]

type Row = [title: string, f: Objective, x0: readonly number[], options: Record<string, unknown>]
const edges: Row[] = [
  ['one pair', rosenbrock, valley, { ...wolfe, historySize: 1 }],
  ['one pair, fixed length', quadratic, bowl, { lr: 0.1, historySize: 1 }],
  ['two pairs', quadratic, bowl, { ...wolfe, historySize: 2, maxIter: 3 }],
  ['one iteration a step', rosenbrock, valley, { ...wolfe, maxIter: 1 }],
  ['one iteration a step, fixed length', rosenbrock, valley, { lr: 1e-3, maxIter: 1 }],
  ['one evaluation', rosenbrock, valley, { ...wolfe, maxEval: 1 }],
  ['two evaluations', quadratic, bowl, { lr: 0.3, maxEval: 2 }],
  ['as many evaluations as the search takes', rosenbrock, valley, { ...wolfe, maxEval: 7, maxIter: 50 }],
  ['more iterations than evaluations', quadratic, bowl, { lr: 0.5, maxIter: 30, maxEval: 9 }],
  ['a loose gradient tolerance', rosenbrock, valley, { ...wolfe, toleranceGrad: 0.5 }],
  ['a loose change tolerance', rosenbrock, valley, { ...wolfe, toleranceChange: 0.1 }],
  ['a change tolerance above every slope', quadratic, bowl, { ...wolfe, toleranceChange: 1e4 }],
  ['no tolerances', quadratic, bowl, { ...wolfe, toleranceGrad: 0, toleranceChange: 0, maxIter: 7 }],
  ['a short first trial', rosenbrock, valley, { ...wolfe, lr: 1e-3 }],
  ['a long first trial', rosenbrock, valley, { ...wolfe, lr: 30 }],
  ['a rate of zero', quadratic, bowl, { lr: 0 }],
  ['a rate of zero, searching', quadratic, bowl, { ...wolfe, lr: 0 }],
  ['a search that fails', lying, bowl, wolfe],
  ['a search that fails from afar', lying, bowl, { ...wolfe, lr: 1e6 }],
  ['a search without end', slide, [0], wolfe],
  ['a loss that lies, fixed length', lying, bowl, { lr: 0.1 }],
  ['no curvature', trough, [0, 3], { lr: 0.1, maxIter: 6 }],
  ['a kink', kink, bowl, wolfe],
  ['a wall', wall, [0], wolfe],
  ['a wall far off', wall, [-3], { ...wolfe, lr: 5 }],
  ['the least point at once', still, [1, 2], wolfe],
  ['downhill for ever', hill, bowl, { lr: 0.01 }],
]

test('as many golden cases as PyTorch was asked for', () => {
  expect(golden.length).toBe(6)
})

describe.each(backends)('$label', ({ use }) => {
  test.each(golden)('$name', ({ objective, x0, options, steps }) => {
    const x = Float64Array.from(x0)
    const opt = use(() => new LBFGS({ x }, options))
    let evaluations = 0
    steps.forEach(({ loss_before, x: expected, func_evals }, k) => {
      const info = opt.step(closureOf(objective, [x]))
      evaluations += info.evaluations ?? 0
      expect(evaluations).toBe(func_evals)
      expect(opt.stateDict().state.x.funcEvals).toBe(func_evals)
      expectClose([info.loss ?? Number.NaN], [loss_before], k === 0 ? 1e-15 : 1e-3)
      // Where the valley is reached, what is left of the digits is rounding.
      expectClose(x, expected, k === 0 || options.lineSearchFn === undefined ? 1e-9 : 1e-6)
    })
  })

  test.each(edges)('%s', (_, f, x0, options) => {
    const x = Float64Array.from(x0)
    const opt = use(() => new LBFGS({ x }, options))
    const reference = fresh()
    let expected = [...x0]
    for (let k = 0; k < 4; k++) {
      const want = step(reference, expected, evaluateOf(f), { ...opt.groups[0] })
      const { evaluations, loss } = opt.step(closureOf(f, [x]))
      expect(evaluations).toBe(want.evaluations)
      expect(loss).toBeCloseTo(evaluateOf(f)(expected).loss, 9)
      expected = want.x
      expectClose(x, expected, 1e-7)
      const { funcEvals, nIter, t, pairs } = opt.stateDict().state.x
      expect([funcEvals, nIter, pairs]).toEqual([reference.funcEvals, reference.nIter, reference.ro.length])
      expectClose([t as number], [reference.t], 1e-6)
    }
  })
})
