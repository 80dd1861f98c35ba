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
    [
      'restarts',
      schedules.restarts({ lr: 0.1, t0: 2, tMult: 2, etaMin: 0.02 }),
      // cycles of 2, 4, 8 and 16 steps: from 0, 2, 6 and 14 on
      { 0: 0.1, 1: 0.06, 2: 0.1, 4: 0.06, 5.999999999: 0.02, 6: 0.1, 10: 0.06, 14: 0.1, 22: 0.06, 30: 0.1 },
    ],
    [
      'restarts by default',
      schedules.restarts({ lr: 1, t0: 4 }),
      { 0: 1, 2: 0.5, 4: 1, 4.5: (2 + Math.SQRT2 * Math.sqrt(1 + Math.SQRT1_2)) / 4, 1e6: 1, 1000002: 0.5 },
    ],
    [
      'restarts that end',
      schedules.restarts({ lr: 1, t0: 2, tMult: 3, etaMin: 0.5, cycles: 2 }),
      { 0: 1, 1: 0.75, 2: 1, 5: 0.75, 8: 0.5, 9: 0.5, 1e9: 0.5 },
    ],
    [
      'restarts that end, of one length',
      schedules.restarts({ lr: 1, t0: 2, cycles: 3 }),
      { 0: 1, 2: 1, 4: 1, 5: 0.5, 6: 0, 7: 0 },
    ],
    [
      'warmupStableDecay',
      schedules.warmupStableDecay({ lr: 0.1, warmupSteps: 4, decaySteps: 4, totalSteps: 20, etaMin: 0.02 }),
      {
        0: 0.025,
        1: 0.05,
        3: 0.1,
        3.5: 0.1,
        4: 0.1,
        10: 0.1,
        16: 0.1,
        17: 0.08,
        18: 0.06,
        18.5: 0.05,
        19: 0.04,
        20: 0.02,
        21: 0.02,
        1e6: 0.02,
      },
    ],
    [
      'warmupStableDecay along a cosine, without a plateau',
      schedules.warmupStableDecay({
        lr: 1,
        warmupSteps: 2,
        decaySteps: 6,
        totalSteps: 8,
        startFactor: 0.5,
        decay: 'cosine',
      }),
      { 0: 0.75, 1: 1, 2: 1, 4: 0.75, 5: 0.5, 6: 0.25, 8: 0, 9: 0 },
    ],
    [
      'warmupStableDecay along a square root, without warm-up',
      schedules.warmupStableDecay({ lr: 1, warmupSteps: 0, decaySteps: 16, totalSteps: 20, decay: 'sqrt' }),
      { 0: 1, 4: 1, 5: 0.75, 8: 0.5, 13: 0.25, 20: 0, 100: 0 },
    ],
    [
      'inverseSquareRoot',
      schedules.inverseSquareRoot({ lr: 0.6, warmupSteps: 4 }),
      { 0: 0.15, 1: 0.3, 2.5: 0.525, 3: 0.6, 15: 0.3, 35: 0.2, 399: 0.06 },
    ],
    [
      // Vaswani et al.'s base model: 512^(−½) · min(s^(−½), s · 4000^(−3⁄2)), s from 1
      'inverseSquareRoot of a model',
      schedules.inverseSquareRoot({ modelDim: 512, warmupSteps: 4000 }),
      { 0: 1 / Math.sqrt(512 * 4000 ** 3), 3999: 1 / Math.sqrt(512 * 4000), 99999: 1 / Math.sqrt(512e5) },
    ],
    [
      'piecewise',
      schedules.piecewise({ boundaries: [3, 10], values: [1, 0.5, 0.1] }),
      { 0: 1, 2: 1, 2.9: 1, 3: 0.5, 9: 0.5, 10: 0.1, 1e6: 0.1 },
    ],
    ['piecewise of one', schedules.piecewise({ boundaries: [], values: [0.3] }), { 0: 0.3, 9: 0.3 }],
    [
      'piecewise in straight lines',
      schedules.piecewise({ boundaries: [4, 14], values: [0, 1, 0.5], interpolation: 'linear' }),
      { 0: 0, 1: 0.25, 4: 1, 5: 0.95, 6.5: 0.875, 14: 0.5, 15: 0.5, 1e6: 0.5 },
    ],
    [
      'join',
      schedules.join({
        schedules: [
          schedules.linear({ lr: 1, startFactor: 0, totalIters: 4 }),
          (t) => 1 / (1 + t),
          schedules.constant({ lr: 0.125 }),
        ],
        boundaries: [4, 8],
      }),
      { 0: 0, 1: 0.25, 3.5: 0.875, 4: 1, 5: 0.5, 7: 0.25, 8: 0.125, 1e6: 0.125 },
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
    ['restarts', { lr: 1 }, 'schedules.restarts: t0 must be an integer ≥ 1, got undefined'],
    ['restarts', { t0: 1 }, 'schedules.restarts: lr must be a number in [0, Infinity), got undefined'],
    ['restarts', undefined, 'schedules.restarts: t0 must be an integer ≥ 1, got undefined'],
    ['restarts', { lr: 1, t0: 1, tMult: 0 }, 'schedules.restarts: tMult must be an integer ≥ 1, got 0'],
    ['restarts', { lr: 1, t0: 1, cycles: 0 }, 'schedules.restarts: cycles must be an integer ≥ 1, got 0'],
    [
      'warmupStableDecay',
      { lr: 1, warmupSteps: 5, decaySteps: 5, totalSteps: 9 },
      'schedules.warmupStableDecay: totalSteps must be an integer ≥ 10, got 9',
    ],
    [
      'warmupStableDecay',
      { lr: 1, warmupSteps: 5, totalSteps: 9 },
      'schedules.warmupStableDecay: decaySteps must be an integer ≥ 1, got undefined',
    ],
    [
      'warmupStableDecay',
      { lr: 1, warmupSteps: 5, decaySteps: 5, totalSteps: 10, decay: 'cos' },
      'schedules.warmupStableDecay: decay must be one of "linear", "cosine", "sqrt", got "cos"',
    ],
    [
      'inverseSquareRoot',
      { lr: 1, warmupSteps: 0 },
      'schedules.inverseSquareRoot: warmupSteps must be an integer ≥ 1, got 0',
    ],
    [
      'inverseSquareRoot',
      { warmupSteps: 1 },
      'schedules.inverseSquareRoot: lr must be a number in [0, Infinity), got undefined',
    ],
    [
      'inverseSquareRoot',
      { warmupSteps: 1, lr: 1, modelDim: 2 },
      'schedules.inverseSquareRoot: give lr or modelDim, not both',
    ],
    [
      'inverseSquareRoot',
      { warmupSteps: 1, modelDim: 0 },
      'schedules.inverseSquareRoot: modelDim must be an integer ≥ 1, got 0',
    ],
    ['piecewise', {}, 'schedules.piecewise: boundaries must be an array of integers, got undefined'],
    ['piecewise', { boundaries: [0] }, 'schedules.piecewise: boundaries[0] must be an integer ≥ 1, got 0'],
    [
      'piecewise',
      { boundaries: [3, 3] },
      'schedules.piecewise: boundaries must be in strictly ascending order, got [3, 3]',
    ],
    [
      'piecewise',
      { boundaries: [3], values: [1] },
      'schedules.piecewise: values must be of length 2, one more than boundaries, got [1]',
    ],
    [
      'piecewise',
      { boundaries: [], values: [-1] },
      'schedules.piecewise: values[0] must be in [0, Infinity), got -1',
    ],
    [
      'piecewise',
      { boundaries: [], values: [1], interpolation: 'cubic' },
      'schedules.piecewise: interpolation must be one of "constant", "linear", got "cubic"',
    ],
    ['join', {}, 'schedules.join: schedules must be an array of functions, got undefined'],
    ['join', { schedules: [] }, 'schedules.join: schedules must not be empty'],
    ['join', { schedules: [0.1] }, 'schedules.join: schedules[0] must be a function, got 0.1'],
    [
      'join',
      { schedules: [() => 1], boundaries: [5] },
      'schedules.join: boundaries must be of length 0, one fewer than schedules, got [5]',
    ],
  ])('%s(%o) says "%s"', (name, options, message) => {
    expect(call(name, options)).toThrow(message)
  })

  it('rejects a time that is none', () => {
    const lr = schedules.cosine({ lr: 1, tMax: 5 })
    expect(() => lr(-1)).toThrow(new RangeError('schedules.cosine: t must be in [0, Infinity), got -1'))
    expect(() => lr(Number.NaN)).toThrow(RangeError)
    const joined = schedules.join({ schedules: [lr, () => Number.NaN], boundaries: [2] })
    expect(() => joined(5)).toThrow(
      new RangeError('schedules.join: schedules[1](3) must be a finite number, got NaN'),
    )
    expect(() => joined(-1)).toThrow('schedules.join: t must be in [0, Infinity), got -1')
    expect(() => (lr as (t: unknown) => number)('1')).toThrow(TypeError)
  })
})
