// The scheduler classes: PyTorch's numbers, composition, rebasing on assignment, exact resumption, and errors.
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
  ParamScheduler,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  SGD,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import golden from './golden/schedulers.json'

type Optimizer = SGD
interface Scheduler {
  step(metric?: number): unknown
  readonly lastLr: number[]
  stateDict(): unknown
  loadStateDict(state: unknown): void
}

const classes = {
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
} as unknown as Record<string, new (optimizer: unknown, options?: unknown) => Scheduler>

/** An optimizer with a group for each rate. */
function sgd(...lrs: number[]): Optimizer {
  const groups = lrs.map((lr, i) => ({ params: { [`w${i}`]: new Float32Array(1) }, lr }))
  return new SGD(groups, { lr: 1 })
}

const rates = (optimizer: Optimizer) => optimizer.groups.map((group) => group.lr)

/** The first group's rate before and after each of n steps; `assign[t]` is assigned before step t. */
function trace(
  optimizer: Optimizer,
  scheduler: Scheduler,
  n: number,
  assign: Record<number, number> = {},
): number[] {
  const seen = [optimizer.groups[0].lr]
  for (let t = 0; t < n; t++) {
    if (t in assign) optimizer.groups[0].lr = assign[t]
    scheduler.step()
    seen.push(optimizer.groups[0].lr)
  }
  return seen
}

function expectClose(got: readonly number[], wanted: readonly number[], tolerance = 1e-12) {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => {
    const error = Math.abs(value - wanted[i])
    expect(error, `[${i}]: ${value} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance * Math.abs(wanted[i]))
  })
}

describe('golden data', () => {
  it('has 22 cases, seven of them of the schedulers that cycle', () => {
    const cyclic = ['CosineAnnealingWarmRestarts', 'CyclicLR', 'OneCycleLR']
    const rows = golden.cases.filter((row) => cyclic.includes(row.scheduler))
    expect([rows.length, golden.cases.length]).toEqual([7, 22])
    expect(rows.filter((row) => row.momentum?.length === row.lrs.length)).toHaveLength(5)
  })

  it.each(golden.cases.map((row) => [row.name, row] as const))('%s, every step', (_name, row) => {
    const options = { lr: row.base_lr, ...row.optimizer_options }
    const optimizer: Optimizer = new SGD([{ params: { w: new Float32Array(1) } }], options)
    const group = optimizer.groups[0]
    const scheduler = fromTorch(optimizer, row.scheduler, row.options)
    const seen = [group.lr]
    const momenta = [group.momentum]
    for (let t = 0; t < row.lrs.length - 1; t++) {
      scheduler.step(row.metrics?.[t])
      seen.push(group.lr)
      momenta.push(group.momentum)
      expect(scheduler.lastLr).toEqual(rates(optimizer))
    }
    expectClose(seen, row.lrs)
    if (row.momentum) expectClose(momenta, row.momentum)
  })

  function fromTorch(optimizer: Optimizer, name: string, torchOptions: object): Scheduler {
    const options: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(torchOptions)) {
      const camel = key.replace(/^T_/, 't_').replace(/_(.)/g, (_, letter) => letter.toUpperCase())
      options[camel] =
        key === 'schedulers'
          ? (value as [string, object][]).map((row) => fromTorch(optimizer, ...row))
          : value
    }
    return new classes[name](optimizer, options)
  }
})

// The numbers of this block were printed by PyTorch 2.13.
describe('as PyTorch', () => {
  it.each<[string, (optimizer: Optimizer) => Scheduler, number[]]>([
    [
      'ConstantLR, totalIters 0',
      (o) => new ConstantLR(o, { factor: 0.5, totalIters: 0 }),
      [0.05, 0.05, 0.05],
    ],
    ['ConstantLR, totalIters 1', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 1 }), [0.05, 0.1, 0.1]],
    [
      'LinearLR, totalIters 0',
      (o) => new LinearLR(o, { startFactor: 0.5, totalIters: 0 }),
      [0.05, 0.05, 0.05],
    ],
    ['LinearLR, totalIters 1', (o) => new LinearLR(o, { startFactor: 0.5, totalIters: 1 }), [0.05, 0.1, 0.1]],
    ['PolynomialLR, totalIters 0', (o) => new PolynomialLR(o, { totalIters: 0 }), [0.1, 0.1, 0.1]],
    ['PolynomialLR, totalIters 1', (o) => new PolynomialLR(o, { totalIters: 1 }), [0.1, 0, 0, 0]],
    [
      'CosineAnnealingLR, tMax 1, rising again',
      (o) => new CosineAnnealingLR(o, { tMax: 1, etaMin: 0.02 }),
      [0.1, 0.02, 0.1, 0.02, 0.1, 0.02],
    ],
    [
      'MultiStepLR, milestones unsorted, repeated and 0',
      (o) => new MultiStepLR(o, { milestones: [4, 2, 2, 0], gamma: 0.5 }),
      [0.05, 0.05, 0.0125, 0.0125, 0.00625, 0.00625, 0.00625],
    ],
    ['MultiStepLR without milestones', (o) => new MultiStepLR(o, { milestones: [] }), [0.1, 0.1, 0.1]],
    [
      'LambdaLR in a chain starts from the initial rate, first',
      (o) =>
        new ChainedScheduler(o, {
          schedulers: [
            new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) }),
            new ExponentialLR(o, { gamma: 0.9 }),
          ],
        }),
      [0.1, 0.045000000000000005, 0.03, 0.0225, 0.018000000000000006, 0.015],
    ],
    [
      'LambdaLR in a chain starts from the initial rate, last',
      (o) =>
        new ChainedScheduler(o, {
          schedulers: [
            new ExponentialLR(o, { gamma: 0.9 }),
            new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) }),
          ],
        }),
      [0.1, 0.05, 0.03333333333333333, 0.025, 0.020000000000000004, 0.016666666666666666],
    ],
    [
      'SequentialLR of three restarts from the initial rate',
      (o) =>
        new SequentialLR(o, {
          schedulers: [
            new ConstantLR(o, { factor: 0.5, totalIters: 2 }),
            new ExponentialLR(o, { gamma: 0.9 }),
            new StepLR(o, { stepSize: 1, gamma: 0.5 }),
          ],
          milestones: [3, 6],
        }),
      [0.05, 0.05, 0.1, 0.1, 0.09, 0.081, 0.1, 0.05, 0.025, 0.0125],
    ],
  ])('%s', (_name, make, wanted) => {
    const optimizer = sgd(0.1)
    expectClose(trace(optimizer, make(optimizer), wanted.length - 1), wanted)
  })

  it('chains recursively: not the product of the closed forms', () => {
    const optimizer = sgd(0.1)
    const cosine = new CosineAnnealingLR(optimizer, { tMax: 20, etaMin: 0.01 })
    const exponential = new ExponentialLR(optimizer, { gamma: 0.95 })
    const seen = trace(optimizer, new ChainedScheduler(optimizer, { schedulers: [cosine, exponential] }), 60)
    expectClose([seen[7], seen[20], seen[21]], [0.05315771996600595, 0.0095, 0.00955132343955786])
    const product = (0.01 + 0.09 * 0.5 * (1 + Math.cos((Math.PI * 7) / 20))) * 0.95 ** 7
    expect(product).toBeCloseTo(0.05268, 5)
    // PyTorch's goes on to −0.0037 at step 25, where ours stops at 0.
    expect(Math.min(...seen)).toBe(0)
  })

  it('chains through the zero of a cosine', () => {
    const optimizer = sgd(0.1)
    const cosine = new CosineAnnealingLR(optimizer, { tMax: 10, etaMin: 0.001 })
    const step = new StepLR(optimizer, { stepSize: 5, gamma: 0.5 })
    const seen = trace(optimizer, new ChainedScheduler(optimizer, { schedulers: [cosine, step] }), 30)
    expectClose(
      [5, 10, 11, 12, 15, 20, 30].map((t) => seen[t]),
      [
        0.02525, 0.0005, 0.0029227024433899004, 0.00850260226214498, 0.020142067726367417,
        0.019642067726367417, 0.0005,
      ],
    )
  })

  it('schedules every group from its own rate', () => {
    const optimizer = sgd(0.1, 0.5)
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 4, etaMin: 0.02 })
    const wanted = [
      [0.1, 0.5],
      [0.08828427124746191, 0.42970562748477137],
      [0.06, 0.25999999999999995],
      [0.0317157287525381, 0.09029437251522861],
      [0.02, 0.02],
      [0.0317157287525381, 0.09029437251522858],
      [0.06, 0.26],
    ]
    for (const row of wanted) {
      expectClose(rates(optimizer), row)
      expectClose(scheduler.lastLr, row)
      scheduler.step()
    }
  })

  it('starts a second scheduler from the present rate, and rises to the initial one', () => {
    const optimizer = sgd(0.1)
    trace(optimizer, new StepLR(optimizer, { stepSize: 2, gamma: 0.5 }), 4)
    expectClose(
      trace(optimizer, new CosineAnnealingLR(optimizer, { tMax: 4 }), 10),
      [
        0.025, 0.021338834764831845, 0.0125, 0.0036611652351681567, 0, 0.014644660940672622, 0.05,
        0.0853553390593274, 0.1, 0.0853553390593274, 0.05,
      ],
    )
  })

  it('continues from a rate assigned in between', () => {
    const cosine = sgd(0.1)
    const seen = trace(cosine, new CosineAnnealingLR(cosine, { tMax: 10, etaMin: 0.01 }), 15, { 4: 0.2 })
    expectClose(
      seen.slice(4, 12),
      [
        0.06890576474687264, 0.15514708427503998, 0.11029416855007994, 0.06983176872491877,
        0.03772062641255996, 0.017104003954021396, 0.01, 0.012202456766718092,
      ],
    )
    const exponential = sgd(0.1)
    expectClose(
      trace(exponential, new ExponentialLR(exponential, { gamma: 0.9 }), 6, { 3: 0.2 }),
      [0.1, 0.09, 0.081, 0.0729, 0.18, 0.162, 0.1458],
    )
    const sequential = sgd(0.1)
    const schedulers = [
      new ConstantLR(sequential, { factor: 0.5, totalIters: 2 }),
      new ExponentialLR(sequential, { gamma: 0.9 }),
    ]
    expectClose(
      trace(sequential, new SequentialLR(sequential, { schedulers, milestones: [3] }), 7, { 1: 0.4, 4: 0.2 }),
      [0.05, 0.05, 0.8, 0.1, 0.09, 0.18, 0.162, 0.1458],
    )
  })
})

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

describe('ReduceLROnPlateau', () => {
  const run = (optimizer: Optimizer, options: object, metrics: readonly number[]) => {
    const scheduler = new ReduceLROnPlateau(optimizer, options)
    return metrics.map((metric) => ({ ...scheduler.step(metric), rates: rates(optimizer) }))
  }
  const lrs = (options: object, metrics: readonly number[]) =>
    run(sgd(0.1), options, metrics).map((row) => row.rates[0])

  // The first three of these sequences of rates were printed by PyTorch 2.13.
  it('counts NaN as bad, and says so', () => {
    const rows = run(sgd(0.1), { factor: 0.5, patience: 1 }, [
      1,
      Number.NaN,
      Number.NaN,
      0.5,
      Number.NaN,
      0.4,
    ])
    expect(rows.map((row) => row.rates[0])).toEqual([0.1, 0.1, 0.05, 0.05, 0.05, 0.05])
    expect(rows.map((row) => row.nan)).toEqual([false, true, true, false, true, false])
    expect(rows.map((row) => row.improved)).toEqual([true, false, false, true, false, true])
    expect(rows.map((row) => row.reduced)).toEqual([false, false, true, false, false, false])
  })

  it('has a lowest rate for every group', () => {
    const rows = run(sgd(0.1, 0.01), { patience: 0, minLr: [0.02, 0.005] }, [1, 1, 1, 1])
    expect(rows.map((row) => row.rates)).toEqual([
      [0.1, 0.01],
      [0.02, 0.005],
      [0.02, 0.005],
      [0.02, 0.005],
    ])
    expect(rows.map((row) => row.reduced)).toEqual([false, true, false, false])
    expect(run(sgd(0.1, 0.01), { patience: 0, minLr: 0.02 }, [1, 1])[1].rates).toEqual([0.02, 0.01])
  })

  it('makes no reduction of eps or less', () => {
    const rows = run(sgd(0.1, 0.01), { patience: 0, eps: 0.05, cooldown: 1 }, [1, 1, 1, 1])
    expect(rows.map((row) => row.rates[1])).toEqual([0.01, 0.01, 0.01, 0.01])
    expectClose(
      rows.map((row) => row.rates[0]),
      [0.1, 0.01, 0.01, 0.01],
    )
  })

  it('measures relative to the size of a negative metric with rel-abs', () => {
    const falling = [-1, -1.05, -1.08, -1.09]
    const options = { factor: 0.5, patience: 1, threshold: 0.1 }
    // PyTorch's 'rel' asks for less than −0.9, then −0.945 …, which a metric that gets worse also meets.
    expect(lrs(options, [-1, -0.95, -0.9, -0.85])).toEqual([0.1, 0.1, 0.1, 0.1])
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, falling)).toEqual([0.1, 0.1, 0.05, 0.05])
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, [-1, -1.2, -1.4, -1.6])).toEqual([
      0.1, 0.1, 0.1, 0.1,
    ])
    const max = { ...options, mode: 'max', thresholdMode: 'rel-abs' }
    expect(lrs(max, [-2, -1.75, -1.5, -1.3])).toEqual([0.1, 0.1, 0.1, 0.1])
    expect(lrs(max, [-2, -1.85, -1.81, -1.9])).toEqual([0.1, 0.1, 0.05, 0.05])
    // On a positive metric it is 'rel'.
    const positive = [2, 1.85, 1.75, 1.7, 1.6]
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, positive)).toEqual(lrs(options, positive))
  })

  it('takes infinite metrics', () => {
    const infinity = Number.POSITIVE_INFINITY
    const metrics = [infinity, 5, infinity, infinity]
    for (const thresholdMode of ['rel', 'abs', 'rel-abs']) {
      expect(lrs({ factor: 0.5, patience: 1, thresholdMode }, metrics)).toEqual([0.1, 0.1, 0.1, 0.05])
    }
  })

  it('lowers the rate that a group has', () => {
    const optimizer = sgd(0.1)
    const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 0 })
    scheduler.step(1)
    optimizer.groups[0].lr = 0.8
    scheduler.step(1)
    expect([rates(optimizer), scheduler.lastLr, scheduler.best, scheduler.badSteps]).toEqual([
      [0.4],
      [0.4],
      1,
      0,
    ])
  })
})

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

  it('of a plateau keeps an infinite best', () => {
    const make = (mode: 'min' | 'max') => new ReduceLROnPlateau(sgd(0.1), { mode })
    for (const mode of ['min', 'max'] as const) {
      const again = make(mode)
      again.step(1)
      again.loadStateDict(JSON.parse(JSON.stringify(make(mode).stateDict())))
      expect(again.best).toBe(make(mode).best)
    }
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

  it('of a plateau refuses a wrong best', () => {
    const scheduler = new ReduceLROnPlateau(sgd(0.1))
    expect(() => scheduler.loadStateDict({ ...scheduler.stateDict(), best: 'NaN' })).toThrow(
      'ReduceLROnPlateau: state.best must be a finite number, got "NaN"',
    )
  })
})

describe('errors', () => {
  it.each<[string, unknown, string]>([
    ['StepLR', undefined, 'StepLR: stepSize must be an integer ≥ 1, got undefined'],
    ['StepLR', { stepSize: 0 }, 'StepLR: stepSize must be an integer ≥ 1, got 0'],
    ['StepLR', { stepSize: 2, gamma: -0.1 }, 'StepLR: gamma must be in [0, Infinity), got -0.1'],
    ['StepLR', { step_size: 2 }, 'StepLR: unknown option "step_size"; did you mean "stepSize"?'],
    ['MultiStepLR', {}, 'MultiStepLR: milestones must be an array of integers, got undefined'],
    ['MultiStepLR', { milestones: [1, 2.5] }, 'MultiStepLR: milestones[1] must be an integer ≥ 0, got 2.5'],
    [
      'MultiStepLR',
      { milestones: [], gamma: '1' },
      'MultiStepLR: gamma must be a number in [0, Infinity), got "1"',
    ],
    ['ExponentialLR', {}, 'ExponentialLR: gamma must be a number in [0, Infinity), got undefined'],
    ['ExponentialLR', { gamma: -1 }, 'ExponentialLR: gamma must be in [0, Infinity), got -1'],
    ['ExponentialLR', { k: Number.NaN }, 'ExponentialLR: k must be in [0, Infinity), got NaN'],
    ['ExponentialLR', { gamma: 0.9, k: 0.1 }, 'ExponentialLR: give gamma or k, not both'],
    ['CosineAnnealingLR', { tMax: 0 }, 'CosineAnnealingLR: tMax must be an integer ≥ 1, got 0'],
    ['CosineAnnealingLR', { T_max: 5 }, 'CosineAnnealingLR: unknown option "T_max"; did you mean "tMax"?'],
    [
      'CosineAnnealingLR',
      { tMax: 5, etaMin: -1 },
      'CosineAnnealingLR: etaMin must be in [0, Infinity), got -1',
    ],
    ['LinearLR', { startFactor: 1.1 }, 'LinearLR: startFactor must be in [0, 1], got 1.1'],
    ['LinearLR', { endFactor: -0.1 }, 'LinearLR: endFactor must be in [0, 1], got -0.1'],
    ['LinearLR', { totalIters: -1 }, 'LinearLR: totalIters must be an integer ≥ 0, got -1'],
    ['ConstantLR', { factor: 2 }, 'ConstantLR: factor must be in [0, 1], got 2'],
    ['ConstantLR', { totalIters: 1.5 }, 'ConstantLR: totalIters must be an integer ≥ 0, got 1.5'],
    ['PolynomialLR', { power: -1 }, 'PolynomialLR: power must be in [0, Infinity), got -1'],
    ['PolynomialLR', { totalIters: null }, 'PolynomialLR: totalIters must be an integer ≥ 0, got null'],
    ['LambdaLR', {}, 'LambdaLR: lrLambda must be a function or one a group, got undefined'],
    ['LambdaLR', { lrLambda: [] }, 'LambdaLR: lrLambda must be of length 1, one function a group, got []'],
    ['LambdaLR', { lrLambda: [3] }, 'LambdaLR: lrLambda[0] must be a function, got 3'],
    ['LambdaLR', { lrLambda: () => -1 }, 'LambdaLR: lrLambda(0) must be in [0, Infinity), got -1'],
    [
      'LambdaLR',
      { lrLambda: [() => '1'] },
      'LambdaLR: lrLambda[0](0) must be a number in [0, Infinity), got "1"',
    ],
    [
      'MultiplicativeLR',
      { lrLambda: 2 },
      'MultiplicativeLR: lrLambda must be a function or one a group, got 2',
    ],
    [
      'CosineAnnealingWarmRestarts',
      undefined,
      'CosineAnnealingWarmRestarts: t0 must be an integer ≥ 1, got undefined',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { t0: 5, tMult: 1.5 },
      'CosineAnnealingWarmRestarts: tMult must be an integer ≥ 1, got 1.5',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { t0: 5, etaMin: -1 },
      'CosineAnnealingWarmRestarts: etaMin must be in [0, Infinity), got -1',
    ],
    [
      'CosineAnnealingWarmRestarts',
      { T_0: 5 },
      'CosineAnnealingWarmRestarts: unknown option "T_0"; did you mean "t0"?',
    ],
    ['CyclicLR', {}, 'CyclicLR: baseLr must be a number in [0, Infinity), got undefined'],
    ['CyclicLR', { baseLr: [0.1, 0.2] }, 'CyclicLR: baseLr must be of length 1, one a group, got [0.1, 0.2]'],
    ['CyclicLR', { baseLr: 0, maxLr: [-1] }, 'CyclicLR: maxLr[0] must be in [0, Infinity), got -1'],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, stepSizeUp: 0 },
      'CyclicLR: stepSizeUp must be an integer ≥ 1, got 0',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, stepSizeDown: 2.5 },
      'CyclicLR: stepSizeDown must be an integer ≥ 1, got 2.5',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, mode: 'triangular3' },
      'CyclicLR: mode must be one of "triangular", "triangular2", "exp_range", got "triangular3"',
    ],
    ['CyclicLR', { baseLr: 0, maxLr: 1, gamma: -1 }, 'CyclicLR: gamma must be in [0, Infinity), got -1'],
    ['CyclicLR', { baseLr: 0, maxLr: 1, scaleFn: 1 }, 'CyclicLR: scaleFn must be a function, got 1'],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, scaleFn: () => -1, cycleMomentum: false },
      'CyclicLR: scaleFn(1) must be in [0, Infinity), got -1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, scaleMode: 'steps' },
      'CyclicLR: scaleMode must be one of "cycle", "iterations", got "steps"',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, baseMomentum: -1 },
      'CyclicLR: baseMomentum must be in [0, Infinity), got -1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1, cycleMomentum: 1 },
      'CyclicLR: cycleMomentum must be a boolean, got 1',
    ],
    [
      'CyclicLR',
      { baseLr: 0, maxLr: 1 },
      'CyclicLR: cycleMomentum must be false where the groups refuse the momentum (SGD: momentum cannot change between zero and non-zero after construction: the state is another)',
    ],
    ['OneCycleLR', { totalSteps: 5 }, 'OneCycleLR: maxLr must be a number in [0, Infinity), got undefined'],
    ['OneCycleLR', { maxLr: 1 }, 'OneCycleLR: totalSteps must be an integer ≥ 1, got undefined'],
    [
      'OneCycleLR',
      { maxLr: 1, epochs: 2 },
      'OneCycleLR: stepsPerEpoch must be an integer ≥ 1, got undefined',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, stepsPerEpoch: 2 },
      'OneCycleLR: epochs must be an integer ≥ 1, got undefined',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, epochs: 2 },
      'OneCycleLR: give totalSteps, or epochs and stepsPerEpoch, not both',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, pctStart: 1.1 },
      'OneCycleLR: pctStart must be in [0, 1], got 1.1',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, annealStrategy: 'cosine' },
      'OneCycleLR: annealStrategy must be one of "cos", "linear", got "cosine"',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, threePhase: 1 },
      'OneCycleLR: threePhase must be a boolean, got 1',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, divFactor: 0 },
      'OneCycleLR: divFactor must be in (0, Infinity), got 0',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, finalDivFactor: Number.NaN },
      'OneCycleLR: finalDivFactor must be in (0, Infinity), got NaN',
    ],
    [
      'OneCycleLR',
      { maxLr: 1, totalSteps: 5, maxMomentum: [0.9, 0.9] },
      'OneCycleLR: maxMomentum must be of length 1, one a group, got [0.9, 0.9]',
    ],
    ['SequentialLR', {}, 'SequentialLR: schedulers must be an array of schedulers, got undefined'],
    ['SequentialLR', { schedulers: [] }, 'SequentialLR: schedulers must not be empty'],
    ['ChainedScheduler', {}, 'ChainedScheduler: schedulers must be an array of schedulers, got undefined'],
    ['ChainedScheduler', { schedulers: [], milestones: [] }, 'ChainedScheduler: unknown option "milestones"'],
    ['ReduceLROnPlateau', { mode: 'low' }, 'ReduceLROnPlateau: mode must be one of "min", "max", got "low"'],
    ['ReduceLROnPlateau', { factor: 1 }, 'ReduceLROnPlateau: factor must be in [0, 1), got 1'],
    ['ReduceLROnPlateau', { patience: -1 }, 'ReduceLROnPlateau: patience must be an integer ≥ 0, got -1'],
    ['ReduceLROnPlateau', { threshold: -1 }, 'ReduceLROnPlateau: threshold must be in [0, Infinity), got -1'],
    [
      'ReduceLROnPlateau',
      { thresholdMode: 'relative' },
      'ReduceLROnPlateau: thresholdMode must be one of "rel", "abs", "rel-abs", got "relative"',
    ],
    ['ReduceLROnPlateau', { cooldown: 0.5 }, 'ReduceLROnPlateau: cooldown must be an integer ≥ 0, got 0.5'],
    ['ReduceLROnPlateau', { minLr: -1 }, 'ReduceLROnPlateau: minLr must be in [0, Infinity), got -1'],
    [
      'ReduceLROnPlateau',
      { minLr: [0, 1] },
      'ReduceLROnPlateau: minLr must be of length 1, one a group, got [0, 1]',
    ],
    ['ReduceLROnPlateau', { minLr: [-1] }, 'ReduceLROnPlateau: minLr[0] must be in [0, Infinity), got -1'],
    ['ReduceLROnPlateau', { eps: -1 }, 'ReduceLROnPlateau: eps must be in [0, Infinity), got -1'],
    ['ReduceLROnPlateau', { min_lr: 1 }, 'ReduceLROnPlateau: unknown option "min_lr"; did you mean "minLr"?'],
  ])('%s(%o) says "%s" and changes nothing', (name, options, message) => {
    const optimizer = sgd(0.1)
    expect(() => new classes[name](optimizer, options)).toThrow(message)
    expect([optimizer.groups[0].lr, optimizer.groups[0].initialLr]).toEqual([0.1, undefined])
  })

  it.each(Object.keys(classes))('%s needs an optimizer', (name) => {
    const valid = {
      StepLR: { stepSize: 1 },
      MultiStepLR: { milestones: [] },
      ExponentialLR: { gamma: 1 },
      CosineAnnealingLR: { tMax: 1 },
      CosineAnnealingWarmRestarts: { t0: 1 },
      CyclicLR: { baseLr: 0, maxLr: 1 },
      OneCycleLR: { maxLr: 1, totalSteps: 2 },
      MultiplicativeLR: { lrLambda: () => 1 },
      LambdaLR: { lrLambda: () => 1 },
    }[name]
    for (const wrong of [undefined, null, 3, {}, { groups: [] }, { groups: [{}] }]) {
      expect(() => new classes[name](wrong, valid)).toThrow(`${name}: optimizer must be an optimizer`)
    }
  })

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

  it('of a metric that is no number', () => {
    const scheduler = new ReduceLROnPlateau(sgd(0.1))
    const step = (metric?: unknown) => () => (scheduler as { step(metric: unknown): unknown }).step(metric)
    expect(step()).toThrow(new TypeError('ReduceLROnPlateau: metric must be a number, got undefined'))
    expect(step('1')).toThrow(TypeError)
  })
})
