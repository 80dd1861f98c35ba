// The scheduler classes against PyTorch's numbers: its golden data, chains, sequences, assigned rates.
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
  SGD,
  StepLR,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import golden from './golden/schedulers.json'
import { classes, expectClose, type Optimizer, rates, type Scheduler, sgd, trace } from './schedulers'

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
