// ParamScheduler: every kind of hyper-parameter, what a step then computes, exact resumption, and errors.
import { Adagrad, AdamW, CosineAnnealingLR, ParamScheduler, RMSprop, SGD, schedules } from 'cauchy'
import { describe, expect, it } from 'vitest'

const one = () => Float64Array.of(1)

describe('ParamScheduler', () => {
  it('schedules the momentum of SGD, and its steps follow', () => {
    const w = one()
    const optimizer = new SGD([w], { lr: 0.5, momentum: 0.5 })
    const scheduler = new ParamScheduler(optimizer, { param: 'momentum', schedule: (t) => (t + 1) / 4 })
    expect(optimizer.groups[0].momentum).toBe(0.25)
    const seen: number[] = []
    for (let t = 0; t < 3; t++) {
      optimizer.step([Float64Array.of(1)])
      seen.push(w[0])
      scheduler.step()
    }
    // m: 1, 1.5 · 1 (μ ½), then ¾ · 1.5 + 1
    expect(seen).toEqual([0.5, 0.5 - 0.75, -0.25 - 0.5 * 2.125])
    expect([scheduler.lastValues, optimizer.groups[0].momentum]).toEqual([[1], 1])
  })

  it('schedules the weight decay of AdamW, and its steps follow', () => {
    const w = one()
    const optimizer = new AdamW([w], { lr: 0.5, weightDecay: 0.5 })
    const scheduler = new ParamScheduler(optimizer, {
      param: 'weightDecay',
      schedule: (t, first) => first * t,
    })
    for (let t = 0; t < 3; t++) {
      optimizer.step([Float64Array.of(0)])
      scheduler.step()
    }
    // 1 − lr · wd of 0, ½ and 1
    expect(w[0]).toBe(0.75 * 0.5)
  })

  it('schedules one of two betas and leaves the other', () => {
    const optimizer = new AdamW([one()], { betas: [0.8, 0.99] })
    const first = new ParamScheduler(optimizer, { param: 'betas[0]', schedule: (t) => 0.5 + t / 8 })
    const second = new ParamScheduler(optimizer, {
      param: 'betas[1]',
      schedule: schedules.piecewise({ boundaries: [1], values: [0.75, 0.875] }),
    })
    expect(optimizer.groups[0].betas).toEqual([0.5, 0.75])
    first.step()
    expect(optimizer.groups[0].betas).toEqual([0.625, 0.75])
    second.step()
    expect(optimizer.groups[0].betas).toEqual([0.625, 0.875])
    expect(Object.isFrozen(optimizer.groups[0].betas)).toBe(true)
  })

  it.each([
    ['alpha', () => new RMSprop([one()])],
    ['eps', () => new Adagrad([one()])],
    ['lrDecay', () => new Adagrad([one()])],
    ['epsRoot', () => new AdamW([one()])],
    ['dampening', () => new SGD([one()])],
    ['lr', () => new SGD([one()])],
  ])('schedules %s', (param, create) => {
    const optimizer = create()
    const scheduler = new ParamScheduler(optimizer, { param, schedule: (t) => t / 4 })
    scheduler.step()
    scheduler.step()
    expect((optimizer.groups[0] as unknown as Record<string, unknown>)[param]).toBe(0.5)
  })

  it('takes a function a group, for some of the groups only, each called once a step with its own first value', () => {
    const groups = [0.25, 0.5, 0.75].map((weightDecay) => ({ params: [one()], weightDecay }))
    const optimizer = new SGD(groups, { lr: 1 })
    const calls: unknown[] = []
    const schedule = (name: string) => (t: number, initial: number) => {
      calls.push([name, t, initial])
      return initial * 2 ** t
    }
    const options = { param: 'weightDecay', schedule: [schedule('a'), schedule('b')], groups: [2, 0] }
    const scheduler = new ParamScheduler(optimizer, options)
    optimizer.groups[2].weightDecay = 9 // counts until the next step
    scheduler.step()
    expect(optimizer.groups.map((group) => group.weightDecay)).toEqual([0.5, 0.5, 1.5])
    expect(scheduler.lastValues).toEqual([1.5, 0.5])
    expect(calls).toEqual([
      ['a', 0, 0.75],
      ['b', 0, 0.25],
      ['a', 1, 0.75],
      ['b', 1, 0.25],
    ])
  })

  it('goes along with a scheduler of the rate', () => {
    const optimizer = new AdamW([one()], { lr: 0.25, weightDecay: 0.5 })
    const rate = new CosineAnnealingLR(optimizer, { tMax: 2 })
    const decay = new ParamScheduler(optimizer, {
      param: 'weightDecay',
      schedule: (_t, initial) => (initial * optimizer.groups[0].lr) / 0.25,
    })
    rate.step()
    decay.step()
    expect([optimizer.groups[0].lr, optimizer.groups[0].weightDecay]).toEqual([0.125, 0.25])
  })
})

describe('resumption of a ParamScheduler', () => {
  const create = () =>
    new SGD([{ params: [one()] }, { params: [one()], momentum: 0.5 }], { lr: 1, momentum: 0.25 })
  const make = (optimizer: SGD) =>
    new ParamScheduler(optimizer, { param: 'momentum', schedule: (t, initial) => initial / (1 + t) })

  it('has the same bits from every step, in any order of loading', () => {
    const optimizer = create() as SGD
    const scheduler = make(optimizer)
    const read = (o: SGD) => o.groups.map((group) => group.momentum)
    const rows: { seen: number[]; optimizer: ReturnType<SGD['stateDict']>; state: string }[] = []
    for (let t = 0; t < 12; t++) {
      if (t % 4 === 3) optimizer.groups[0].momentum = 0.7
      rows.push({
        seen: read(optimizer),
        optimizer: structuredClone(optimizer.stateDict()),
        state: JSON.stringify(scheduler.stateDict()),
      })
      scheduler.step()
    }
    rows.forEach((row, at) => {
      for (const optimizerFirst of [true, false]) {
        const resumed = create() as SGD
        if (optimizerFirst) resumed.loadStateDict(row.optimizer)
        const again = make(resumed)
        again.loadStateDict(JSON.parse(row.state))
        if (!optimizerFirst) resumed.loadStateDict(row.optimizer)
        expect(JSON.stringify(again.stateDict())).toBe(row.state)
        for (let t = at; t < rows.length; t++) {
          if (t % 4 === 3) resumed.groups[0].momentum = 0.7
          expect(read(resumed)).toEqual(rows[t].seen)
          again.step()
        }
      }
    })
  })

  it.each<[string, (saved: Record<string, unknown>) => unknown, string]>([
    ['nothing', () => undefined, 'ParamScheduler: state must be an object from stateDict(), got undefined'],
    ['another kind', () => ({ kind: 'StepLR' }), 'ParamScheduler: state.kind must be "ParamScheduler"'],
    [
      'another parameter',
      (saved) => ({ ...saved, param: 'lr' }),
      'ParamScheduler: state.param must be "momentum", got "lr"',
    ],
    ['no step', (saved) => ({ ...saved, t: 0.5 }), 'ParamScheduler: state.t must be an integer ≥ 0, got 0.5'],
    ['no groups', (saved) => ({ ...saved, groups: [] }), 'ParamScheduler: state.groups must be of length 2'],
    [
      'a value that the group refuses',
      (saved) => {
        const [first, second] = saved.groups as object[]
        return {
          ...saved,
          t: 5,
          groups: [
            { ...first, value: 0.1 },
            { ...second, value: -1 },
          ],
        }
      },
      'SGD: momentum must be in [0, Infinity), got -1',
    ],
  ])('refuses %s and changes nothing', (_name, change, message) => {
    const optimizer = create() as SGD
    const scheduler = make(optimizer)
    scheduler.step()
    const before = JSON.stringify([scheduler.stateDict(), optimizer.groups])
    const saved = scheduler.stateDict()
    expect(() => scheduler.loadStateDict(change(saved))).toThrow(message)
    expect(JSON.stringify([scheduler.stateDict(), optimizer.groups])).toBe(before)
  })
})

describe('errors of a ParamScheduler', () => {
  const schedule = () => 0.5
  it.each<[unknown, string]>([
    [undefined, 'ParamScheduler: param must be the name of a hyper-parameter, got undefined'],
    [{ param: 3, schedule }, 'ParamScheduler: param must be the name of a hyper-parameter, got 3'],
    [
      { param: 'weight_decay', schedule },
      'ParamScheduler: no numeric hyper-parameter "weight_decay"; did you mean "weightDecay"?',
    ],
    [
      { param: 'betas', schedule },
      'ParamScheduler: no numeric hyper-parameter "betas"; did you mean "betas[0]"?',
    ],
    [{ param: 'betas[2]', schedule }, 'no numeric hyper-parameter "betas[2]"'],
    [{ param: 'amsgrad', schedule }, 'no numeric hyper-parameter "amsgrad"'],
    [{ param: 'params', schedule }, 'no numeric hyper-parameter "params"'],
    [{ param: 'eps' }, 'ParamScheduler: schedule must be a function or one a group, got undefined'],
    [
      { param: 'eps', schedule: [schedule] },
      'ParamScheduler: schedule must be of length 2, one function a scheduled group, got [function schedule]',
    ],
    [{ param: 'eps', schedule: [schedule, 1] }, 'ParamScheduler: schedule[1] must be a function, got 1'],
    [
      { param: 'eps', schedule: () => '1' },
      'ParamScheduler: schedule(0) of groups[0] must be a finite number, got "1"',
    ],
    [
      { param: 'eps', schedule: [schedule, () => Number.NaN] },
      'ParamScheduler: schedule(0) of groups[1] must be a finite number, got NaN',
    ],
    [{ param: 'eps', schedule: [schedule, () => -1] }, 'AdamW: eps must be in [0, Infinity), got -1'],
    [{ param: 'betas[1]', schedule: () => 1 }, 'AdamW: betas[1] must be in [0, 1), got 1'],
    [{ param: 'eps', schedule, groups: 1 }, 'ParamScheduler: groups must be an array of indices, got 1'],
    [{ param: 'eps', schedule, groups: [] }, 'ParamScheduler: groups must not be empty'],
    [
      { param: 'eps', schedule, groups: [2] },
      'ParamScheduler: groups[0] must be an integer in [0, 1], got 2',
    ],
    [
      { param: 'eps', schedule, groups: [1, 1] },
      'ParamScheduler: groups must be different indices, got [1, 1]',
    ],
    [{ param: 'eps', schedules: [] }, 'ParamScheduler: unknown option "schedules"; did you mean "schedule"?'],
  ])('%o says "%s" and changes nothing', (options, message) => {
    const optimizer = new AdamW([{ params: [one()] }, { params: [one()] }])
    const before = JSON.stringify(optimizer.groups)
    expect(() => new ParamScheduler(optimizer, options as never)).toThrow(message)
    expect(JSON.stringify(optimizer.groups)).toBe(before)
  })

  it('says what is no optimizer', () => {
    expect(() => new ParamScheduler({} as never, { param: 'lr', schedule })).toThrow(
      'ParamScheduler: optimizer must be an optimizer',
    )
  })

  it('of a later step leaves everything at the step before', () => {
    const optimizer = new SGD([{ params: [one()] }, { params: [one()] }], { momentum: 0.5 })
    const scheduler = new ParamScheduler(optimizer, {
      param: 'momentum',
      schedule: [(t) => 0.5 + t, (t) => 1 - t],
    })
    const before = JSON.stringify([scheduler.stateDict(), optimizer.groups])
    // A momentum of zero has another state: the second group refuses what the first has taken already.
    expect(() => scheduler.step()).toThrow('SGD: momentum cannot change between zero and non-zero')
    expect(JSON.stringify([scheduler.stateDict(), optimizer.groups])).toBe(before)
  })
})
