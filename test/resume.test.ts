// A run resumed from its state dicts goes on with the same bits, from every step and in whatever order optimizer and
// schedulers are made and loaded: parameters, rates, momenta and every other hyper-parameter.
import {
  AdamW,
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
  StepLR,
} from 'cauchy'
import { expect, test } from 'vitest'
import { bits, noise } from './untyped'

interface Scheduler {
  step(metric: number): unknown
  stateDict(): object
  loadStateDict(state: unknown): void
}

const STEPS = 24

const create = () => {
  const groups = [
    { params: { w: noise(1, 5, 'float32') }, weightDecay: 0.1 },
    { params: { b: noise(2, 3, 'float32') }, lr: 0.02 },
  ]
  return new AdamW(groups, { lr: 0.1 })
}
type Made = ReturnType<typeof create>

const nested = (o: Made) =>
  new SequentialLR(o, {
    milestones: [3, 15],
    schedulers: [
      new LinearLR(o, { startFactor: 0.1, totalIters: 3 }),
      new ChainedScheduler(o, {
        schedulers: [
          new SequentialLR(o, {
            milestones: [4],
            schedulers: [
              new ConstantLR(o, { factor: 0.5, totalIters: 2 }),
              new CosineAnnealingLR(o, { tMax: 5, etaMin: 1e-3 }),
            ],
          }),
          new ExponentialLR(o, { gamma: 0.9 }),
          new MultiplicativeLR(o, { lrLambda: (t) => 1 + 0.1 * (t % 2) }),
        ],
      }),
      new ChainedScheduler(o, { schedulers: [new StepLR(o, { stepSize: 2, gamma: 0.5 })] }),
    ],
  })

const runs: Record<string, ((o: Made) => Scheduler)[]> = {
  StepLR: [(o) => new StepLR(o, { stepSize: 4, gamma: 0.7 })],
  MultiStepLR: [(o) => new MultiStepLR(o, { milestones: [3, 9, 9], gamma: 0.7 })],
  ExponentialLR: [(o) => new ExponentialLR(o, { k: 0.07 })],
  CosineAnnealingLR: [(o) => new CosineAnnealingLR(o, { tMax: 7, etaMin: 0.003 })],
  'CosineAnnealingLR, assigned a rate where it is 0': [(o) => new CosineAnnealingLR(o, { tMax: 6 })],
  CosineAnnealingWarmRestarts: [(o) => new CosineAnnealingWarmRestarts(o, { t0: 3, tMult: 2 })],
  LinearLR: [(o) => new LinearLR(o, { startFactor: 0.1, totalIters: 15 })],
  ConstantLR: [(o) => new ConstantLR(o, { factor: 0.3, totalIters: 10 })],
  PolynomialLR: [(o) => new PolynomialLR(o, { totalIters: 20, power: 0.9 })],
  LambdaLR: [(o) => new LambdaLR(o, { lrLambda: (t) => 1 / (3 + t) })],
  MultiplicativeLR: [(o) => new MultiplicativeLR(o, { lrLambda: (t) => (t % 5 ? 1.01 : 0.7) })],
  'CyclicLR and its momentum': [
    (o) => new CyclicLR(o, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 6, stepSizeDown: 3 }),
  ],
  'OneCycleLR and its momentum': [
    (o) => new OneCycleLR(o, { maxLr: 0.5, totalSteps: STEPS, threePhase: true }),
  ],
  'schedulers in schedulers': [nested],
  'a chain that cycles the momentum': [
    (o) =>
      new ChainedScheduler(o, {
        schedulers: [
          new CyclicLR(o, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4 }),
          new ExponentialLR(o, { gamma: 0.97 }),
        ],
      }),
  ],
  'several at once': [
    (o) => new LinearLR(o, { startFactor: 0.1, totalIters: 5 }),
    (o) => new ReduceLROnPlateau(o, { factor: 0.5, patience: 1 }),
    (o) => new ParamScheduler(o, { param: 'weightDecay', schedule: (t, initial) => initial / (1 + t) }),
    (o) => new ParamScheduler(o, { param: 'betas[0]', schedule: (t) => 0.8 + 0.1 / (1 + t), groups: [1] }),
  ],
}

/** One step of everything; a rate and a decay are assigned by hand before some of them. */
function advance(optimizer: Made, schedulers: readonly Scheduler[], t: number): void {
  if (t === 6 || t === 13) Object.assign(optimizer.groups[t % 2], { lr: 0.3 / t, weightDecay: 0.2 })
  optimizer.step({ w: noise(10 + t, 5, 'float32'), b: noise(50 + t, 3, 'float32') })
  schedulers.forEach((scheduler) => {
    scheduler.step(20 - (t % 7))
  })
}

const seen = (optimizer: Made) =>
  JSON.stringify([optimizer.groups.map((group) => ({ ...group })), Object.values(optimizer.params).map(bits)])

test.each(Object.entries(runs))('%s', (_name, makers) => {
  const optimizer = create()
  const schedulers = makers.map((make) => make(optimizer))
  const rows: { seen: string; params: Float32Array[]; optimizer: object; schedulers: string[] }[] = []
  for (let t = 0; t <= STEPS; t++) {
    rows.push({
      seen: seen(optimizer),
      params: structuredClone(Object.values(optimizer.params)) as Float32Array[],
      optimizer: structuredClone(optimizer.stateDict()),
      schedulers: schedulers.map((scheduler) => JSON.stringify(scheduler.stateDict())),
    })
    if (t < STEPS) advance(optimizer, schedulers, t)
  }

  rows.forEach((row, at) => {
    const load = (o: Made) => {
      Object.values(o.params).forEach((array, k) => void array.set(row.params[k]))
      o.loadStateDict(row.optimizer as never)
    }
    const loadAll = (made: readonly Scheduler[]) =>
      made.forEach((scheduler, k) => void scheduler.loadStateDict(JSON.parse(row.schedulers[k])))
    const makeAll = (o: Made) => makers.map((make) => make(o))
    const orders: Record<string, (o: Made) => Scheduler[]> = {
      'make, load the optimizer first': (o) => {
        const made = makeAll(o)
        load(o)
        loadAll(made)
        return made
      },
      'make, load the optimizer last': (o) => {
        const made = makeAll(o)
        loadAll(made)
        load(o)
        return made
      },
      'load the optimizer, then make': (o) => {
        load(o)
        const made = makeAll(o)
        loadAll(made)
        return made
      },
      'make and load one scheduler after the other, the last first': (o) => {
        const made: Scheduler[] = []
        for (let k = makers.length - 1; k >= 0; k--) {
          made[k] = makers[k](o)
          made[k].loadStateDict(JSON.parse(row.schedulers[k]))
        }
        load(o)
        return made
      },
    }
    for (const [order, make] of Object.entries(orders)) {
      const resumed = create()
      const again = make(resumed)
      for (let t = at; t <= STEPS; t++) {
        expect(seen(resumed), `from ${at}, at ${t}: ${order}`).toBe(rows[t].seen)
        if (t < STEPS) advance(resumed, again, t)
      }
    }
  })
})
