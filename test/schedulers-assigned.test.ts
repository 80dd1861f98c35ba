// What a rate assigned between two steps does to the schedule of its group, and to those of others.
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  PolynomialLR,
  SequentialLR,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { expectClose, type Optimizer, type Scheduler, sgd, trace } from './schedulers'

describe('an assigned rate', () => {
  it.each<[string, (optimizer: Optimizer) => Scheduler, number, number[]]>([
    // Between two decays it stays exactly what was assigned.
    ['StepLR', (o) => new StepLR(o, { stepSize: 3, gamma: 0.1 }), 4, [0.03, 0.03, 0.003, 0.003]],
    [
      'MultiStepLR',
      (o) => new MultiStepLR(o, { milestones: [2, 6], gamma: 0.1 }),
      4,
      [0.03, 0.03, 0.003, 0.003],
    ],
    [
      'LinearLR',
      (o) => new LinearLR(o, { startFactor: 0.2, totalIters: 4 }),
      1,
      [0.03, 0.045, 0.06, 0.075, 0.075],
    ],
    ['ConstantLR', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 3 }), 1, [0.03, 0.03, 0.06, 0.06]],
    ['PolynomialLR', (o) => new PolynomialLR(o, { totalIters: 4 }), 1, [0.03, 0.02, 0.01, 0, 0]],
    ['LambdaLR', (o) => new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) }), 1, [0.03, 0.02, 0.015, 0.012]],
    // At a zero no scale leads to the assigned rate: the curve is shifted.
    ['PolynomialLR at its end', (o) => new PolynomialLR(o, { totalIters: 4 }), 4, [0.03, 0.03, 0.03]],
    [
      'CosineAnnealingLR at its zero',
      (o) => new CosineAnnealingLR(o, { tMax: 2 }),
      2,
      [0.03, 0.08, 0.13, 0.08, 0.03],
    ],
    [
      'CosineAnnealingLR at its minimum',
      (o) => new CosineAnnealingLR(o, { tMax: 2, etaMin: 0.01 }),
      2,
      [0.03, 0.075, 0.12, 0.075, 0.03],
    ],
    [
      'LinearLR at a start of zero',
      (o) => new LinearLR(o, { startFactor: 0, totalIters: 2 }),
      0,
      [0.03, 0.08, 0.13, 0.13],
    ],
    [
      'ChainedScheduler at the zero of a cosine',
      (o) =>
        new ChainedScheduler(o, {
          schedulers: [new CosineAnnealingLR(o, { tMax: 2 }), new StepLR(o, { stepSize: 10 })],
        }),
      2,
      [0.03, 0.08, 0.13, 0.08, 0.03],
    ],
    [
      'SequentialLR',
      (o) => new SequentialLR(o, { schedulers: [new PolynomialLR(o, { totalIters: 4 })], milestones: [] }),
      1,
      [0.03, 0.02, 0.01, 0, 0],
    ],
  ])('rebases %s', (_name, make, at, wanted) => {
    const optimizer = sgd(0.1)
    const seen = trace(optimizer, make(optimizer), at + wanted.length - 1, { [at]: wanted[0] })
    expectClose([wanted[0], ...seen.slice(at + 1)], wanted)
  })

  it('of one group leaves the others on their schedule', () => {
    const make = (optimizer: Optimizer) =>
      new ChainedScheduler(optimizer, {
        schedulers: [
          new ExponentialLR(optimizer, { gamma: 0.9 }),
          new LambdaLR(optimizer, { lrLambda: (t) => 1 / (1 + t) }),
          new CosineAnnealingLR(optimizer, { tMax: 3, etaMin: 0.01 }),
        ],
      })
    const left = sgd(0.1, 0.1)
    const plain = sgd(0.1, 0.1)
    const leftScheduler = make(left)
    const plainScheduler = make(plain)
    for (let t = 0; t < 20; t++) {
      if (t % 5 === 3) left.groups[0].lr = 0.3
      leftScheduler.step()
      plainScheduler.step()
      expect(left.groups[1].lr).toBe(plain.groups[1].lr)
      if (t <= 3) expect(left.groups[0].lr === plain.groups[0].lr).toBe(t < 3)
    }
  })

  it('of the value it has already changes nothing', () => {
    const optimizer = sgd(0.1)
    const plain = sgd(0.1)
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 7, etaMin: 0.003 })
    const seen = trace(plain, new CosineAnnealingLR(plain, { tMax: 7, etaMin: 0.003 }), 30)
    for (let t = 0; t < 30; t++) {
      optimizer.groups[0].lr = Number(String(optimizer.groups[0].lr))
      scheduler.step()
      expect(optimizer.groups[0].lr).toBe(seen[t + 1])
    }
  })

  it('below the floor never leads below zero', () => {
    const optimizer = sgd(0.1)
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 4, etaMin: 0.05 })
    const seen = trace(optimizer, scheduler, 12, { 5: 0.01 })
    expect(Math.min(...seen)).toBe(0)
    expect(seen[12]).toBe(0.05)
  })
})
