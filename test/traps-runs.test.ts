// Bugs found in other optimizers, one test each, that show over a run or around it: setters, state, skipping, seeds.
import {
  Adam,
  AdamW,
  addGradNoise,
  CosineAnnealingLR,
  ExponentialLR,
  Lion,
  lrRangeTest,
  minimize,
  type Problem,
  SequentialLR,
  SGD,
  fit as train,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, GRADIENT_RULES, noise, RULES } from './untyped'

describe.each(backends)('$label', ({ use }) => {
  test('Lion: the sign is that of each element, in vectors and tails, and of zero it is zero', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (let length = 0; length <= 66; length++) {
        const w = noise(1, length, dtype).fill(0)
        const g = noise(2, length, dtype)
        for (let i = 0; i < length; i += 5) g[i] = i % 2 ? -0 : 0
        use(() => new Lion([w], { lr: 0.5, weightDecay: 0 })).step([g])
        expect([...w]).toEqual(Array.from(g, (x) => (x === 0 ? 0 : -0.5 * Math.sign(x))))
      }
    }
  })

  test('no rule writes the gradients, at any length, in any variant', () => {
    for (const { create, variants } of RULES) {
      for (const options of variants) {
        const lengths = [1, 3, 7, 16, 17, 35]
        const opt = use(() =>
          create(
            lengths.map((n) => noise(n, n, 'float32')),
            options,
          ),
        )
        const grads = lengths.map((n) => noise(100 + n, n, 'float32'))
        const before = grads.map(bits)
        for (let t = 0; t < 3; t++) opt.step(grads, { clipNorm: 0.5, gradScale: 2 })
        expect(grads.map(bits)).toEqual(before)
      }
    }
  })

  test('state goes by name: parameters in another order load what is theirs', () => {
    for (const { create, variants } of RULES) {
      const arrays = () => ({ a: noise(1, 5, 'float32'), b: noise(2, 5, 'float32') })
      const opt = use(() => create(arrays(), variants[0]))
      opt.step({ a: noise(3, 5, 'float32'), b: noise(4, 5, 'float32') })
      const { a, b } = arrays()
      const turned = use(() => create({ b, a }, variants[0]))
      turned.loadStateDict(opt.stateDict())
      const state = turned.stateDict().state
      expect(Object.keys(state)).toEqual(['b', 'a'])
      expect({ ...state }).toEqual(opt.stateDict().state)
    }
  })

  test('a step that overflows is skipped before anything is touched, momentum included', () => {
    for (const { create, variants } of GRADIENT_RULES) {
      const opt = use(() => create([noise(1, 37, 'float32')], variants[0]))
      opt.step([noise(2, 37, 'float32')])
      const before = [bits(opt.params[0]), JSON.stringify(opt.stateDict())]
      const overflown = noise(3, 37, 'float32').fill(3e38)
      expect(opt.step([overflown], { gradScale: 2, skipNonFinite: true }).skipped).toBe(true)
      expect([bits(opt.params[0]), JSON.stringify(opt.stateDict())]).toEqual(before)
    }
  })

  test('a rate or a momentum that is set counts, also after a state was loaded', () => {
    const w = Float64Array.of(0)
    const opt = use(() => new SGD({ w }, { lr: 1, momentum: 0.5 }))
    opt.loadStateDict(structuredClone(opt.stateDict()))
    opt.groups[0].lr = 4
    opt.step({ w: Float64Array.of(1) })
    expect(w[0]).toBe(-4)
    opt.groups[0].momentum = 3
    opt.step({ w: Float64Array.of(0) })
    expect(w[0]).toBe(-4 - 4 * 3)
  })
})

test('a scheduler that is made after its optimizer was resumed takes the saved rate, not a new start', () => {
  const make = () => new Adam({ w: Float32Array.of(1) }, { lr: 0.1 })
  const schedule = (opt: ReturnType<typeof make>) => {
    const schedulers = [new ExponentialLR(opt, { gamma: 0.5 }), new CosineAnnealingLR(opt, { tMax: 8 })]
    return new SequentialLR(opt, { schedulers, milestones: [3] })
  }
  const opt = make()
  const scheduler = schedule(opt)
  const rates = Array.from({ length: 8 }, () => {
    scheduler.step()
    return opt.groups[0].lr
  })
  for (let at = 1; at < 8; at++) {
    const source = make()
    const before = schedule(source)
    for (let t = 0; t < at; t++) before.step()
    const resumed = make()
    resumed.loadStateDict(source.stateDict())
    const after = schedule(resumed)
    after.loadStateDict(JSON.parse(JSON.stringify(before.stateDict())))
    expect(resumed.groups[0].lr).toBe(rates[at - 1])
    after.step()
    expect(resumed.groups[0].lr).toBe(rates[at])
  }
})

test('no loop goes on for ever on NaN', async () => {
  const nan: Problem = {
    name: 'nan',
    params: () => ({ x: Float64Array.of(1) }),
    lossAndGrad(_, grads) {
      grads.x[0] = Number.NaN
      return Number.NaN
    },
  }
  const options = { epochs: 2 ** 40, maxSteps: 2 ** 40, earlyStopping: { patience: 2 ** 40 } }
  for (const skipNonFinite of [false, true]) {
    const opt = new AdamW(nan.params(0), { lr: 0.1 })
    const { reason, steps } = await train(nan, opt, { ...options, skipNonFinite })
    expect([reason, steps, opt.params.x[0]]).toEqual(['diverged', 0, 1])
  }
  expect(minimize(nan, { maxSteps: 2 ** 40 }).reason).toBe('diverged')
})

test('no two tensors, steps or elements share their random numbers', () => {
  const tensors = () => ({ a: new Float64Array(64), b: new Float64Array(64), c: new Float64Array(64) })
  const seen = new Set<number>()
  for (const seed of [0, 1]) {
    for (const step of [0, 1, 2]) {
      const drawn = tensors()
      addGradNoise(drawn, { seed, step })
      for (const array of Object.values(drawn)) for (const x of array) seen.add(x)
    }
  }
  expect(seen.size).toBe(2 * 3 * 3 * 64)
})

test('the learning-rate range test ends at the first NaN', () => {
  let calls = 0
  const problem: Problem = {
    name: 'overflowing',
    params: () => ({ x: Float64Array.of(1) }),
    lossAndGrad(_, grads) {
      grads.x[0] = 1
      return ++calls < 5 ? 1 : Number.NaN
    },
  }
  expect(lrRangeTest(problem).reason).toBe('diverged')
  expect(calls).toBe(5)
})
