// Schedulers resumed from a saved state: the same bits from every step, and the states they refuse.
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { classes, type Optimizer, rates, type Scheduler, sgd } from './schedulers'

describe('resumption', () => {
  const metrics = Array.from({ length: 45 }, (_, t) =>
    t % 11 === 5 ? Number.NaN : Math.max(5, 20 - t) + (t % 3),
  )
  const cosine = (o: Optimizer) => new CosineAnnealingLR(o, { tMax: 12, etaMin: 0.003 })
  const chain = (o: Optimizer) =>
    new ChainedScheduler(o, {
      schedulers: [
        cosine(o),
        new ExponentialLR(o, { gamma: 0.93 }),
        new ConstantLR(o, { factor: 0.3, totalIters: 10 }),
      ],
    })
  const unmoved = { cycleMomentum: false }
  const makers: Record<string, (optimizer: Optimizer) => Scheduler> = {
    StepLR: (o) => new StepLR(o, { stepSize: 4, gamma: 0.7 }),
    MultiStepLR: (o) => new MultiStepLR(o, { milestones: [3, 9, 9, 30], gamma: 0.7 }),
    ExponentialLR: (o) => new ExponentialLR(o, { k: 0.07 }),
    CosineAnnealingLR: cosine,
    LinearLR: (o) => new LinearLR(o, { startFactor: 0.1, totalIters: 15 }),
    ConstantLR: (o) => new ConstantLR(o, { factor: 0.3, totalIters: 10 }),
    PolynomialLR: (o) => new PolynomialLR(o, { totalIters: 20, power: 0.9 }),
    LambdaLR: (o) => new LambdaLR(o, { lrLambda: (t) => 1 / (3 + t) }),
    MultiplicativeLR: (o) => new MultiplicativeLR(o, { lrLambda: (t) => (t % 5 === 0 ? 0.7 : 1.01) }),
    CosineAnnealingWarmRestarts: (o) =>
      new CosineAnnealingWarmRestarts(o, { t0: 5, tMult: 2, etaMin: 0.001 }),
    CyclicLR: (o) =>
      new CyclicLR(o, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 6, stepSizeDown: 3, ...unmoved }),
    OneCycleLR: (o) => new OneCycleLR(o, { maxLr: 0.5, totalSteps: 46, threePhase: true, ...unmoved }),
    SequentialLR: (o) =>
      new SequentialLR(o, { schedulers: [new LinearLR(o), chain(o), cosine(o)], milestones: [5, 20] }),
    ChainedScheduler: chain,
    ReduceLROnPlateau: (o) => new ReduceLROnPlateau(o, { factor: 0.7, patience: 2, cooldown: 1 }),
  }

  it('is tried with every scheduler', () => {
    expect(Object.keys(makers).sort()).toEqual(Object.keys(classes).sort())
  })

  /** One step, the rate assigned before some of them. */
  function step(optimizer: Optimizer, scheduler: Scheduler, t: number) {
    if (t === 7 || t === 12 || t === 31) optimizer.groups[0].lr = 0.2 / t
    scheduler.step(metrics[t])
  }

  it.each(Object.entries(makers))('%s continues with the same bits from every step', (_name, make) => {
    const optimizer = sgd(0.1, 0.02)
    const scheduler = make(optimizer)
    const saved: { optimizer: ReturnType<Optimizer['stateDict']>; scheduler: string }[] = []
    const seen: number[][] = []
    const save = () => {
      seen.push(rates(optimizer))
      saved.push({
        optimizer: structuredClone(optimizer.stateDict()),
        scheduler: JSON.stringify(scheduler.stateDict()),
      })
    }
    save()
    for (let t = 0; t < metrics.length; t++) {
      step(optimizer, scheduler, t)
      save()
    }
    const orders: ((from: (typeof saved)[number]) => [Optimizer, Scheduler])[] = [
      (from) => {
        const resumed = sgd(0.7, 0.9)
        const again = make(resumed)
        resumed.loadStateDict(from.optimizer)
        again.loadStateDict(JSON.parse(from.scheduler))
        return [resumed, again]
      },
      (from) => {
        const resumed = sgd(0.7, 0.9)
        const again = make(resumed)
        again.loadStateDict(JSON.parse(from.scheduler))
        resumed.loadStateDict(from.optimizer)
        return [resumed, again]
      },
      (from) => {
        const resumed = sgd(0.7, 0.9)
        resumed.loadStateDict(from.optimizer)
        const again = make(resumed)
        again.loadStateDict(JSON.parse(from.scheduler))
        return [resumed, again]
      },
    ]
    saved.forEach((from, at) => {
      for (const order of orders) {
        const [resumed, again] = order(from)
        const continued = [rates(resumed)]
        expect(JSON.stringify(again.stateDict())).toBe(from.scheduler)
        for (let t = at; t < metrics.length; t++) {
          step(resumed, again, t)
          continued.push(rates(resumed))
        }
        expect(continued).toEqual(seen.slice(at))
      }
    })
  })

  it('keeps a rate assigned just before saving', () => {
    const optimizer = sgd(0.1)
    const scheduler = new ExponentialLR(optimizer, { gamma: 0.5 })
    scheduler.step()
    optimizer.groups[0].lr = 0.8
    const resumed = sgd(0.3)
    const again = new ExponentialLR(resumed, { gamma: 0.5 })
    again.loadStateDict(scheduler.stateDict())
    expect([rates(resumed), again.lastLr]).toEqual([[0.8], [0.05]])
    again.step()
    expect(rates(resumed)).toEqual([0.4])
  })

  it('keeps the initial rate in the optimizer', () => {
    const optimizer = sgd(0.1)
    new LinearLR(optimizer, { startFactor: 0.5 })
    const resumed = sgd(0.7)
    resumed.loadStateDict(structuredClone(optimizer.stateDict()))
    expect([resumed.groups[0].lr, resumed.groups[0].initialLr]).toEqual([0.05, 0.1])
  })
  const state = () => new StepLR(sgd(0.1), { stepSize: 2 }).stateDict()
  const group = (change: object) => {
    const saved = state() as unknown as { groups: object[] }
    return { ...saved, groups: [{ ...saved.groups[0], ...change }] }
  }
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'StepLR: state must be an object from stateDict(), got undefined'],
    ['a list', [], 'StepLR: state must be an object from stateDict(), got []'],
    ['no kind', {}, 'StepLR: state.kind must be "StepLR", got undefined'],
    ['another kind', { ...state(), kind: 'LinearLR' }, 'StepLR: state.kind must be "StepLR", got "LinearLR"'],
    ['a negative step', { ...state(), t: -1 }, 'StepLR: state.t must be an integer ≥ 0, got -1'],
    ['no groups', { ...state(), groups: undefined }, 'StepLR: state.groups must be an array, got undefined'],
    ['too few groups', { ...state(), groups: [] }, 'StepLR: state.groups must be of length 1, got []'],
    [
      'no group',
      { ...state(), groups: [null] },
      'StepLR: state.groups[0] must be an object from stateDict(), got null',
    ],
    ['a text', group({ lr: '1' }), 'StepLR: state.groups[0].lr must be a number in [0, Infinity), got "1"'],
    ['a negative rate', group({ lr: -1 }), 'StepLR: state.groups[0].lr must be in [0, Infinity), got -1'],
    [
      'a lost number',
      group({ from: null }),
      'StepLR: state.groups[0].from must be a finite number, got null',
    ],
    ['a zero scale', group({ at: 0 }), 'StepLR: state.groups[0].at must be in (0, Infinity), got 0'],
  ])('refuses %s', (_name, saved, message) => {
    const optimizer = sgd(0.3)
    const scheduler = new StepLR(optimizer, { stepSize: 1 })
    scheduler.step()
    const before = [scheduler.stateDict(), rates(optimizer)]
    expect(() => scheduler.loadStateDict(saved)).toThrow(message)
    expect([scheduler.stateDict(), rates(optimizer)]).toEqual(before)
  })

  it.each(Object.entries(makers))(
    '%s refuses the state of two groups for one, and of another kind',
    (name, make) => {
      const optimizer = sgd(0.3)
      const scheduler = make(optimizer)
      scheduler.step(1)
      const before = [scheduler.stateDict(), rates(optimizer)]
      expect(() => scheduler.loadStateDict(make(sgd(0.1, 0.2)).stateDict())).toThrow(/must be of length 1/)
      expect(() => scheduler.loadStateDict({ kind: 'Other' })).toThrow(
        `${name}: state.kind must be "${name}", got "Other"`,
      )
      expect([scheduler.stateDict(), rates(optimizer)]).toEqual(before)
    },
  )

  it('of a sequence refuses all when one inside is wrong', () => {
    const optimizer = sgd(0.3)
    const scheduler = makers.SequentialLR(optimizer)
    scheduler.step()
    const before = [scheduler.stateDict(), rates(optimizer)]
    const other = makers.SequentialLR(sgd(0.1)).stateDict() as { schedulers: object[] }
    const wrong = { ...other, schedulers: [...other.schedulers.slice(0, 2), { kind: 'StepLR' }] }
    expect(() => scheduler.loadStateDict(wrong)).toThrow('CosineAnnealingLR: state.kind must be')
    expect(() => scheduler.loadStateDict({ ...other, schedulers: [] })).toThrow(
      'SequentialLR: state.schedulers must be of length 3, got []',
    )
    expect([scheduler.stateDict(), rates(optimizer)]).toEqual(before)
  })
})
