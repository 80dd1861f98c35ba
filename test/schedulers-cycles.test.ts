// The schedulers that go round: closed forms, momentum of every kind of optimizer, rebasing, exact resumption.
import {
  AdamW,
  ChainedScheduler,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LAMB,
  MultiplicativeLR,
  OneCycleLR,
  RMSprop,
  SequentialLR,
  SGD,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { expectClose, type Scheduler, trace } from './schedulers'

const sgd = (lr = 0.1, momentum = 0.9) => new SGD([new Float32Array(1)], { lr, momentum })

describe('CyclicLR', () => {
  it('goes up and down in different numbers of steps, the height scaled by the cycle or by the step', () => {
    const base = { baseLr: 1, maxLr: 3, stepSizeUp: 2, stepSizeDown: 4, cycleMomentum: false }
    const rows: [object, number[]][] = [
      [{}, [1, 2, 3, 2.5, 2, 1.5, 1, 2, 3, 2.5]],
      [{ mode: 'triangular2' }, [1, 2, 3, 2.5, 2, 1.5, 1, 1.5, 2, 1.75, 1.5, 1.25, 1, 1.25]],
      [{ mode: 'exp_range', gamma: 0.5 }, [1, 1.5, 1.5, 1.1875, 1.0625, 1.015625, 1, 1.0078125]],
      // scaleFn takes the place of the mode; cycles count from 1, steps from 0.
      [{ mode: 'triangular2', scaleFn: (x: number) => x }, [1, 2, 3, 2.5, 2, 1.5, 1, 3, 5]],
      [{ scaleFn: (x: number) => x, scaleMode: 'iterations' }, [1, 2, 5, 5.5, 5, 3.5, 1, 8]],
    ]
    for (const [options, wanted] of rows) {
      const optimizer = sgd()
      expectClose(
        trace(optimizer, new CyclicLR(optimizer, { ...base, ...options }), wanted.length - 1),
        wanted,
      )
    }
  })

  it('takes 2000 steps up and as many down by default', () => {
    const optimizer = sgd()
    const seen = trace(optimizer, new CyclicLR(optimizer, { baseLr: 1, maxLr: 2 }), 4000)
    expectClose([seen[500], seen[2000], seen[3000], seen[4000]], [1.25, 2, 1.5, 1])
  })

  it('has bounds of its own for every group, momentum included', () => {
    const optimizer = new SGD([{ params: [[1]] }, { params: [[1]] }], { momentum: 0.5 })
    const scheduler = new CyclicLR(optimizer, {
      baseLr: [1, 2],
      maxLr: [2, 4],
      stepSizeUp: 2,
      baseMomentum: [0.25, 0.5],
      maxMomentum: [0.75, 1],
    })
    const read = () => optimizer.groups.map(({ lr, momentum, initialLr }) => [lr, momentum, initialLr])
    expect(read()).toEqual([
      [1, 0.75, 1],
      [2, 1, 2],
    ])
    scheduler.step()
    expect(read()).toEqual([
      [1.5, 0.5, 1],
      [3, 0.75, 2],
    ])
    expect(scheduler.lastLr).toEqual([1.5, 3])
  })

  it('rebases the cycle on an assigned rate', () => {
    // At half the height 5 is 1 + 4, which makes the height 8 for good.
    const up = sgd()
    const options = { baseLr: 1, maxLr: 3, stepSizeUp: 2 }
    expectClose(trace(up, new CyclicLR(up, options), 7, { 1: 5 }), [1, 2, 9, 5, 1, 5, 9, 5])
    // At the base no scale leads to the assigned rate: the cycle is shifted.
    const low = sgd()
    expectClose(trace(low, new CyclicLR(low, options), 4, { 0: 1.5 }), [1, 2.5, 3.5, 2.5, 1.5])
  })

  it('starts afresh in a sequence', () => {
    const optimizer = sgd()
    const first = new ExponentialLR(optimizer, { gamma: 0.5 })
    const cyclic = new CyclicLR(optimizer, { baseLr: 1, maxLr: 3, stepSizeUp: 2 })
    const scheduler = new SequentialLR(optimizer, { schedulers: [first, cyclic], milestones: [2] })
    expectClose(trace(optimizer, scheduler, 6), [0.1, 0.05, 1, 2, 3, 2, 1])
  })
})

describe('OneCycleLR', () => {
  const linear = { maxLr: 1, divFactor: 5, finalDivFactor: 4, annealStrategy: 'linear' } as const

  it('rises for pctStart · totalSteps − 1 steps, in straight lines', () => {
    // 0.4 · 11 − 1 is not whole: the peak is at 3.4, between two steps.
    const optimizer = sgd()
    const seen = trace(optimizer, new OneCycleLR(optimizer, { ...linear, totalSteps: 11, pctStart: 0.4 }), 10)
    const up = [0, 1, 2, 3].map((t) => 0.2 + (0.8 * t) / 3.4)
    const down = [4, 5, 6, 7, 8, 9, 10].map((t) => 1 - (0.95 * (t - 3.4)) / 6.6)
    expectClose(seen, [...up, ...down])
    expect(optimizer.groups[0].initialLr).toBe(0.2)
  })

  it('falls back to its start in as many steps, then to its end, with three phases', () => {
    const optimizer = sgd()
    const options = { ...linear, totalSteps: 10, pctStart: 0.5, threePhase: true }
    const read = () => [optimizer.groups[0].lr, optimizer.groups[0].momentum]
    const scheduler = new OneCycleLR(optimizer, options)
    const seen = [read()]
    for (let t = 0; t < 9; t++) {
      scheduler.step()
      seen.push(read())
    }
    expectClose(
      seen.map(([lr]) => lr),
      [0.2, 0.4, 0.6, 0.8, 1, 0.8, 0.6, 0.4, 0.2, 0.05],
    )
    expectClose(
      seen.map(([, momentum]) => momentum),
      [0.95, 0.925, 0.9, 0.875, 0.85, 0.875, 0.9, 0.925, 0.95, 0.95],
    )
  })

  it('follows cosines by default, over epochs and steps of one', () => {
    const optimizer = sgd()
    const options = {
      maxLr: 1,
      epochs: 5,
      stepsPerEpoch: 2,
      pctStart: 0.5,
      baseMomentum: 0.5,
      maxMomentum: 0.9,
    }
    const scheduler = new OneCycleLR(optimizer, options)
    const momenta: number[] = []
    const seen = trace(optimizer, scheduler, 9, {}, () => {
      momenta.push(optimizer.groups[0].momentum)
      return optimizer.groups[0].lr
    })
    const cosine = (from: number, to: number, part: number) =>
      to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part))
    const both = (start: number, peak: number, end: number) => [
      ...[0, 1, 2, 3].map((t) => cosine(start, peak, t / 4)),
      ...[4, 5, 6, 7, 8, 9].map((t) => cosine(peak, end, (t - 4) / 5)),
    ]
    expectClose(seen, both(0.04, 1, 4e-6))
    expectClose(momenta, both(0.9, 0.5, 0.9))
  })

  it('allows totalSteps steps and no more, and stays', () => {
    for (const options of [linear, { ...linear, annealStrategy: 'cos' } as const]) {
      const optimizer = sgd()
      const scheduler = new OneCycleLR(optimizer, { ...options, totalSteps: 8 })
      trace(optimizer, scheduler, 8)
      // One step past the end: a straight line stays there, the cosine has turned by 1/5.6 of π more.
      const past = options === linear ? 0.05 : 0.05 + (0.95 / 2) * (1 + Math.cos(Math.PI * (1 + 1 / 5.6)))
      expectClose([optimizer.groups[0].lr], [past])
      const before = [scheduler.stateDict(), optimizer.groups[0].lr, optimizer.groups[0].momentum]
      expect(() => scheduler.step()).toThrow(
        new RangeError('OneCycleLR: step() must be called at most totalSteps = 8 times, got one more'),
      )
      expect([scheduler.stateDict(), optimizer.groups[0].lr, optimizer.groups[0].momentum]).toEqual(before)
    }
  })

  it('has no rise or no fall at the ends of pctStart, and starts at the peak where the rise has no length', () => {
    const run = (pctStart: number, totalSteps: number, n: number) => {
      const optimizer = sgd()
      return trace(optimizer, new OneCycleLR(optimizer, { ...linear, totalSteps, pctStart }), n)
    }
    expectClose(run(1, 5, 5), [0.2, 0.4, 0.6, 0.8, 1, 0.05])
    // The fall starts at step −1 and is at its end at 4.
    expectClose(run(0, 5, 4), [0.81, 0.62, 0.43, 0.24, 0.05])
    expectClose(run(0.25, 4, 3), [1, 1 - 0.95 / 3, 1 - 1.9 / 3, 0.05])
    expectClose(run(0.5, 1, 0), [0.05])
  })

  it('rebases the cycle on an assigned rate', () => {
    const optimizer = sgd()
    const scheduler = new OneCycleLR(optimizer, {
      ...linear,
      totalSteps: 10,
      pctStart: 0.5,
      threePhase: true,
    })
    const seen = trace(optimizer, scheduler, 9, { 2: 0.3 })
    expectClose(seen, [0.2, 0.4, 0.6, 0.4, 0.5, 0.4, 0.3, 0.2, 0.1, 0.025])
  })
})

describe('momentum', () => {
  const options = { baseLr: 1, maxLr: 2, stepSizeUp: 2, baseMomentum: 0.5, maxMomentum: 0.75 }

  it('is betas[0] of the optimizers that have betas', () => {
    const betas = [0.9, 0.99] as const
    for (const optimizer of [new AdamW([[1]], { betas }), new LAMB([[1]], { betas })]) {
      const scheduler = new CyclicLR(optimizer, options)
      const seen = [optimizer.groups[0].betas]
      for (let t = 0; t < 2; t++) {
        scheduler.step()
        seen.push(optimizer.groups[0].betas)
      }
      expect(seen).toEqual([
        [0.75, 0.99],
        [0.625, 0.99],
        [0.5, 0.99],
      ])
    }
  })

  it('is momentum of RMSprop', () => {
    const optimizer = new RMSprop([[1]], { momentum: 0.1 })
    new CyclicLR(optimizer, options)
    expect(optimizer.groups[0].momentum).toBe(0.75)
  })

  it('is left alone if asked', () => {
    const optimizer = sgd(0.1, 0.3)
    const scheduler = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 5, cycleMomentum: false })
    scheduler.step()
    expect(optimizer.groups[0].momentum).toBe(0.3)
  })

  it('counts until the next step when it is assigned', () => {
    const optimizer = sgd()
    const scheduler = new CyclicLR(optimizer, options)
    optimizer.groups[0].momentum = 0.1
    scheduler.step()
    expect([optimizer.groups[0].lr, optimizer.groups[0].momentum]).toEqual([1.5, 0.625])
  })

  it('that any group refuses changes nothing', () => {
    const optimizer = new AdamW([{ params: [[1]] }, { params: [[1]] }], { lr: 0.1 })
    const before = optimizer.groups.map((group) => ({ ...group }))
    const make = (more: object) => () => new CyclicLR(optimizer, { ...options, ...more })
    expect(make({ maxMomentum: [0.75, 1] })).toThrow(
      new RangeError(
        'CyclicLR: cycleMomentum must be false where the groups refuse the momentum (AdamW: betas[0] must be in [0, 1), got 1)',
      ),
    )
    expect(make({ baseMomentum: [0.75, 1] })).toThrow(RangeError)
    expect(optimizer.groups.map((group) => ({ ...group }))).toEqual(before)
    const plain = sgd(0.1, 0)
    expect(() => new OneCycleLR(plain, { maxLr: 1, totalSteps: 3 })).toThrow(TypeError)
    expect([plain.groups[0].lr, plain.groups[0].initialLr]).toEqual([0.1, undefined])
  })

  it('that leaves its range in a later step throws there, and nothing changes', () => {
    const optimizer = new AdamW([[1]])
    const scheduler = new CyclicLR(optimizer, { ...options, scaleFn: (t) => 2 * t, scaleMode: 'iterations' })
    scheduler.step()
    const before = [scheduler.stateDict(), { ...optimizer.groups[0] }]
    // 0.75 − 0.25 · 1 · 4 = −0.25
    expect(() => scheduler.step()).toThrow('AdamW: betas[0] must be in [0, 1), got -0.25')
    expect([scheduler.stateDict(), { ...optimizer.groups[0] }]).toEqual(before)
  })

  it('stays when the rate leaves its range', () => {
    const optimizer = sgd()
    const bounds = { baseLr: 0, maxLr: 1e308, stepSizeUp: 1, baseMomentum: 0.5, maxMomentum: 0.5 }
    const scheduler = new CyclicLR(optimizer, { ...bounds, scaleFn: () => 2 })
    optimizer.groups[0].momentum = 0.7
    expect(() => scheduler.step()).toThrow(
      'CyclicLR: the new rate of groups[0] must be in [0, Infinity), got Infinity',
    )
    expect([optimizer.groups[0].lr, optimizer.groups[0].momentum]).toEqual([0, 0.7])
  })

  it('of a chain that fails elsewhere stays', () => {
    const optimizer = sgd()
    let factor = 1
    const cyclic = new CyclicLR(optimizer, options)
    const lambda = new MultiplicativeLR(optimizer, { lrLambda: () => factor })
    const chain = new ChainedScheduler(optimizer, { schedulers: [cyclic, lambda] })
    chain.step()
    expect([optimizer.groups[0].lr, optimizer.groups[0].momentum]).toEqual([1.5, 0.625])
    factor = Number.NaN
    const before = [chain.stateDict(), { ...optimizer.groups[0] }]
    expect(() => chain.step()).toThrow('MultiplicativeLR: lrLambda(2) must be in [0, Infinity), got NaN')
    expect([chain.stateDict(), { ...optimizer.groups[0] }]).toEqual(before)
  })

  it('is refused by an optimizer without any', () => {
    const optimizer = { groups: [{ params: [], lr: 0.1, eps: 1 }] } as never
    expect(() => new CyclicLR(optimizer, options)).toThrow(
      new TypeError(
        'CyclicLR: cycleMomentum must be false for an optimizer without momentum or betas, got true',
      ),
    )
  })

  it.each<[string, (optimizer: SGD | AdamW) => Scheduler]>([
    ['CyclicLR', (o) => new CyclicLR(o, { ...options, mode: 'triangular2', stepSizeDown: 3 })],
    ['OneCycleLR', (o) => new OneCycleLR(o, { maxLr: 1, totalSteps: 30 })],
    [
      'a chain',
      (o) =>
        new ChainedScheduler(o, { schedulers: [new CyclicLR(o, options), new StepLR(o, { stepSize: 4 })] }),
    ],
  ])('resumes with %s with the same bits from every step', (_name, make) => {
    for (const create of [() => sgd(0.3), () => new AdamW([[1]], { lr: 0.3 })]) {
      const read = (o: SGD | AdamW) => JSON.stringify(o.groups[0])
      const optimizer = create()
      const scheduler = make(optimizer)
      const saved: string[] = []
      const seen: string[] = []
      for (let t = 0; t <= 25; t++) {
        saved.push(JSON.stringify(scheduler.stateDict()))
        seen.push(read(optimizer))
        scheduler.step()
      }
      saved.forEach((state, at) => {
        const resumed = create()
        const again = make(resumed)
        again.loadStateDict(JSON.parse(state))
        expect(JSON.stringify(again.stateDict())).toBe(state)
        const continued: string[] = []
        for (let t = at; t <= 25; t++) {
          continued.push(read(resumed))
          again.step()
        }
        expect(continued).toEqual(seen.slice(at))
      })
    }
  })

  it('of a state out of its range is refused, and nothing changes', () => {
    const optimizer = new AdamW([[1]])
    const scheduler = new CyclicLR(optimizer, options)
    const saved = scheduler.stateDict() as unknown as { groups: object[] }
    const load = (momentum: unknown) => () =>
      scheduler.loadStateDict({ ...saved, groups: [{ ...saved.groups[0], lr: 9, momentum }] })
    expect(load(undefined)).toThrow('CyclicLR: state.groups[0].momentum must be a number in [0, Infinity)')
    expect(load(1)).toThrow('AdamW: betas[0] must be in [0, 1), got 1')
    expect([optimizer.groups[0].lr, optimizer.groups[0].betas[0]]).toEqual([1, 0.75])
    const chain = new ChainedScheduler(optimizer, {
      schedulers: [new StepLR(optimizer, { stepSize: 1 }), scheduler],
    })
    const before = JSON.stringify(chain.stateDict())
    chain.step()
    const changed = JSON.stringify(chain.stateDict()).replace('"momentum":0.625', '"momentum":1')
    chain.loadStateDict(JSON.parse(before))
    expect(() => chain.loadStateDict(JSON.parse(changed))).toThrow('AdamW: betas[0] must be in [0, 1), got 1')
    expect(JSON.stringify(chain.stateDict())).toBe(before)
  })
})

describe('in a chain', () => {
  // As in PyTorch: what they set depends on the step alone, and a factor after them acts on that.
  it.each<[string, (optimizer: SGD) => CyclicLR | OneCycleLR | CosineAnnealingWarmRestarts, number[]]>([
    ['CyclicLR', (o) => new CyclicLR(o, { baseLr: 1, maxLr: 3, stepSizeUp: 2 }), [1, 2, 3, 2, 1, 2]],
    [
      'CosineAnnealingWarmRestarts',
      (o) => new CosineAnnealingWarmRestarts(o, { t0: 2 }),
      [1, 0.5, 1, 0.5, 1],
    ],
    [
      'OneCycleLR',
      (o) =>
        new OneCycleLR(o, { maxLr: 1, totalSteps: 5, pctStart: 1, divFactor: 5, annealStrategy: 'linear' }),
      [0.2, 0.4, 0.6, 0.8, 1],
    ],
  ])('%s overrules the schedulers before it', (_name, make, wanted) => {
    const first = sgd(1)
    const before = new ExponentialLR(first, { gamma: 0.5 })
    const last = new ChainedScheduler(first, { schedulers: [before, make(first)] })
    expectClose(trace(first, last, wanted.length - 1), wanted)
    const second = sgd(1)
    const cycle = make(second)
    const after = new ExponentialLR(second, { gamma: 0.5 })
    const chain = new ChainedScheduler(second, { schedulers: [cycle, after] })
    expectClose(
      trace(second, chain, wanted.length - 1),
      wanted.map((lr, t) => (t === 0 ? lr : lr / 2)),
    )
  })

  it('keeps the rate from before the first scheduler for CyclicLR, and sets it for OneCycleLR', () => {
    const optimizer = sgd(0.5)
    new StepLR(optimizer, { stepSize: 1 })
    new CyclicLR(optimizer, { baseLr: 1, maxLr: 3 })
    expect(optimizer.groups[0].initialLr).toBe(0.5)
    new OneCycleLR(optimizer, { maxLr: 4, totalSteps: 5, divFactor: 2 })
    expect(optimizer.groups[0].initialLr).toBe(2)
  })
})

describe('CosineAnnealingWarmRestarts', () => {
  it('restarts from the rate that a group has, and from an assigned one', () => {
    const optimizer = sgd(1)
    const scheduler = new CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 2, etaMin: 0.5 })
    const quarter = (height: number, part: number) => 0.5 + (height / 2) * (1 + Math.cos(Math.PI * part))
    expectClose(
      trace(optimizer, scheduler, 9, { 8: 1.5 }),
      // cycles of 2, 4 and 8 steps; 1.5 after two of eight steps makes the height 1 / ((1 + cos(π/4)) / 2)
      [
        1,
        0.75,
        1,
        quarter(0.5, 0.25),
        0.75,
        quarter(0.5, 0.75),
        1,
        quarter(0.5, 0.125),
        quarter(0.5, 0.25),
        quarter(2 / (1 + Math.SQRT1_2), 0.375),
      ],
    )
  })

  it('is at the top at the start of every cycle, exactly, however far', () => {
    const optimizer = sgd(0.1)
    const scheduler = new CosineAnnealingWarmRestarts(optimizer, { t0: 3, tMult: 3 })
    const seen = trace(optimizer, scheduler, 10000)
    const tops = seen.flatMap((lr, t) => (lr === 0.1 ? [t] : []))
    // 3 · (3ⁿ − 1) / 2
    expect(tops).toEqual([0, 3, 12, 39, 120, 363, 1092, 3279, 9840])
  })
})

describe('MultiplicativeLR', () => {
  it('multiplies the present rate, which may have been assigned or be zero', () => {
    const optimizer = sgd(1)
    const calls: number[] = []
    const lrLambda = (t: number) => {
      calls.push(t)
      return t === 3 ? 0 : 0.5
    }
    const scheduler = new MultiplicativeLR(optimizer, { lrLambda })
    const seen = trace(optimizer, scheduler, 5, { 1: 4, 4: 8 })
    expect(seen).toEqual([1, 0.5, 2, 0, 0, 4])
    expect(calls).toEqual([1, 2, 3, 4, 5])
    expect(scheduler.lastLr).toEqual([4])
  })

  it('keeps what it set last in its state, beside a rate assigned since', () => {
    const optimizer = sgd(1)
    const make = () => new MultiplicativeLR(optimizer, { lrLambda: () => 0.5 })
    const scheduler = make()
    scheduler.step()
    optimizer.groups[0].lr = 8
    const again = make()
    again.loadStateDict(scheduler.stateDict())
    expect([again.lastLr, optimizer.groups[0].lr]).toEqual([[0.5], 8])
  })

  it('has a function for every group, and starts afresh from the initial rates in a sequence', () => {
    const optimizer = new SGD([{ params: [[1]] }, { params: [[1]], lr: 2 }], { lr: 1 })
    const step = new StepLR(optimizer, { stepSize: 1, gamma: 0.1 })
    const multiplicative = new MultiplicativeLR(optimizer, { lrLambda: [() => 0.5, (t) => t] })
    const scheduler = new SequentialLR(optimizer, { schedulers: [step, multiplicative], milestones: [2] })
    const seen = [optimizer.groups.map((group) => group.lr)]
    for (let t = 0; t < 5; t++) {
      scheduler.step()
      seen.push(optimizer.groups.map((group) => group.lr))
    }
    expect(seen).toEqual([
      [1, 2],
      [0.1, 0.2],
      [1, 2],
      [0.5, 2],
      [0.25, 4],
      [0.125, 12],
    ])
  })
})
