// The scheduler classes by their closed forms, and what they keep of the initial and of the last rate.
import {
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  SequentialLR,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { expectClose, rates, sgd, trace } from './schedulers'

describe('closed forms', () => {
  it('decays by e^(−kt)', () => {
    const optimizer = sgd(0.1)
    const seen = trace(optimizer, new ExponentialLR(optimizer, { k: 0.05 }), 40)
    expectClose([seen[0], seen[20], seen[40]], [0.1, 0.03678794411714423, 0.01353352832366127], 1e-15)
  })

  it('does not drift: far along, the rate is that of the formula', () => {
    const optimizer = sgd(0.1)
    const cosine = new CosineAnnealingLR(optimizer, { tMax: 100, etaMin: 0.01 })
    const seen = trace(optimizer, cosine, 100_000)
    expect(seen.slice(200, 400)).toEqual(seen.slice(99_800, 100_000))
    expect(seen[99_900]).toBe(0.01)
  })

  it('warms up from zero', () => {
    const optimizer = sgd(0.1)
    optimizer.groups[0].initialLr = 0.5
    const scheduler = new LinearLR(optimizer, { startFactor: 0, totalIters: 4 })
    expectClose(trace(optimizer, scheduler, 5), [0, 0.025, 0.05, 0.075, 0.1, 0.1])
    const held = sgd(0.1)
    expectClose(trace(held, new ConstantLR(held, { factor: 0, totalIters: 2 }), 3), [0, 0, 0.1, 0.1])
  })

  it('calls a lambda once a step, for its own group', () => {
    const optimizer = sgd(0.1, 0.2)
    const calls: string[] = []
    const lrLambda = ['a', 'b'].map((name, i) => (t: number) => {
      calls.push(`${name}${t}`)
      return i + t
    })
    const scheduler = new LambdaLR(optimizer, { lrLambda })
    optimizer.groups[0].lr = 0.7
    scheduler.step()
    scheduler.step()
    expect(calls).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
    expectClose(rates(optimizer), [0.9, 0.6], 1e-15)
  })

  it('keeps the initial rate on the group for later schedulers', () => {
    const optimizer = sgd(0.1)
    new ConstantLR(optimizer, { factor: 0.5, totalIters: 3 })
    expect(optimizer.groups[0].initialLr).toBe(0.1)
    new ConstantLR(optimizer, { factor: 0.5, totalIters: 3 })
    expect(optimizer.groups[0].initialLr).toBe(0.1)
    expect(optimizer.groups[0].lr).toBe(0.025)
    new SequentialLR(optimizer, {
      schedulers: [new LinearLR(optimizer, { startFactor: 0.2 })],
      milestones: [],
    })
    expectClose(rates(optimizer), [0.02])
  })

  it('reports what it set last, whatever was assigned since', () => {
    const optimizer = sgd(0.1)
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })
    scheduler.step()
    optimizer.groups[0].lr = 0.7
    scheduler.lastLr[0] = 9
    expect(scheduler.lastLr).toEqual([0.05])
  })
})
