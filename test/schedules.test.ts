// The pure schedules: their values against hand numbers, holding the last one, and the errors of wrong arguments.
import {
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LinearLR,
  MultiStepLR,
  PolynomialLR,
  SGD,
  StepLR,
  schedules,
} from 'cauchy'
import { describe, expect, it } from 'vitest'

type Schedule = (t: number) => number

const relative = (got: number, wanted: number) => Math.abs(got - wanted) / Math.abs(wanted || 1)

describe('schedules', () => {
  const rows: [name: string, schedule: Schedule, values: Record<number, number>][] = [
    ['constant', schedules.constant({ lr: 0.3 }), { 0: 0.3, 1: 0.3, 1000: 0.3 }],
    [
      'linear',
      schedules.linear({ lr: 0.1, startFactor: 0.2, endFactor: 0.8, totalIters: 3 }),
      { 0: 0.02, 1: 0.04, 2: 0.06, 3: 0.08, 4: 0.08, 1e6: 0.08 },
    ],
    ['linear by default', schedules.linear({ lr: 0.3 }), { 0: 0.1, 1: 0.14, 5: 0.3, 6: 0.3 }],
    ['linear in one step', schedules.linear({ lr: 0.3, totalIters: 1 }), { 0: 0.1, 1: 0.3, 2: 0.3 }],
    [
      'step',
      schedules.step({ lr: 1, stepSize: 3, gamma: 0.5 }),
      { 0: 1, 2: 1, 3: 0.5, 5: 0.5, 6: 0.25, 9: 0.125 },
    ],
    ['step by default', schedules.step({ lr: 1, stepSize: 1 }), { 1: 0.1, 2: 0.01, 5: 1e-5 }],
    [
      'multiStep',
      schedules.multiStep({ lr: 1, milestones: [8, 2, 5, 5], gamma: 0.5 }),
      { 0: 1, 1: 1, 2: 0.5, 4: 0.5, 5: 0.125, 7: 0.125, 8: 0.0625, 1e6: 0.0625 },
    ],
    ['multiStep without milestones', schedules.multiStep({ lr: 1, milestones: [] }), { 0: 1, 9: 1 }],
    [
      'exponential, gamma',
      schedules.exponential({ lr: 2, gamma: 0.5 }),
      { 0: 2, 1: 1, 0.5: Math.SQRT2, 10: 2 ** -9 },
    ],
    // e⁻¹ and e⁻², to 17 digits
    [
      'exponential, k',
      schedules.exponential({ lr: 1, k: 0.1 }),
      { 0: 1, 10: 0.36787944117144233, 20: 0.1353352832366127 },
    ],
    [
      'cosine',
      schedules.cosine({ lr: 0.1, tMax: 6, etaMin: 0.02 }),
      { 0: 0.1, 2: 0.08, 3: 0.06, 4: 0.04, 6: 0.02, 7: 0.02, 12: 0.02, 1000: 0.02 },
    ],
    ['cosine in one step', schedules.cosine({ lr: 0.1, tMax: 1 }), { 0: 0.1, 0.5: 0.05, 1: 0, 2: 0 }],
    [
      'polynomial',
      schedules.polynomial({ lr: 1, totalIters: 4, power: 2 }),
      { 0: 1, 1: 0.5625, 2: 0.25, 3: 0.0625, 4: 0, 5: 0, 1000: 0 },
    ],
    ['polynomial by default', schedules.polynomial({ lr: 1 }), { 0: 1, 1: 0.8, 4: 0.2, 5: 0, 6: 0 }],
    [
      'warmupCosine',
      schedules.warmupCosine({ lr: 0.1, warmupSteps: 5, totalSteps: 11, etaMin: 0.02 }),
      // (t + 1) / 5 of 0.1; then the cosine above, five steps later
      {
        0: 0.02,
        1: 0.04,
        3: 0.08,
        4: 0.1,
        4.5: 0.1,
        5: 0.1,
        7: 0.08,
        8: 0.06,
        9: 0.04,
        11: 0.02,
        12: 0.02,
        500: 0.02,
      },
    ],
    [
      'warmupCosine from a factor',
      schedules.warmupCosine({ lr: 1, warmupSteps: 4, totalSteps: 5, startFactor: 0.5 }),
      { 0: 0.625, 1: 0.75, 3: 1, 4: 1, 5: 0, 6: 0 },
    ],
    [
      'warmupCosine without warm-up',
      schedules.warmupCosine({ lr: 1, warmupSteps: 0, totalSteps: 2 }),
      { 0: 1, 1: 0.5, 2: 0, 3: 0 },
    ],
  ]

  it.each(rows)('%s has the values computed by hand', (_name, schedule, values) => {
    for (const [t, wanted] of Object.entries(values)) {
      expect(relative(schedule(Number(t)), wanted), `t = ${t}`).toBeLessThan(1e-15)
    }
  })

  it('covers every schedule', () => {
    const tested = new Set(rows.map(([name]) => name.split(/[ ,]/)[0]))
    expect(Object.keys(schedules).sort()).toEqual([...tested].sort())
  })

  it('are pure: any order of t gives the same values', () => {
    const lr = schedules.warmupCosine({ lr: 0.1, warmupSteps: 3, totalSteps: 20 })
    const forwards = Array.from({ length: 30 }, (_, t) => lr(t))
    const backwards = Array.from({ length: 30 }, (_, i) => lr(29 - i)).reverse()
    expect(backwards).toEqual(forwards)
  })

  it('do not see later changes of their options', () => {
    const milestones = [2]
    const lr = schedules.multiStep({ lr: 1, milestones, gamma: 0.5 })
    milestones.push(1)
    expect([lr(1), lr(2)]).toEqual([1, 0.5])
  })

  it('give the same bits as the classes, up to the end', () => {
    const sgd = () => new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
    const linear = { startFactor: 0.1, totalIters: 7 }
    const cosine = { tMax: 30, etaMin: 0.001 }
    const polynomial = { totalIters: 20, power: 0.9 }
    const step = { stepSize: 4, gamma: 0.7 }
    const multiStep = { milestones: [3, 9], gamma: 0.7 }
    const pairs = [
      [schedules.linear({ lr: 0.1, ...linear }), new LinearLR(sgd(), linear)],
      [schedules.step({ lr: 0.1, ...step }), new StepLR(sgd(), step)],
      [schedules.multiStep({ lr: 0.1, ...multiStep }), new MultiStepLR(sgd(), multiStep)],
      [schedules.exponential({ lr: 0.1, gamma: 0.97 }), new ExponentialLR(sgd(), { gamma: 0.97 })],
      [schedules.exponential({ lr: 0.1, k: 0.03 }), new ExponentialLR(sgd(), { k: 0.03 })],
      [schedules.cosine({ lr: 0.1, ...cosine }), new CosineAnnealingLR(sgd(), cosine)],
      [schedules.polynomial({ lr: 0.1, ...polynomial }), new PolynomialLR(sgd(), polynomial)],
      [schedules.constant({ lr: 0.1 }), new ConstantLR(sgd(), { factor: 1 })],
    ] as const
    for (const [schedule, scheduler] of pairs) {
      for (let t = 0; t <= 30; t++) {
        expect(schedule(t), `${scheduler.constructor.name} at ${t}`).toBe(scheduler.lastLr[0])
        scheduler.step()
      }
    }
  })
})

describe('errors of schedules', () => {
  const call = (name: keyof typeof schedules, options?: unknown) => () =>
    (schedules[name] as (options: unknown) => Schedule)(options)

  it.each<[keyof typeof schedules, unknown, string]>([
    ['constant', undefined, 'schedules.constant: lr must be a number in [0, Infinity), got undefined'],
    ['constant', { lr: -1 }, 'schedules.constant: lr must be in [0, Infinity), got -1'],
    ['constant', 0.1, 'schedules.constant: options must be an object, got 0.1'],
    ['constant', { lr: 1, gamma: 1 }, 'schedules.constant: unknown option "gamma"; known: lr'],
    ['linear', { lr: Number.NaN }, 'schedules.linear: lr must be in [0, Infinity), got NaN'],
    ['linear', { lr: 1, startFactor: 1.5 }, 'schedules.linear: startFactor must be in [0, 1], got 1.5'],
    ['linear', { lr: 1, endFactor: -0.5 }, 'schedules.linear: endFactor must be in [0, 1], got -0.5'],
    ['linear', { lr: 1, totalIters: 0 }, 'schedules.linear: totalIters must be an integer ≥ 1, got 0'],
    ['step', { lr: 1 }, 'schedules.step: stepSize must be an integer ≥ 1, got undefined'],
    ['step', { lr: 1, stepSize: 2.5 }, 'schedules.step: stepSize must be an integer ≥ 1, got 2.5'],
    ['step', { lr: 1, stepSize: 1, gamma: -1 }, 'schedules.step: gamma must be in [0, Infinity), got -1'],
    ['step', { lr: 1, step_size: 3 }, 'schedules.step: unknown option "step_size"; did you mean "stepSize"?'],
    [
      'multiStep',
      { lr: 1, milestones: 3 },
      'schedules.multiStep: milestones must be an array of integers, got 3',
    ],
    [
      'multiStep',
      { lr: 1, milestones: [1, -1] },
      'schedules.multiStep: milestones[1] must be an integer ≥ 0, got -1',
    ],
    ['exponential', { lr: 1, gamma: 0.9, k: 1 }, 'schedules.exponential: give gamma or k, not both'],
    [
      'exponential',
      { lr: 1 },
      'schedules.exponential: gamma must be a number in [0, Infinity), got undefined',
    ],
    ['exponential', { lr: 1, k: -1 }, 'schedules.exponential: k must be in [0, Infinity), got -1'],
    ['cosine', { lr: 1, tMax: 0 }, 'schedules.cosine: tMax must be an integer ≥ 1, got 0'],
    ['cosine', { lr: 1, tMax: 5, etaMin: -1 }, 'schedules.cosine: etaMin must be in [0, Infinity), got -1'],
    ['cosine', { lr: 1, T_max: 5 }, 'schedules.cosine: unknown option "T_max"; did you mean "tMax"?'],
    [
      'polynomial',
      { lr: 1, totalIters: '5' },
      'schedules.polynomial: totalIters must be an integer ≥ 1, got "5"',
    ],
    ['polynomial', { lr: 1, power: -1 }, 'schedules.polynomial: power must be in [0, Infinity), got -1'],
    [
      'warmupCosine',
      { lr: 1, totalSteps: 5 },
      'schedules.warmupCosine: warmupSteps must be an integer ≥ 0, got undefined',
    ],
    [
      'warmupCosine',
      { lr: 1, warmupSteps: 5, totalSteps: 5 },
      'schedules.warmupCosine: totalSteps must be an integer ≥ 6, got 5',
    ],
    [
      'warmupCosine',
      { lr: 1, warmupSteps: 5, totalSteps: 9, startFactor: 2 },
      'schedules.warmupCosine: startFactor must be in [0, 1], got 2',
    ],
    [
      'warmupCosine',
      { lr: 1, warmupSteps: 5, totalSteps: 9, etaMin: Number.POSITIVE_INFINITY },
      'schedules.warmupCosine: etaMin must be in [0, Infinity), got Infinity',
    ],
    [
      'warmupCosine',
      { lr: 1, warmupStep: 5, totalSteps: 9 },
      'schedules.warmupCosine: unknown option "warmupStep"; did you mean "warmupSteps"?',
    ],
  ])('%s(%o) says "%s"', (name, options, message) => {
    expect(call(name, options)).toThrow(message)
  })

  it('rejects a time that is none', () => {
    const lr = schedules.cosine({ lr: 1, tMax: 5 })
    expect(() => lr(-1)).toThrow(new RangeError('schedules.cosine: t must be in [0, Infinity), got -1'))
    expect(() => lr(Number.NaN)).toThrow(RangeError)
    expect(() => (lr as (t: unknown) => number)('1')).toThrow(TypeError)
  })
})
