// L-BFGS as an optimizer among others: options, freezing, NaN, wrappers, loops, schedulers, saved states.
import {
  EMA,
  LBFGS,
  Lookahead,
  memoryPlan,
  minimize,
  PolyakSGD,
  type Problem,
  SAM,
  StepLR,
  SWA,
  type Tensors,
  fit as train,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { fresh, step } from './catalogue/lbfgs'
import { parabola, regression } from './fit-problems'
import { closureOf, evaluateOf, quadratic, rosenbrock } from './lbfgs-problems'
import { bits, expectError, noise, snapshot, type Untyped } from './untyped'

const wolfe = { lineSearchFn: 'strongWolfe' } as const
const state = (opt: unknown) => snapshot(opt as Untyped)

describe.each(backends)('$label', ({ use }) => {
  test('maximize climbs as the negated descends, to the bit', () => {
    for (const options of [wolfe, { lr: 0.1 }]) {
      const [up, down] = [noise(1, 9, 'float64'), noise(1, 9, 'float64')]
      const climbing = use(() => new LBFGS([up], { ...options, maximize: true }))
      const descending = use(() => new LBFGS([down], options))
      const negated = (x: ArrayLike<number>, g: number[]) => {
        const loss = -rosenbrock(x, g)
        for (let i = 0; i < g.length; i++) g[i] = -g[i]
        return loss
      }
      const [a, b] = [climbing.step(closureOf(negated, [up])), descending.step(closureOf(rosenbrock, [down]))]
      expect(a).toEqual({ ...b, loss: -(b.loss as number) })
      expect(bits(up)).toBe(bits(down))
      expect(a.evaluations).toBeGreaterThan(9)
    }
  })

  test('step options act on every gradient, the norm reported is the first', () => {
    const [a, b] = [noise(1, 9, 'float64'), noise(1, 9, 'float64')]
    const given = use(() => new LBFGS([a], { lr: 0.1 }))
    const byHand = use(() => new LBFGS([b], { lr: 0.1 }))
    const clipped = (x: ArrayLike<number>, g: number[]) => {
      const loss = quadratic(x, g)
      for (let i = 0; i < g.length; i++) g[i] = Math.max(-0.75, Math.min(0.75, 0.5 * g[i]))
      return loss
    }
    const norms: number[] = []
    const info = given.step(
      (grads) => {
        const loss = closureOf(quadratic, [a])(grads)
        norms.push(Math.hypot(...[...grads[0]].map((x) => Math.max(-0.75, Math.min(0.75, 0.5 * x)))))
        return loss
      },
      { gradScale: 0.5, clipValue: 0.75, clipNorm: Number.POSITIVE_INFINITY, zeroGrad: true },
    )
    byHand.step(closureOf(clipped, [b]))
    expect(norms.length).toBe(info.evaluations)
    expect(info.gradNorm).toBeCloseTo(norms[0], 12)
    expect(bits(a)).toBe(bits(b))
    expect([...given.grads[0]]).toEqual(Array(9).fill(0))
  })

  test('a frozen tensor and its state stay; the others go on as a new optimizer over them would', () => {
    const make = () => ({ a: noise(1, 5, 'float64'), b: noise(2, 4, 'float64') })
    const params = make()
    const opt = use(() => new LBFGS(params, { ...wolfe, historySize: 3 }))
    const all = closureOf(rosenbrock, Object.values(params))
    opt.step(all)
    for (const [frozen, free] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      opt.freeze(frozen)
      const before = [bits(params[frozen]), opt.stateDict().state[frozen]]
      const copy = { a: params.a.slice(), b: params.b.slice() }
      const alone = use(() => new LBFGS({ [free]: copy[free] }, { ...wolfe, historySize: 3 }))
      for (let t = 0; t < 3; t++) {
        const { loss, evaluations } = opt.step(all)
        const info = alone.step((grads) => {
          const whole = { a: new Float64Array(5), b: new Float64Array(4) }
          const loss = closureOf(rosenbrock, [copy.a, copy.b])(whole)
          grads[free].set(whole[free])
          return loss
        })
        expect([loss, evaluations]).toEqual([info.loss, info.evaluations])
      }
      expect(bits(params[free])).toBe(bits(copy[free]))
      expect([bits(params[frozen]), opt.stateDict().state[frozen]]).toEqual(before)
      const { funcEvals: _, step: __, ...rest } = opt.stateDict().state[free]
      expect(rest).toEqual((({ funcEvals, step, ...more }) => more)(alone.stateDict().state[free]))
      opt.unfreeze()
    }
    expect(opt.stateDict().state.a.step).toBe(4)
    const before = state(opt)
    opt.freeze(() => true)
    expect(opt.step(all)).toMatchObject({ step: 8, evaluations: 1 })
    opt.unfreeze()
    opt.loadStateDict({ ...opt.stateDict(), step: 7 })
    expect(state(opt)).toEqual(before)
  })

  test('a history far longer than the run changes nothing but memory', () => {
    const end = (historySize: number) => {
      const w = noise(1, 3, 'float64')
      use(() => new LBFGS([w], { ...wolfe, historySize })).step(closureOf(rosenbrock, [w]))
      return bits(w)
    }
    expect(end(100_000)).toBe(end(100))
  })

  test('NaN and infinity end a step, and the search keeps away from them', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
    for (const options of [wolfe, { lr: 0.1 }]) {
      for (const [loss, gradient] of [
        [nan, 1],
        [1, nan],
        [1, infinity],
        [1, -infinity],
        [nan, nan],
      ]) {
        const w = Float64Array.of(1, 2)
        const opt = use(() => new LBFGS([w], options))
        const closure = ([g]: readonly Float64Array[]) => {
          g.set([1, gradient])
          return loss
        }
        expect(opt.step(closure)).toEqual({ step: 1, skipped: false, gradNorm: null, loss, evaluations: 1 })
        expect([...w]).toEqual([1, 2])
        // It goes on where all is well again.
        opt.step(closureOf(quadratic, [w]))
        expect(w.every((x, i) => Math.abs(x) < i + 1)).toBe(true)
      }
      const w = Float64Array.of(1)
      const opt = use(() => new LBFGS([w], options))
      let calls = 0
      opt.step(([g]) => {
        g[0] = 1
        return calls++ === 0 ? 1 : nan
      })
      expect(calls).toBe('lineSearchFn' in options ? 27 : 2)
      expect(w[0]).toBe('lineSearchFn' in options ? 1 : 0.9)
    }
    // Where the curvature seen is next to none, the direction overflows.
    const far = Float32Array.of(-0)
    const overflowing = use(() => new LBFGS([far], { lr: 1e30, maxIter: 1 }))
    const constant = (gradient: number) => (grads: readonly Float32Array[]) => {
      grads[0][0] = gradient
      return 1
    }
    overflowing.step(constant(1))
    far[0] = -0
    Object.assign(overflowing.groups[0], { ...wolfe, lr: 1 })
    overflowing.step(constant(1 - 2 ** -24))
    expect([far[0], overflowing.stateDict().state[0].pairs]).toEqual([-0, 1])
    overflowing.step(constant(1e20))
    expect([far[0], (overflowing.stateDict().state[0].d as Float32Array)[0]]).toEqual([-0, -infinity])
    // x − ln x, least at 1, NaN below 0: the first trial lands at −8.
    const x = Float64Array.of(2)
    const barrier = use(() => new LBFGS([x], { ...wolfe, lr: 20 }))
    for (let t = 0; t < 3; t++) {
      barrier.step(([g]) => {
        g[0] = 1 - 1 / x[0]
        return x[0] - Math.log(x[0])
      })
    }
    expect(x[0]).toBeCloseTo(1, 6)
  })

  test('wrappers', () => {
    const make = () => use(() => new LBFGS({ x: Float64Array.of(-1.2, 1) }, { ...wolfe, maxIter: 3 }))
    const wrap = [
      [(opt: LBFGS) => new EMA(opt, { decay: 0.5 }), 1e-3],
      [(opt: LBFGS) => new SWA(opt), 1e-3],
      [(opt: LBFGS) => new SAM(opt, { rho: 1e-6 }), 1e-3],
      // Its way back halves the steps, and spoils a pair each time.
      [(opt: LBFGS) => new Lookahead(opt, { k: 2 }), 0.3],
    ] as const
    for (const [around, tolerance] of wrap) {
      const opt = around(make() as unknown as LBFGS)
      expect(opt.needsClosure).toBe(true)
      const x = Object.values(opt.params)[0]
      expect(() => opt.step({ x: x.map(() => 0) })).toThrow(/must be a closure/)
      const closure = closureOf(rosenbrock, [x])
      for (let t = 0; t < 40; t++) opt.step(closure)
      expect(Math.hypot(x[0] - 1, x[1] - 1)).toBeLessThan(tolerance)
      expect(opt.stepCount).toBe(40)
    }
  })

  test('minimize', () => {
    const { x, reason, steps, evaluations } = minimize(
      (x, g) => rosenbrock(x, g as unknown as number[]),
      [-1.2, 1],
      { optimizer: (params: Tensors) => use(() => new LBFGS(params, { ...wolfe, toleranceChange: 0 })) },
    )
    expect(reason).toBe('gradient')
    expect(Math.hypot(x[0] - 1, x[1] - 1)).toBeLessThan(1e-5)
    const reference = fresh()
    let at = [-1.2, 1]
    const options = { ...new LBFGS([[1]], wolfe).groups[0], toleranceChange: 0 }
    for (let t = 0; t < steps; t++) at = step(reference, at, evaluateOf(rosenbrock), options).x
    // Once more where it stops.
    expect([steps, evaluations]).toEqual([2, reference.funcEvals + 1])
  })
})

test('fit evaluates the batches of a step again, as often as it is asked', async () => {
  for (const [batchSize, accumulate] of [
    ['full', 1],
    [10, 1],
    [10, 4],
  ] as const) {
    const { problem, batches } = regression()
    const optimizer = new LBFGS(problem.params(0), { ...wolfe, maxIter: 4 })
    const { steps, reason } = await train(problem, optimizer, {
      batchSize,
      accumulate,
      epochs: 3,
      shuffle: false,
    })
    expect([steps, reason]).toEqual([batchSize === 10 && accumulate === 1 ? 12 : 3, 'completed'])
    expect(batches.length).toBeGreaterThan(6)
    if (batchSize === 10 && accumulate === 4) {
      const order = [0, 10, 20, 30]
      expect(batches.map(([first]) => first)).toEqual(batches.map((_, i) => order[i % 4]))
    }
    if (batchSize === 'full') {
      expect(optimizer.params.w[0]).toBeCloseTo(3, 0)
      const before = bits(optimizer.params.w)
      optimizer.step(closureOf(() => 0, Object.values(optimizer.params)))
      expect(bits(optimizer.params.w)).toBe(before)
    }
  }
})

test('minimize and fit with the other optimizers that need a closure', async () => {
  const bowl = (x: ArrayLike<number>, g: ArrayLike<number>) => quadratic(x, g as number[])
  for (const make of [
    (params: Tensors) => new PolyakSGD(params),
    (params: Tensors) => new SAM(new PolyakSGD(params), { rho: 1e-9 }),
  ]) {
    const { x, steps, evaluations } = minimize(bowl, [1, -1], { optimizer: make, gradTolerance: 1e-3 })
    expect(Math.hypot(...x)).toBeLessThan(1e-3)
    expect(evaluations).toBe(make.toString().includes('SAM') ? 2 * steps + 1 : steps + 1)
    const problem: Problem = parabola(2)
    const optimizer = make(problem.params(0))
    await train(problem, optimizer, { epochs: 20 })
    expect(Math.abs(optimizer.params.x[0])).toBeLessThan(1e-3)
  }
})

test('schedulers', () => {
  const x = Float64Array.of(4)
  const opt = new LBFGS([x], { lr: 0.5, maxIter: 1 })
  const scheduler = new StepLR(opt, { stepSize: 1, gamma: 0.5 })
  const closure = closureOf(quadratic, [x])
  opt.step(closure) // 0.5·min(1, 1/4) along −4
  expect(x[0]).toBe(3.5)
  scheduler.step()
  opt.step(closure) // 0.25 of Newton's step
  expect(x[0]).toBeCloseTo(3.5 * 0.75, 12)
})

test('what it refuses', () => {
  const groups = [{ params: { a: [1] } }, { params: { b: [1] } }]
  const message = 'must be in one group, got "2 groups"'
  expectError(() => new LBFGS(groups), RangeError, `LBFGS: params ${message}`)
  expectError(() => memoryPlan(groups, 'lbfgs'), RangeError, `memoryPlan: params ${message}`)
  expect(new LBFGS([groups[0]]).groups.length).toBe(1)
  const opt = new LBFGS({ a: [3] }, { historySize: 2 }) as unknown as Untyped
  const needed = 'LBFGS.step: grads must be a closure, since the rule needs the loss, got '
  for (const [grads, shown] of [
    [undefined, 'undefined'],
    [{ a: new Float32Array(3) }, 'Object'],
  ]) {
    expectError(
      () => opt.step(grads),
      TypeError,
      `${needed}${shown}`,
      () => snapshot(opt),
    )
  }
  expectError(
    () => Object.assign(opt.groups[0], { historySize: 3 }),
    TypeError,
    'LBFGS: historySize is fixed at construction (2, got 3)',
  )
})

test('saved states: pairs that are not there, and some that are too many', () => {
  const params = { a: Float64Array.of(1, 2) }
  const opt = new LBFGS(params, { lr: 0.1, historySize: 2, maxIter: 3 }) as unknown as Untyped
  opt.step(closureOf(quadratic, [params.a]))
  const who = 'LBFGS.loadStateDict: parameter "a": '
  for (const [pairs, type, text] of [
    [3, RangeError, 'pairs must be an integer in [0, 2], got 3'],
    [-1, RangeError, 'pairs must be an integer in [0, 2], got -1'],
    [0.5, RangeError, 'pairs must be an integer in [0, 2], got 0.5'],
    ['1', TypeError, 'pairs must be a number, got "1"'],
    [2, TypeError, 'oldDirs1 must be a Float32Array or Float64Array, got undefined'],
  ] as const) {
    const saved = opt.stateDict()
    Object.assign(saved.state.a, { pairs })
    expectError(
      () => opt.loadStateDict(saved),
      type,
      `${who}${text}`,
      () => snapshot(opt),
    )
  }
  expect(Object.keys(opt.stateDict().state.a)).toEqual([
    'step',
    'funcEvals',
    'nIter',
    't',
    'pairs',
    'd',
    'prevFlatGrad',
    'oldDirs0',
    'oldStps0',
  ])
})
