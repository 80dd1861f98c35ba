// Lookahead, SAM, EMA and SWA against transcriptions of their papers in double precision, on every backend.
import { AdamW, EMA, type FloatArray, Lookahead, SAM, SGD, SWA } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { targets } from './backends'
import { arrayType, type DType, values } from './bits'

const DTYPES = ['float32', 'float64'] as const
const LENGTHS = [0, 1, 7, 37]
const STEPS = 13

const start = (dtype: DType) => LENGTHS.map((n, k) => values('normal', dtype, n, 500 + k))
const gradients = (dtype: DType, t: number) => LENGTHS.map((n, k) => values('normal', dtype, n, t * 10 + k))

/** Plain gradient descent in doubles: the fast weights a wrapper sees. */
const descend = (p: number[][], g: readonly FloatArray[], lr: number) =>
  p.map((array, t) => array.map((x, i) => x - lr * g[t][i]))

const mix = (a: number[][], b: number[][], weight: number) =>
  a.map((array, t) => array.map((x, i) => x + weight * (b[t][i] - x)))

function expectClose(got: readonly FloatArray[], want: number[][], dtype: DType) {
  const tolerance = dtype === 'float64' ? 1e-13 : 2e-6
  expect(got.length).toBe(want.length)
  got.forEach((array, t) => {
    expect(array.length).toBe(want[t].length)
    array.forEach((x, i) => void expect(Math.abs(x - want[t][i])).toBeLessThan(tolerance))
  })
}

describe.each(targets)('$label', ({ available, use, backend }) => {
  describe.skipIf(!available).each(DTYPES)('%s', (dtype) => {
    const sgd = (lr = 0.1) => use(() => new SGD(start(dtype), { lr }))

    test.each([
      { k: 1, alpha: 0.25 },
      { k: 3, alpha: 0.8 },
      { k: 5, alpha: 0 },
      { k: 2, alpha: 1 },
    ])('Lookahead $k $alpha', ({ k, alpha }) => {
      const opt = use(() => new Lookahead(sgd(), { k, alpha }))
      expect(opt.backend.name).toBe(backend)
      let fast = start(dtype).map((array) => [...array])
      let slow = fast
      for (let t = 1; t <= STEPS; t++) {
        opt.step(gradients(dtype, t))
        fast = descend(fast, gradients(dtype, t), 0.1)
        if (t % k === 0) {
          slow = mix(slow, fast, alpha)
          fast = slow
        }
        expectClose(opt.params, fast, dtype)
      }
      const saved = Object.values(opt.stateDict().state).map(({ slow }) => slow)
      expectClose(saved, slow, dtype)
    })

    test('Lookahead starts from what the first step finds in owned parameters', () => {
      const opt = use(() => new Lookahead(new SGD({ w: [3] }, { lr: 1, dtype }), { k: 1 }))
      opt.params.w.set([1, 2, 3])
      opt.grads.w.fill(1)
      opt.step()
      expect([...opt.params.w]).toEqual([0.5, 1.5, 2.5])
    })

    test.each([
      { decay: 0.9, debias: false },
      { decay: 0.9, debias: true },
      { decay: 0, debias: true },
    ])('EMA $decay, debias $debias', ({ decay, debias }) => {
      const opt = use(() => new EMA(sgd(), { decay, debias }))
      let p = start(dtype).map((array) => [...array])
      let first = p
      // optax: e ← d·e + (1 − d)·p from zero, divided by 1 − dᵗ; PyTorch: the first p, then the same recursion.
      let e = p.map((array) => array.map(() => 0))
      for (let t = 1; t <= STEPS; t++) {
        opt.step(gradients(dtype, t))
        p = descend(p, gradients(dtype, t), 0.1)
        if (t === 1) first = p
        e = mix(e, p, 1 - decay)
        const correction = debias ? 1 / (1 - decay ** t) : 1
        const rest = debias || t === 1 ? 0 : decay ** t
        const biased = e.map((array, k) => array.map((x, i) => x * correction + rest * first[k][i]))
        const want = t === 1 ? first : biased
        opt.withAverage(() => expectClose(opt.params, want, dtype))
        expectClose(opt.params, p, dtype)
      }
    })

    test.each([
      { start: 0, every: 1 },
      { start: 4, every: 3 },
      { start: 13, every: 5 },
    ])('SWA from $start, every $every', ({ start: first, every }) => {
      const opt = use(() => new SWA(sgd(), { start: first, every }))
      let p = start(dtype).map((array) => [...array])
      let n = 0
      let sum = p.map((array) => array.map(() => 0))
      for (let t = 1; t <= STEPS; t++) {
        opt.step(gradients(dtype, t))
        p = descend(p, gradients(dtype, t), 0.1)
        if (t >= first && (t - first) % every === 0) {
          n++
          sum = sum.map((array, k) => array.map((x, i) => x + p[k][i]))
        }
        expect(opt.count).toBe(n)
        if (n === 0) continue
        const mean = sum.map((array) => array.map((x) => x / n))
        opt.withAverage(() => expectClose(opt.params, mean, dtype))
      }
    })

    test.each([
      { rho: 0.3, adaptive: false },
      { rho: 0, adaptive: false },
      { rho: 0.7, adaptive: true, eta: 0.25 },
      { rho: 0.7, adaptive: true, eta: 0 },
    ])('SAM $rho, adaptive $adaptive, eta $eta', (options) => {
      const { rho, adaptive, eta = 0 } = options
      const opt = use(() => new SAM(sgd(0.004), options))
      // J = Σ c·p⁴/4, the c different for every tensor
      const grad = (x: number, t: number) => (t + 1) * x ** 3
      const loss = (p: readonly ArrayLike<number>[]) =>
        p.reduce((sum, array, t) => Array.from(array).reduce((s, x) => s + ((t + 1) * x ** 4) / 4, sum), 0)
      let p = start(dtype).map((array) => [...array])
      for (let step = 1; step <= STEPS; step++) {
        let calls = 0
        const info = opt.step((grads) => {
          calls++
          grads.forEach((g, t) => {
            for (let i = 0; i < g.length; i++) g[i] = grad(opt.params[t][i], t)
          })
          return loss(opt.params)
        })
        expect(calls).toBe(rho === 0 ? 1 : 2)
        expect(info.step).toBe(step)
        expect((info.loss ?? 0) / loss(p)).toBeCloseTo(1, dtype === 'float64' ? 12 : 5)
        const scale = (x: number) => (adaptive ? Math.abs(x) + eta : 1)
        const squares = p.flatMap((array, t) => array.map((x) => (scale(x) * grad(x, t)) ** 2))
        const norm = Math.sqrt(squares.reduce((sum, x) => sum + x, 0))
        p = p.map((array, t) =>
          array.map((x) => x - 0.004 * grad(x + (rho * scale(x) ** 2 * grad(x, t)) / norm, t)),
        )
        expectClose(opt.params, p, dtype)
      }
    })

    test('wrappers of wrappers', () => {
      const make = () =>
        use(() => new EMA(new Lookahead(new SAM(sgd(), { rho: 0.1 }), { k: 2 }), { decay: 0.5 }))
      const opt = make()
      const alone = use(() => new Lookahead(new SAM(sgd(), { rho: 0.1 }), { k: 2 }))
      let average: number[][] = []
      for (let t = 1; t <= 6; t++) {
        const closure = (params: readonly FloatArray[]) => (grads: readonly FloatArray[]) => {
          grads.forEach((g, k) => void g.set(params[k]))
          return 1
        }
        opt.step(closure(opt.params))
        alone.step(closure(alone.params))
        expect(opt.params).toEqual(alone.params)
        const now = alone.params.map((array) => [...array])
        average = t === 1 ? now : mix(average, now, 0.5)
        opt.withAverage(() => expectClose(opt.params, average, dtype))
      }
      expect([opt.stepCount, opt.inner.stepCount, opt.inner.inner.inner.stepCount]).toEqual([6, 6, 6])
    })

    test('swap exchanges to the last bit, NaN and infinities too', () => {
      const w = arrayType(dtype).of(1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 3)
      const opt = use(() => new EMA(new SGD({ w }, { lr: 1 }), { decay: 0.5 }))
      opt.step({ w: new (arrayType(dtype))(6) })
      const average = w.slice()
      w.set([9, 8, 7, 6, 5, 4])
      opt.swap()
      expect(opt.swapped).toBe(true)
      expect([...w]).toEqual([...average])
      opt.swap()
      expect([...w]).toEqual([9, 8, 7, 6, 5, 4])
    })
  })
})

test('NaN and infinite gradients', () => {
  const make = () => new SGD({ w: Float64Array.of(1, 2) }, { lr: 1 })
  const bad = { w: Float64Array.of(Number.NaN, 1) }
  for (const opt of [new Lookahead(make(), { k: 1 }), new EMA(make()), new SWA(make())]) {
    expect(opt.step(bad, { skipNonFinite: true }).skipped).toBe(true)
    expect([opt.stepCount, ...opt.params.w]).toEqual([0, 1, 2])
    opt.step(bad)
    expect([opt.stepCount, Number.isNaN(opt.params.w[0])]).toEqual([1, true])
  }
  for (const poison of [Number.NaN, Number.POSITIVE_INFINITY]) {
    for (const adaptive of [false, true]) {
      const sam = new SAM(make(), { adaptive })
      const closure = (g: { w: Float64Array }) => {
        expect([...sam.params.w]).toEqual([1, 2])
        g.w.set([poison, 1])
        return 1
      }
      expect(sam.step(closure, { skipNonFinite: true })).toMatchObject({ skipped: true, step: 0 })
      expect([...sam.params.w]).toEqual([1, 2])
    }
  }
})

test('the closure sees the parameters in place and a frozen tensor stays', () => {
  const a = Float64Array.of(1)
  const b = Float64Array.of(1)
  const opt = new SAM(new AdamW({ a, b }, { lr: 0.1 }), { rho: 0.5 })
  opt.freeze('b')
  const seen: number[][] = []
  opt.step((g) => {
    seen.push([a[0], b[0]])
    g.a[0] = 2
    g.b[0] = 100
    return 1
  })
  expect(seen).toEqual([
    [1, 1],
    [1.5, 1],
  ])
  expect(b[0]).toBe(1)
})
