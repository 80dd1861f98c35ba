// SAM's closures that throw, and averages in the parameters' place: everything comes back as it was.
import { Adam, EMA, fit, Lookahead, minimize, type Problem, SAM, SGD, SWA } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { bits, expectError } from './untyped'

const make = (lr = 1) => new SGD({ w: Float32Array.of(1, 2), b: Float32Array.of(3) }, { lr })
const gradients = () => ({ w: Float32Array.of(1, 1), b: Float32Array.of(1) })
const everything = (opt: { params: object; stateDict(): unknown }) =>
  JSON.stringify([Object.values(opt.params).map(bits), opt.stateDict()], (_, value) =>
    ArrayBuffer.isView(value) ? bits(value as Float32Array) : value,
  )

describe('SAM', () => {
  test.each([1, 2])('a closure that throws at call %s leaves everything as before', (call) => {
    for (const inner of [make(), new Adam({ w: Float32Array.of(1, 2), b: Float32Array.of(3) })]) {
      const opt = new SAM(inner)
      opt.step((g) => {
        g.w.fill(0.3)
        return 1
      })
      const before = everything(opt)
      let calls = 0
      const failing = () =>
        opt.step((g) => {
          g.w.fill(1 / 3)
          if (++calls === call) throw new Error('no gradient today')
          return 1
        })
      expect(failing).toThrow('no gradient today')
      expect(calls).toBe(call)
      expect(everything(opt)).toBe(before)
    }
  })

  test('wants closures that return a number', () => {
    const opt = new SAM(make())
    for (const grads of [undefined, null, gradients()]) {
      const message = /^SAM\.step: grads must be a closure, since two gradients are needed, got /
      expectError(
        () => opt.step(grads),
        TypeError,
        message,
        () => everything(opt),
      )
    }
    const message = "SAM.step: the closure's result must be the loss (a number), got undefined"
    expectError(
      () => opt.step((() => {}) as never),
      TypeError,
      message,
      () => everything(opt),
    )
  })

  test('SAM of SAM perturbs twice', () => {
    const w = Float64Array.of(1)
    const opt = new SAM(new SAM(new SGD({ w }, { lr: 0.125 }), { rho: 0.5 }), { rho: 0.25 })
    const seen: number[] = []
    opt.step((g) => {
      seen.push(w[0])
      g.w[0] = 2 * w[0]
      return w[0] ** 2
    })
    expect(seen).toEqual([1, 1.25, 1.5, 1.75])
    expect(w[0]).toBe(1 - 0.125 * 3.5)
  })
})

describe('averages', () => {
  test('no step while swapped, no swap before the first update', () => {
    const opt = new SWA(make(), { start: 2 })
    opt.step(gradients())
    const early = 'SWA.swap must be called after the first update of the average'
    expectError(
      () => opt.swap(),
      Error,
      early,
      () => everything(opt),
    )
    expectError(
      () => opt.withAverage(() => 1),
      Error,
      early,
      () => everything(opt),
    )
    opt.eval()
    expect(opt.swapped).toBe(false)
    opt.train()
    opt.step(gradients())
    opt.swap()
    const message = 'SWA.step must be called on the live weights: call swap() or train() first'
    expectError(
      () => opt.step(gradients()),
      Error,
      message,
      () => everything(opt),
    )
    expect(opt.withAverage(() => opt.swapped)).toBe(true)
    opt.train()
    expect(opt.swapped).toBe(false)
  })

  test('withAverage brings the live weights back whatever happens', async () => {
    const opt = new EMA(make(), { decay: 0.5 })
    opt.step(gradients())
    opt.step(gradients())
    const live = everything(opt)
    expect(opt.withAverage(() => opt.params.b[0])).toBe(1.5)
    expect(everything(opt)).toBe(live)
    const failing = () =>
      opt.withAverage(() => {
        throw new Error('no')
      })
    expect(failing).toThrow('no')
    expect(everything(opt)).toBe(live)
    const later = opt.withAverage(async () => {
      await Promise.resolve()
      return opt.params.b[0]
    })
    expect(opt.swapped).toBe(true)
    expect(await later).toBe(1.5)
    expect(everything(opt)).toBe(live)
    await expect(opt.withAverage(() => Promise.reject(new Error('later')))).rejects.toThrow('later')
    expect(everything(opt)).toBe(live)
    expectError(() => opt.withAverage(3 as never), TypeError, 'EMA.withAverage: fn must be a function, got 3')
  })

  test('a state saved while swapped', () => {
    const opt = new EMA(make(), { decay: 0.5 })
    opt.step(gradients())
    opt.step(gradients())
    const live = opt.params.b[0]
    opt.swap()
    const other = new EMA(make(), { decay: 0.5 })
    other.params.b.set(opt.params.b)
    other.params.w.set(opt.params.w)
    other.loadStateDict(opt.stateDict())
    expect(other.swapped).toBe(true)
    other.swap()
    expect(other.params.b[0]).toBe(live)
  })

  test('fit validates the average and trains the live weights; minimize takes wrappers too', async () => {
    const seen: number[] = []
    const problem: Problem = {
      name: 'square',
      params: () => ({ x: Float64Array.of(4) }),
      lossAndGrad({ x }, grads) {
        grads.x[0] = 2 * x[0]
        return x[0] ** 2
      },
      validate({ x }) {
        seen.push(x[0])
        return { loss: x[0] ** 2 }
      },
    }
    const opt = new EMA(new SGD(problem.params(0), { lr: 0.25 }), { decay: 0.5 })
    // biome-ignore lint/suspicious/noFocusedTests: not a test
    await fit(problem, opt, { epochs: 3 })
    expect(seen).toEqual([4, 2, 1.5, 1])
    expect(opt.params.x[0]).toBe(0.5)
    const run = minimize(
      (x, g) => {
        g[0] = 2 * x[0]
        return x[0] ** 2
      },
      [3],
      { optimizer: (params: never) => new Lookahead(new SGD(params, { lr: 0.3 })) } as never,
    )
    expect(run.reason).toBe('gradient')
  })
})

test('the average stays while any of several calls under way needs it', async () => {
  const w = Float64Array.of(1)
  const ema = new EMA(new SGD({ w }, { lr: 1 }), { decay: 0.5 })
  for (let t = 0; t < 2; t++) ema.step({ w: Float64Array.of(1) })
  const gates: (() => void)[] = []
  const look = () =>
    ema.withAverage(async () => {
      await new Promise<void>((open) => void gates.push(open))
      return w[0]
    })
  const [first, second] = [look(), look()]
  gates[0]()
  expect(await first).toBe(-0.5)
  expect(() => ema.step({ w: Float64Array.of(1) })).toThrow('live weights')
  gates[1]()
  expect(await second).toBe(-0.5)
  expect(w[0]).toBe(-1)
})
