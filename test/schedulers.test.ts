// The scheduler classes: PyTorch's numbers, composition, rebasing on assignment, exact resumption, and errors.
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  SGD,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import golden from './golden/schedulers.json'

type Optimizer = ConstructorParameters<typeof StepLR>[0] & Pick<SGD, 'stateDict' | 'loadStateDict'>
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
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} as unknown as Record<string, new (optimizer: unknown, options?: unknown) => Scheduler>

/** An optimizer with a group for each rate. */
function sgd(...lrs: number[]): Optimizer {
  const groups = lrs.map((lr, i) => ({ params: { [`w${i}`]: new Float32Array(1) }, lr }))
  return new SGD(groups, { lr: 1 }) as unknown as Optimizer
}

const rates = (optimizer: Optimizer) => optimizer.groups.map((group) => group.lr)

/** The first group's rate before and after each of n steps; `assign[t]` is assigned before step t. */
function trace(optimizer: Optimizer, scheduler: Scheduler, n: number, assign: Record<number, number> = {}): number[] {
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
  const later = ['CosineAnnealingWarmRestarts', 'CyclicLR', 'OneCycleLR']
  const covered = golden.cases.filter((row) => row.scheduler in classes)

  it('is covered but for three schedulers', () => {
    const rest = golden.cases.filter((row) => !covered.includes(row))
    expect([...new Set(rest.map((row) => row.scheduler))].sort()).toEqual(later)
    expect([covered.length, rest.length, golden.cases.length]).toEqual([15, 7, 22])
  })

  it.each(covered.map((row) => [row.name, row] as const))('%s, every step', (_name, row) => {
    const optimizer = sgd(row.base_lr)
    const scheduler = fromTorch(optimizer, row.scheduler, row.options)
    const seen = [optimizer.groups[0].lr]
    for (let t = 0; t < row.lrs.length - 1; t++) {
      scheduler.step(row.metrics?.[t])
      seen.push(optimizer.groups[0].lr)
      expect(scheduler.lastLr).toEqual(rates(optimizer))
    }
    expectClose(seen, row.lrs)
  })

  function fromTorch(optimizer: Optimizer, name: string, torchOptions: object): Scheduler {
    const options: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(torchOptions)) {
      const camel = key.replace('T_max', 'tMax').replace(/_(.)/g, (_, letter) => letter.toUpperCase())
      options[camel] =
        key === 'schedulers' ? (value as [string, object][]).map((row) => fromTorch(optimizer, ...row)) : value
    }
    return new classes[name](optimizer, options)
  }
})

// The numbers of this block were printed by PyTorch 2.13.
describe('as PyTorch', () => {
  it.each<[string, (optimizer: Optimizer) => Scheduler, number[]]>([
    ['ConstantLR, totalIters 0', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 0 }), [0.05, 0.05, 0.05]],
    ['ConstantLR, totalIters 1', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 1 }), [0.05, 0.1, 0.1]],
    ['LinearLR, totalIters 0', (o) => new LinearLR(o, { startFactor: 0.5, totalIters: 0 }), [0.05, 0.05, 0.05]],
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
          schedulers: [new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) }), new ExponentialLR(o, { gamma: 0.9 })],
        }),
      [0.1, 0.045000000000000005, 0.03, 0.0225, 0.018000000000000006, 0.015],
    ],
    [
      'LambdaLR in a chain starts from the initial rate, last',
      (o) =>
        new ChainedScheduler(o, {
          schedulers: [new ExponentialLR(o, { gamma: 0.9 }), new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) })],
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
        0.02525, 0.0005, 0.0029227024433899004, 0.00850260226214498, 0.020142067726367417, 0.019642067726367417,
        0.0005,
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
    expectClose(trace(optimizer, new CosineAnnealingLR(optimizer, { tMax: 4 }), 10), [
      0.025, 0.021338834764831845, 0.0125, 0.0036611652351681567, 0, 0.014644660940672622, 0.05, 0.0853553390593274,
      0.1, 0.0853553390593274, 0.05,
    ])
  })

  it('continues from a rate assigned in between', () => {
    const cosine = sgd(0.1)
    const seen = trace(cosine, new CosineAnnealingLR(cosine, { tMax: 10, etaMin: 0.01 }), 15, { 4: 0.2 })
    expectClose(seen.slice(4, 12), [
      0.06890576474687264, 0.15514708427503998, 0.11029416855007994, 0.06983176872491877, 0.03772062641255996,
      0.017104003954021396, 0.01, 0.012202456766718092,
    ])
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
    expectClose([seen[0], seen[20], seen[40]], [0.1, 0.036787944117144233, 0.01353352832366127], 1e-15)
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
    new SequentialLR(optimizer, { schedulers: [new LinearLR(optimizer, { startFactor: 0.2 })], milestones: [] })
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
    ['MultiStepLR', (o) => new MultiStepLR(o, { milestones: [2, 6], gamma: 0.1 }), 4, [0.03, 0.03, 0.003, 0.003]],
    ['LinearLR', (o) => new LinearLR(o, { startFactor: 0.2, totalIters: 4 }), 1, [0.03, 0.045, 0.06, 0.075, 0.075]],
    ['ConstantLR', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 3 }), 1, [0.03, 0.03, 0.06, 0.06]],
    ['PolynomialLR', (o) => new PolynomialLR(o, { totalIters: 4 }), 1, [0.03, 0.02, 0.01, 0, 0]],
    ['LambdaLR', (o) => new LambdaLR(o, { lrLambda: (t) => 1 / (1 + t) }), 1, [0.03, 0.02, 0.015, 0.012]],
    // At a zero no scale leads to the assigned rate: the curve is shifted.
    ['PolynomialLR at its end', (o) => new PolynomialLR(o, { totalIters: 4 }), 4, [0.03, 0.03, 0.03]],
    ['CosineAnnealingLR at its zero', (o) => new CosineAnnealingLR(o, { tMax: 2 }), 2, [0.03, 0.08, 0.13, 0.08, 0.03]],
    [
      'CosineAnnealingLR at its minimum',
      (o) => new CosineAnnealingLR(o, { tMax: 2, etaMin: 0.01 }),
      2,
      [0.03, 0.075, 0.12, 0.075, 0.03],
    ],
    ['LinearLR at a start of zero', (o) => new LinearLR(o, { startFactor: 0, totalIters: 2 }), 0, [0.03, 0.08, 0.13, 0.13]],
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
    const exact = sgd(0.1)
    const again = make(exact)
    for (let t = 0; t < at; t++) again.step()
    const unchanged = trace(exact, again, wanted.length - 1)
    exact.groups[0].lr = exact.groups[0].lr * 1
    expect(unchanged).toEqual(trace(...replay(make, at), wanted.length - 1))
  })

  function replay(make: (optimizer: Optimizer) => Scheduler, at: number): [Optimizer, Scheduler] {
    const optimizer = sgd(0.1)
    const scheduler = make(optimizer)
    for (let t = 0; t < at; t++) scheduler.step()
    return [optimizer, scheduler]
  }
})
