// Schedulers of schedulers: nesting, milestones, a step that throws, and what cannot be composed.
import {
  ChainedScheduler,
  ConstantLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  ParamScheduler,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { classes, expectClose, rates, sgd, trace } from './schedulers'

describe('composition', () => {
  it('nests: a chain and a sequence inside a sequence start afresh at their milestones', () => {
    const optimizer = sgd(0.1)
    const chain = new ChainedScheduler(optimizer, {
      schedulers: [
        new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 }),
        new ExponentialLR(optimizer, { gamma: 0.8 }),
      ],
    })
    const inner = new SequentialLR(optimizer, {
      schedulers: [
        new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }),
        new LinearLR(optimizer, { startFactor: 0.1 }),
      ],
      milestones: [2],
    })
    const scheduler = new SequentialLR(optimizer, {
      schedulers: [new ExponentialLR(optimizer, { gamma: 0.9 }), chain, inner],
      milestones: [2, 5],
    })
    expectClose(trace(optimizer, scheduler, 8), [0.1, 0.09, 0.05, 0.04, 0.064, 0.1, 0.05, 0.01, 0.028])
    expect(scheduler.lastLr).toEqual(rates(optimizer))
  })

  it('skips a scheduler whose successor has the same milestone', () => {
    const optimizer = sgd(0.1)
    const [a, b, c] = [0.9, 0.1, 0.5].map((gamma) => new ExponentialLR(optimizer, { gamma }))
    const scheduler = new SequentialLR(optimizer, { schedulers: [a, b, c], milestones: [2, 2] })
    expectClose(trace(optimizer, scheduler, 4), [0.1, 0.09, 0.1, 0.05, 0.025])
  })

  it('changes nothing when a scheduler of a chain throws', () => {
    const optimizer = sgd(0.1)
    const exponential = new ExponentialLR(optimizer, { gamma: 0.9 })
    let factor = 0.5
    const lambda = new LambdaLR(optimizer, { lrLambda: () => factor })
    const scheduler = new ChainedScheduler(optimizer, { schedulers: [exponential, lambda] })
    scheduler.step()
    const before = [scheduler.stateDict(), rates(optimizer)]
    factor = Number.NaN
    const message = 'LambdaLR: lrLambda(2) must be in [0, Infinity), got NaN'
    expect(() => scheduler.step()).toThrow(new RangeError(message))
    expect([scheduler.stateDict(), rates(optimizer)]).toEqual(before)
    factor = 0.25
    scheduler.step()
    expect(optimizer.groups[0].lr).toBe(0.025)
  })

  it('refuses a rate that overflows, and stays', () => {
    const optimizer = sgd(1)
    const scheduler = new ExponentialLR(optimizer, { gamma: 1e200 })
    scheduler.step()
    const message = 'ExponentialLR: the new rate of groups[0] must be in [0, Infinity), got Infinity'
    expect(() => scheduler.step()).toThrow(new RangeError(message))
    expect(rates(optimizer)).toEqual([1e200])
    expect(scheduler.lastLr).toEqual([1e200])
  })
})

describe('errors', () => {
  it('of composed schedulers change nothing', () => {
    const optimizer = sgd(0.1)
    const step = new StepLR(optimizer, { stepSize: 1 })
    const linear = new LinearLR(optimizer)
    const before = rates(optimizer)
    const other = new StepLR(sgd(0.1), { stepSize: 1 })
    const plateau = new ReduceLROnPlateau(optimizer)
    const inner = new ChainedScheduler(optimizer, { schedulers: [linear] })
    const rows: [name: string, schedulers: unknown[], milestones: unknown, message: string][] = [
      [
        'SequentialLR',
        [step, linear],
        [],
        'milestones must be of length 1, one fewer than schedulers, got []',
      ],
      ['SequentialLR', [step], [4], 'milestones must be of length 0, one fewer than schedulers, got [4]'],
      ['SequentialLR', [step, linear], [0], 'milestones[0] must be an integer ≥ 1, got 0'],
      ['SequentialLR', [step, linear], 5, 'milestones must be an array of integers, got 5'],
      [
        'SequentialLR',
        [step, other],
        [5],
        'schedulers[1] must schedule the same optimizer, got one of another',
      ],
      [
        'SequentialLR',
        [step, plateau],
        [5],
        'schedulers[1] must be stepped without a metric, got a ReduceLROnPlateau: step it on its own',
      ],
      [
        'SequentialLR',
        [step, new ParamScheduler(optimizer, { param: 'momentum', schedule: () => 0 })],
        [5],
        'schedulers[1] must schedule the learning rate, got a ParamScheduler of "momentum": step it on its own',
      ],
      [
        'ChainedScheduler',
        [step, step],
        undefined,
        'schedulers[1] must be a scheduler of its own, got schedulers[0] again',
      ],
      [
        'ChainedScheduler',
        [step, new ChainedScheduler(optimizer, { schedulers: [linear, step] })],
        undefined,
        'schedulers[1] must be a scheduler of its own, got one that steps what schedulers[0] steps',
      ],
      [
        'SequentialLR',
        [inner, new ChainedScheduler(optimizer, { schedulers: [inner] })],
        [5],
        'schedulers[1] must be a scheduler of its own, got one that steps what schedulers[0] steps',
      ],
      [
        'ChainedScheduler',
        [other],
        undefined,
        'schedulers[0] must schedule the same optimizer, got one of another',
      ],
      [
        'ChainedScheduler',
        [step, null],
        undefined,
        'schedulers[1] must be a learning-rate scheduler, got null',
      ],
    ]
    for (const [name, schedulers, milestones, message] of rows) {
      const options = milestones === undefined ? { schedulers } : { schedulers, milestones }
      expect(() => new classes[name](optimizer, options)).toThrow(`${name}: ${message}`)
    }
    const third = new ExponentialLR(optimizer, { gamma: 1 })
    expect(
      () => new SequentialLR(optimizer, { schedulers: [step, linear, third], milestones: [5, 3] }),
    ).toThrow('SequentialLR: milestones must be in ascending order, got [5, 3]')
    expect(rates(optimizer)).toEqual(before)
  })
})
