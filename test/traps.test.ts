// Bugs found in other optimizers, one test each: single steps and short runs against closed forms.
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  ASGD,
  type FloatArray,
  LAMB,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  type StateDict,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, noise, RULES } from './untyped'

const one = (x: number) => Float64Array.of(x)
const near = (got: number, want: number, relative = 1e-13) =>
  expect(Math.abs(got - want), `${got} is not ${want}`).toBeLessThanOrEqual(relative * Math.abs(want))

describe.each(backends)('$label', ({ use }) => {
  test('Adagrad: weight decay enters the update, not only the variance', () => {
    const w = one(2)
    use(() => new Adagrad({ w }, { lr: 0.5, weightDecay: 0.25, eps: 0 })).step({ w: one(0) })
    expect(w[0]).toBe(1.5) // g = 0 + 0.25·2, v = g², so a step of lr
    const x = one(2)
    use(() => new Adagrad({ x }, { lr: 0.5, weightDecay: 0.25, initialAccumulatorValue: 2, eps: 1 })).step({
      x: one(1),
    })
    near(x[0], 2 - (0.5 * 1.5) / (Math.sqrt(2 + 1.5 ** 2) + 1))
  })

  test('Adam: the first step is lr·sign(g), not ten times that, at any magnitude', () => {
    for (const exponent of [-12, -6, -3, 0, 3, 6, 12]) {
      for (const sign of [-1, 1]) {
        const g = sign * 3 * 10 ** exponent
        const [w, x] = [Float32Array.of(0), one(0)]
        use(() => new Adam({ w, x }, { lr: 0.01, eps: 0 })).step({ w: Float32Array.of(g), x: one(g) })
        near(w[0], -0.01 * sign, 1e-6)
        near(x[0], -0.01 * sign, 1e-12)
      }
    }
  })

  test('Adam: eps is added to the corrected root, epsRoot within it', () => {
    const [w, x] = [one(0), one(0)]
    use(() => new Adam({ w }, { lr: 1, eps: 0.5 })).step({ w: one(2) })
    near(w[0], -2 / (2 + 0.5))
    use(() => new Adam({ x }, { lr: 1, eps: 0.5, epsRoot: 5 })).step({ x: one(2) })
    near(x[0], -2 / (Math.sqrt(4 + 5) + 0.5))
  })

  test('Adam: the bias correction is exact after 10⁵ steps in float32', () => {
    const [beta1, beta2, steps] = [0.9, 0.99999, 100_000]
    const w = Float32Array.of(0)
    const g = Float32Array.of(1)
    const opt = use(() => new Adam({ w }, { lr: 0.5, betas: [beta1, beta2], eps: 0 }))
    for (let t = 1; t < steps; t++) opt.step({ w: g })
    const { expAvg, expAvgSq, step } = opt.stateDict().state.w as Record<string, unknown>
    expect(step).toBe(steps - 1)
    w[0] = 0
    opt.step({ w: g })
    const m = beta1 * (expAvg as FloatArray)[0] + (1 - beta1)
    const v = beta2 * (expAvgSq as FloatArray)[0] + (1 - beta2)
    const vHat = v / -Math.expm1(steps * Math.log(beta2))
    near(w[0], (-0.5 * m) / Math.sqrt(vHat), 5e-7)
  })

  test('the step count goes on beyond 256', () => {
    const [w, x] = [one(0), one(0)]
    const opt = use(() => new Adam({ w }, { lr: 0.125, betas: [0.9, 0.999], eps: 0 }))
    const adagrad = use(() => new Adagrad({ x }, { lr: 1, lrDecay: 0.5, eps: 0 }))
    for (let t = 1; t <= 600; t++) {
      w[0] = x[0] = 0
      opt.step({ w: one(1) })
      adagrad.step({ x: one(1) })
      near(w[0], -0.125, 1e-11)
      near(x[0], -1 / (1 + (t - 1) * 0.5) / Math.sqrt(t), 1e-12)
    }
    expect(opt.stateDict()).toMatchObject({ step: 600, state: { w: { step: 600 } } })
  })

  test('the step count goes on beyond 2²⁴ and 2³²', () => {
    for (const start of [2 ** 24, 2 ** 32]) {
      const [w, x] = [one(0), one(0)]
      const small = 1 / start
      const adam = use(() => new Adam({ w }, { lr: 1, betas: [0, 1 - small], eps: 0 }))
      const adagrad = use(() => new Adagrad({ x }, { lr: 1, lrDecay: 1, eps: 0 }))
      const resume = <O extends object>(
        opt: { stateDict(): O; loadStateDict(state: O): void },
        v: object,
      ) => {
        const saved = opt.stateDict() as unknown as StateDict<unknown>
        saved.step = start
        for (const state of Object.values(saved.state)) Object.assign(state, v, { step: start })
        opt.loadStateDict(saved as unknown as O)
      }
      resume(adam, { expAvgSq: one(1) })
      resume(adagrad, { sum: one(0) })
      for (const t of [start + 1, start + 2, start + 3]) {
        w[0] = x[0] = 0
        adam.step({ w: one(1) })
        adagrad.step({ x: one(1) })
        near(w[0], -Math.sqrt(-Math.expm1(t * Math.log1p(-small))), 1e-8)
        near(x[0], -1 / t / Math.sqrt(t - start), 1e-14)
      }
      expect(adam.stateDict().state.w.step).toBe(start + 3)
      expect(adagrad.stateDict()).toMatchObject({ step: start + 3, state: { x: { step: start + 3 } } })
    }
  })

  test('RMSprop centered: a zero gradient gives no NaN, first or later', () => {
    for (const epsInSqrt of [false, true]) {
      const w = { a: noise(1, 35, 'float32'), b: noise(2, 5, 'float64') }
      const start = [bits(w.a), bits(w.b)]
      const opt = use(() => new RMSprop(w, { centered: true, epsInSqrt, momentum: 0.9 }))
      const zeros = { a: new Float32Array(35), b: new Float64Array(5) }
      for (let t = 0; t < 5; t++) opt.step(zeros)
      expect([bits(w.a), bits(w.b)]).toEqual(start)
      opt.step({ a: noise(3, 35, 'float32'), b: noise(4, 5, 'float64') })
      for (let t = 0; t < 3000; t++) opt.step(zeros)
      expect([...w.a, ...w.b].every(Number.isFinite)).toBe(true)
    }
  })

  test('RMSprop centered: a constant gradient, whose variance vanishes, gives no NaN', () => {
    for (const value of [1e-6, 0.1, 1 / 3, 1e6]) {
      const w = { a: new Float32Array(35), b: new Float64Array(5) }
      const opt = use(() => new RMSprop(w, { centered: true, lr: 1e-12 }))
      for (let t = 0; t < 3000; t++) {
        opt.step({ a: new Float32Array(35).fill(value), b: new Float64Array(5).fill(value) })
      }
      expect([...w.a, ...w.b].every((x) => Number.isFinite(x) && x < 0)).toBe(true)
    }
  })

  test('AMSGrad: a NaN stays in its element, in vectors and tails alike', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const length = 67
      const grads = [1, 2, 3].map((seed) => noise(seed, length, dtype))
      const clean = noise(9, length, dtype)
      const opt = use(() => new Adam([clean], { amsgrad: true }))
      grads.forEach((g) => {
        opt.step([g])
      })
      const cleanMax = opt.stateDict().state[0].maxExpAvgSq as FloatArray
      for (let i = 0; i < length; i++) {
        const w = noise(9, length, dtype)
        const spoilt = use(() => new Adam([w], { amsgrad: true }))
        spoilt.step([grads[0]])
        const before = (spoilt.stateDict().state[0].maxExpAvgSq as FloatArray)[i]
        const bad = grads[1].slice()
        bad[i] = Number.NaN
        spoilt.step([bad])
        spoilt.step([grads[2]])
        const max = spoilt.stateDict().state[0].maxExpAvgSq as FloatArray
        expect(w[i]).toBeNaN()
        expect(max[i]).toBe(before)
        w[i] = clean[i]
        max[i] = cleanMax[i]
        expect([bits(w), bits(max)]).toEqual([bits(clean), bits(cleanMax)])
      }
    }
  })

  test('AMSGrad: the maximum is of the raw second moment, corrected afterwards', () => {
    const w = one(0)
    const opt = use(() => new Adam({ w }, { lr: 1, betas: [0.5, 0.75], eps: 0, amsgrad: true }))
    opt.step({ w: one(4) })
    w[0] = 0
    opt.step({ w: one(0) })
    // m = 0.5·0.5·4 = 1, m̂ = 1/0.75; max v = 0.25·16 = 4, v̂ = 4/(1 − 0.75²)
    near(w[0], -1 / 0.75 / Math.sqrt(4 / (1 - 0.75 ** 2)))
  })

  test('setting lr, momentum, betas or weightDecay takes effect at the next step', () => {
    const w = one(0)
    const sgd = use(() => new SGD({ w }, { lr: 1, momentum: 0.5 }))
    const moved = (set: object, g: number) => {
      Object.assign(sgd.groups[0], set)
      const before = w[0]
      sgd.step({ w: one(g) })
      return before - w[0]
    }
    expect(moved({}, 1)).toBe(1)
    expect(moved({ lr: 4 }, 1)).toBe(4 * 1.5)
    expect(moved({ lr: 1, momentum: 2 }, 0)).toBe(3)
    expect(moved({ momentum: 0.25, dampening: 0.5 }, 1)).toBe(0.25 * 3 + 0.5)
    w[0] = 8
    expect(moved({ momentum: 1e-300, dampening: 0, weightDecay: 0.5 }, 0)).toBe(4)
    expect(moved({ weightDecay: 0, maximize: true }, 3)).toBe(-3)
    const x = one(0)
    const adam = use(() => new Adam({ x }, { lr: 1, eps: 0 }))
    adam.step({ x: one(1) })
    adam.groups[0].betas = [0, 0]
    adam.groups[0].eps = 3
    x[0] = 0
    adam.step({ x: one(1) })
    expect(x[0]).toBe(-1 / (1 + 3))
  })

  test('AdamW: decay is decoupled; Adam: it goes through the moments', () => {
    const [w, x] = [one(2), one(2)]
    const adamw = use(() => new AdamW({ w }, { lr: 0.5, weightDecay: 0.25 }))
    const adam = use(() => new Adam({ x }, { lr: 0.5, weightDecay: 0.25, eps: 0 }))
    adamw.step({ w: one(0) })
    adam.step({ x: one(0) })
    expect(w[0]).toBe(2 * (1 - 0.5 * 0.25))
    near(x[0], 2 - 0.5)
    expect(adamw.stateDict().state.w).toEqual({ step: 1, expAvg: one(0), expAvgSq: one(0) })
    near((adam.stateDict().state.x.expAvg as FloatArray)[0], 0.1 * 0.5)
  })

  test('SGD: the first step takes the gradient undamped', () => {
    const w = one(0)
    const opt = use(() => new SGD({ w }, { lr: 1, momentum: 0.5, dampening: 0.75 }))
    opt.step({ w: one(8) })
    expect(w[0]).toBe(-8)
    opt.step({ w: one(8) })
    expect(w[0]).toBe(-8 - (0.5 * 8 + 0.25 * 8))
  })

  test('LAMB: weights or updates of length zero take a ratio of 1, not NaN', () => {
    const w = { zero: new Float64Array(3), dead: Float64Array.of(1, 2), live: Float64Array.of(3, 4) }
    const opt = use(() => new LAMB(w, { lr: 0.5, eps: 0 }))
    opt.groups[0].eps = 1e-300
    opt.step({ zero: Float64Array.of(1, 2, 3), dead: new Float64Array(2), live: Float64Array.of(7, 24) })
    for (const x of w.zero) near(x, -0.5, 1e-12)
    expect([...w.dead]).toEqual([1, 2])
    near(w.live[0], 3 - (0.5 * 5) / Math.SQRT2, 1e-12)
  })

  test('a rate of zero moves no parameter, but the state', () => {
    for (const { name, create, variants, rateInState } of RULES) {
      const w = noise(1, 35, 'float32')
      const before = bits(w)
      // Rprop's first step is lr, if its bounds allow that.
      const bounds = name === 'Rprop' ? { stepSizes: [0, 1] } : {}
      const opt = use(() => create({ w }, { ...variants[0], ...bounds, lr: 0 }))
      opt.step({ w: noise(2, 35, 'float32') })
      expect(bits(w)).toBe(before)
      const { step, ...slots } = opt.stateDict().state.w
      expect(step).toBe(1)
      const arrays = Object.values(slots).filter((value) => typeof value !== 'number') as FloatArray[]
      const moved = arrays.some((slot) => slot.every((x) => x !== 0))
      if (arrays.length > 0 && !rateInState) expect(moved).toBe(true)
    }
  })

  test('Rprop: signs are compared, so tiny gradients agree as large ones do', () => {
    for (const [g, next] of [
      [1e-25, 1.2],
      [-1e-25, 0.5],
    ]) {
      const w = Float32Array.of(0)
      const opt = use(() => new Rprop({ w }, { lr: 0.25 }))
      opt.step({ w: Float32Array.of(1e-25) })
      opt.step({ w: Float32Array.of(g) })
      near((opt.stateDict().state.w.stepSize as FloatArray)[0], 0.25 * next, 1e-6)
      near(w[0], g > 0 ? -0.55 : -0.25, 1e-6)
    }
  })

  test('Rprop: lr is read at the first step of a tensor, whenever that is', () => {
    const w = { a: one(0), b: one(0) }
    const opt = use(() => new Rprop(w, { lr: 0.25 }))
    opt.step({ a: one(1), b: null })
    opt.groups[0].lr = 2
    opt.step({ a: one(1), b: one(1) })
    expect([w.a[0], w.b[0]]).toEqual([-0.25 - 0.3, -2])
  })

  test('Adadelta: the average of updates before this one scales it', () => {
    const w = one(0)
    const opt = use(() => new Adadelta({ w }, { rho: 0.5, eps: 1 }))
    opt.step({ w: one(4) })
    near(w[0], -4 / 3) // √(0 + 1) / √(8 + 1) · 4
    opt.step({ w: one(4) })
    near(w[0], -4 / 3 - (Math.sqrt(8 / 9 + 1) / Math.sqrt(12 + 1)) * 4)
  })

  test('RAdam: gradients whose squares overflow still move the parameters before rectification', () => {
    const w = Float32Array.of(0)
    use(() => new RAdam({ w }, { lr: 1e-30 })).step({ w: Float32Array.of(1e30) })
    near(w[0], -1, 1e-6)
  })

  test('NAdam: the product goes on, and each tensor has its own', () => {
    const w = { a: one(0), b: one(0) }
    const opt = use(() => new NAdam(w, { betas: [0.5, 0.9], momentumDecay: 0 }))
    for (const b of [null, one(1), one(1)]) opt.step({ a: one(1), b })
    expect(opt.stateDict().state).toMatchObject({ a: { muProduct: 1 / 64 }, b: { muProduct: 1 / 16 } })
  })

  test('ASGD: the average is that of the steps after t0, however long', () => {
    const w = Float32Array.of(0)
    const opt = use(() => new ASGD({ w }, { lr: 0.125, lambd: 0, t0: 10 }))
    for (let t = 1; t <= 1010; t++) opt.step({ w: Float32Array.of(t % 2 ? 1 : -1) })
    // Of the steps 12 to 1010, which end at −0.125 and 0 in turn.
    near((opt.stateDict().state.w.ax as FloatArray)[0], (-0.125 * 499) / 999, 1e-5)
  })
})
