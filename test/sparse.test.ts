// Sparse gradients: the rows that occur move as in PyTorch's sparse rules and no others do, at every backend alike, and
// as dense gradients would move them.
import {
  Adagrad,
  AdamW,
  addGradNoise,
  centralizeGrads,
  clipGradNorm,
  clipGradValue,
  EMA,
  type FloatArray,
  GradientAccumulator,
  Lookahead,
  type Optimizer,
  SAM,
  SGD,
  type SGDOptions,
  SparseAdam,
  type SparseGrad,
  type SparseGrads,
  type StepOptions,
  SWA,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  arrayType,
  type DType,
  expectSameBits,
  expectSameState,
  generator,
  offsetCopy,
  surroundingsIntact,
} from './bits'

type Table = Optimizer<SGDOptions, Record<string, FloatArray>, SparseGrads>
type Class = new (params: object, options: object) => Table
type Numbers = Record<string, number[]>

interface Rule {
  Class: Class
  options: object
  /** PyTorch's sparse update of one element in float64, transcribed from its code; state is by PyTorch's names. */
  update(p: number, g: number, t: number, state: Record<string, number>): number
  slots: Record<string, string>
}

const [lr, beta1, beta2, eps, lrDecay] = [0.05, 0.8, 0.95, 1e-3, 0.1]
const rules: Record<string, Rule> = {
  SparseAdam: {
    Class: SparseAdam as never,
    options: { lr, betas: [beta1, beta2], eps },
    slots: { exp_avg: 'expAvg', exp_avg_sq: 'expAvgSq' },
    update(p, g, t, s) {
      s.exp_avg += (g - s.exp_avg) * (1 - beta1)
      s.exp_avg_sq += (g ** 2 - s.exp_avg_sq) * (1 - beta2)
      const step_size = (lr * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
      return p - step_size * (s.exp_avg / (Math.sqrt(s.exp_avg_sq) + eps))
    },
  },
  Adagrad: {
    Class: Adagrad as never,
    options: { lr, lrDecay, eps, initialAccumulatorValue: 0.1 },
    slots: { sum: 'sum' },
    update(p, g, t, s) {
      if (s.started === 0) s.sum = 0.1
      s.started = 1
      s.sum += g ** 2
      return p - ((lr / (1 + (t - 1) * lrDecay)) * g) / (Math.sqrt(s.sum) + eps)
    },
  },
  SGD: {
    Class: SGD as never,
    options: { lr },
    slots: {},
    update: (p, g) => p - lr * g,
  },
}

const SHAPES: Record<string, number[]> = {
  a: [37],
  b: [50, 3],
  c: [9, 300],
  d: [3, 5000],
  e: [20, 2, 4],
  f: [],
}
const STEPS = 12

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)
const fill = (dtype: DType, length: number, next: () => number): FloatArray =>
  new (arrayType(dtype))(length).map(next)
const rowSizeOf = (shape: readonly number[]) => sizeOf(shape.slice(1))

/** Rows of one step: rare ones, many at once, in any order and more than once; sometimes none. */
function sparse(shape: readonly number[], dtype: DType, seed: number): SparseGrad {
  const random = generator(seed * 977 + 5)
  random()
  const rows = shape[0] ?? 1
  const count = seed % 5 === 3 ? 0 : Math.ceil(random() * (seed % 3 === 0 ? 2 * rows : 4))
  const list = Array.from({ length: count }, () => Math.floor(random() ** 2 * rows))
  const indices = [list, Int32Array.from(list), Uint32Array.from(list)][seed % 3]
  const values = fill(dtype, count * rowSizeOf(shape), () => 4 * random() - 2)
  return { indices, values: offsetCopy(values, seed % 4) }
}

const step = (dtype: DType, t: number) =>
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape], k) => {
      return [name, (t + k) % 6 === 5 ? null : sparse(shape, dtype, t * 10 + k)] as const
    }),
  )

const start = (dtype: DType) =>
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape], k) => {
      const random = generator(k + 31)
      const values = fill(dtype, sizeOf(shape), () => 2 * random() - 1)
      return [name, { data: offsetCopy(values, k % 3), shape }] as const
    }),
  )

const create = (rule: Rule, params: object, more: object = {}) =>
  new rule.Class(params, { ...rule.options, ...more })

/** Values by row, duplicates added in the order given, in the tensor's type. */
function sums({ indices, values }: SparseGrad, rowSize: number): Map<number, FloatArray> {
  const rows = new Map<number, FloatArray>()
  Array.from(indices).forEach((row, i) => {
    const part = values.slice(i * rowSize, (i + 1) * rowSize)
    const known = rows.get(row)
    if (known === undefined) rows.set(row, part)
    else for (let k = 0; k < rowSize; k++) known[k] += part[k]
  })
  return rows
}

/** The whole run in plain float64. */
function expected(rule: Rule, dtype: DType, sign = 1) {
  return Object.entries(SHAPES).map(([name, shape]) => {
    const p = Array.from(start(dtype)[name].data)
    const names = ['started', ...Object.keys(rule.slots)]
    const state: Numbers = Object.fromEntries(names.map((slot) => [slot, p.map(() => 0)]))
    let own = 0
    for (let t = 0; t < STEPS; t++) {
      const gradient = step(dtype, t)[name]
      if (gradient === null) continue
      own++
      const rowSize = rowSizeOf(shape)
      for (const [row, values] of sums(gradient, rowSize)) {
        values.forEach((g, k) => {
          const i = row * rowSize + k
          const element = Object.fromEntries(names.map((slot) => [slot, state[slot][i]]))
          p[i] = rule.update(p[i], sign * g, own, element)
          for (const slot of names) state[slot][i] = element[slot]
        })
      }
    }
    return { name, p, state, steps: own }
  })
}

function expectClose(what: string, actual: ArrayLike<number>, wanted: readonly number[], dtype: DType): void {
  const [relative, absolute] = dtype === 'float64' ? [1e-12, 1e-14] : [2e-5, 1e-6]
  wanted.forEach((value, i) => {
    if (!(Math.abs(actual[i] - value) <= absolute + relative * Math.abs(value)))
      throw new Error(`${what}[${i}]: expected ${value}, got ${actual[i]}`)
  })
}

const PIPELINE: StepOptions = { gradScale: 0.5, clipValue: 0.75, clipNorm: 3, skipNonFinite: true }

function run(opt: Table, dtype: DType, options?: StepOptions): Table {
  for (let t = 0; t < STEPS; t++) {
    const grads = step(dtype, t)
    opt.step(grads, options)
    for (const gradient of Object.values(grads))
      expect(gradient === null || surroundingsIntact(gradient.values)).toBe(true)
  }
  return opt
}

const compare = (what: string, actual: Table, wanted: Table) => {
  for (const [name, array] of Object.entries<FloatArray>(wanted.params))
    expectSameBits(`${what}: ${name}`, actual.params[name], array)
  expectSameState(what, actual.stateDict(), wanted.stateDict())
}

const reference = backends[backends.length - 1]
const dtypes = ['float32', 'float64'] as const
const cases = Object.entries(rules).flatMap(([name, rule]) => dtypes.map((dtype) => ({ name, rule, dtype })))

describe.each(backends)('$label', ({ use }) => {
  describe.each(cases)('$name $dtype', ({ rule, dtype }) => {
    test.each([false, true])('PyTorch’s update, maximize %s', (maximize) => {
      const params = start(dtype)
      const opt = run(
        use(() => create(rule, params, { maximize })),
        dtype,
      )
      const saved = opt.stateDict()
      for (const { name, p, state, steps } of expected(rule, dtype, maximize ? -1 : 1)) {
        expectClose(name, params[name].data, p, dtype)
        expect(saved.state[name].step).toBe(steps)
        for (const [slot, ours] of Object.entries(rule.slots)) {
          const touched = state[slot].map((x, i) => (state.started[i] || slot !== 'sum' ? x : 0.1))
          expectClose(`${name}.${slot}`, saved.state[name][ours] as FloatArray, touched, dtype)
        }
        expect(surroundingsIntact(params[name].data)).toBe(true)
      }
    })

    test.each([undefined, PIPELINE])('the bits of the reference, with %o', (options) => {
      const wanted = run(
        reference.use(() => create(rule, start(dtype))),
        dtype,
        options,
      )
      compare(
        'own arrays',
        run(
          use(() => create(rule, start(dtype))),
          dtype,
          options,
        ),
        wanted,
      )
      const owned = use(() => create(rule, SHAPES, { dtype }))
      for (const [name, { data }] of Object.entries(start(dtype))) owned.params[name].set(data)
      compare('owned', run(owned, dtype, options), wanted)
    })

    test('the bits of dense gradients in the rows that occur, and nothing elsewhere', () => {
      const [dense, rows] = [0, 1].map(() => use(() => create(rule, start(dtype))))
      const options = { gradScale: 0.5, clipValue: 0.75 }
      for (let t = 0; t < STEPS; t++) {
        const before = rows.stateDict()
        const params = Object.values<FloatArray>(rows.params).map((array) => array.slice())
        dense.loadStateDict(before)
        Object.values<FloatArray>(dense.params).forEach((array, k) => void array.set(params[k]))
        const grads = step(dtype, t)
        rows.step(grads, options)
        const filled = Object.fromEntries(
          Object.entries(grads).map(([name, gradient]) => {
            if (gradient === null) return [name, null]
            const full = new (arrayType(dtype))(sizeOf(SHAPES[name]))
            const rowSize = rowSizeOf(SHAPES[name])
            for (const [row, values] of sums(gradient, rowSize)) full.set(values, row * rowSize)
            return [name, full]
          }),
        )
        dense.step(filled, options)
        const [got, full] = [rows.stateDict(), dense.stateDict()]
        Object.entries(grads).forEach(([name, gradient], k) => {
          const rowSize = rowSizeOf(SHAPES[name])
          const occur = new Set(Array.from(gradient?.indices ?? []))
          const slots = Object.values(rule.slots)
          const pairs = slots.map((slot) => [got, full, before].map(({ state }) => state[name][slot]))
          for (const arrays of [[rows.params[name], dense.params[name], params[k]], ...pairs]) {
            const [ours, wanted, old] = arrays as FloatArray[]
            const mixed = old.map((x, i) => (occur.has(Math.floor(i / rowSize)) ? wanted[i] : x))
            expectSameBits(`step ${t}: ${name}`, ours, mixed)
          }
        })
      }
    })

    test('where all rows occur, norms and clipping too', () => {
      const [dense, rows] = [0, 1].map(() => use(() => create(rule, start(dtype))))
      const random = generator(3)
      for (let t = 0; t < 3; t++) {
        const full = Object.entries(SHAPES).map(([name, shape]) => {
          return [name, fill(dtype, sizeOf(shape), () => 3 * random() - 1)] as const
        })
        const all = full.map(([name, values]) => {
          return [name, { indices: Array.from({ length: SHAPES[name][0] ?? 1 }, (_, i) => i), values }]
        })
        const [a, b] = [
          dense.step(Object.fromEntries(full), PIPELINE),
          rows.step(Object.fromEntries(all), PIPELINE),
        ]
        expect(b).toEqual(a)
        expect(a.gradNorm).toBeGreaterThan(3)
      }
      compare('all rows', rows, dense)
    })

    test('a state saved in the middle goes on the same on another backend', () => {
      const wanted = run(
        run(
          use(() => create(rule, start(dtype))),
          dtype,
        ),
        dtype,
      )
      const first = run(
        use(() => create(rule, start(dtype))),
        dtype,
      )
      for (const other of backends) {
        const second = other.use(() => create(rule, SHAPES, { dtype }))
        for (const [name, array] of Object.entries<FloatArray>(first.params)) second.params[name].set(array)
        second.loadStateDict(first.stateDict())
        compare(other.label, run(second, dtype), wanted)
      }
    })
  })

  const table = (rows = 4) => {
    const w = new Float64Array(2 * rows).fill(1)
    const opt = use(() => new SparseAdam({ w: { data: w, shape: [rows, 2] } }, { lr: 0.5, eps: 0 }))
    return { w, opt }
  }

  test('the norm is that of the sums by row', () => {
    const { opt } = table()
    const grads = { w: { indices: [3, 1, 3], values: Float64Array.of(1, 2, 5, 0, 2, 2) } }
    expect(opt.step(grads, { clipNorm: Number.POSITIVE_INFINITY }).gradNorm).toBe(Math.sqrt(9 + 16 + 25))
    expect(opt.step(grads, { clipNorm: 1, clipValue: 2, gradScale: 0.5 }).gradNorm).toBe(
      Math.sqrt(1.5 ** 2 + 2 ** 2 + 2 ** 2),
    )
    // Squares beyond the range of doubles, and a sum of two finite values that is not finite.
    const huge = { w: { indices: [0], values: Float64Array.of(3e200, 4e200) } }
    expect(opt.step(huge, { skipNonFinite: true })).toMatchObject({ skipped: false, step: 3 })
    expect(opt.step(huge, { clipNorm: 1 }).gradNorm).toBeCloseTo(5e200, -190)
  })

  test('a step on what is not finite is skipped before anything changes', () => {
    const { w, opt } = table()
    opt.step({ w: { indices: [1], values: Float64Array.of(1, 2) } })
    const [before, saved] = [w.slice(), opt.stateDict()]
    for (const values of [
      [1, Number.NaN, 1, 1],
      [1e308, 1, 1e308, 1],
    ]) {
      const grads = { w: { indices: [1, 1], values: Float64Array.from(values) } }
      expect(opt.step(grads, { skipNonFinite: true })).toMatchObject({ skipped: true, step: 1 })
      expectSameBits('w', w, before)
      expectSameState('state', opt.stateDict(), saved)
    }
    opt.step({ w: { indices: [1], values: Float64Array.of(Number.NaN, 1) } })
    expect(Array.from(w, Number.isNaN)).toEqual([false, false, true, false, false, false, false, false])
  })

  test('zeroGrad zeroes the values given, and only those', () => {
    const { opt } = table()
    const values = offsetCopy(Float64Array.of(1, 2, 3, 4), 2)
    opt.step({ w: { indices: [2, 2], values } }, { zeroGrad: true })
    expect([...values]).toEqual([0, 0, 0, 0])
    expect(surroundingsIntact(values)).toBe(true)
  })

  test('no row, all rows at once, dense and sparse in turn, null and frozen', () => {
    const { w, opt } = table()
    opt.step({ w: { indices: [], values: new Float64Array(0) } }, { clipNorm: 1, skipNonFinite: true })
    expect(opt.stateDict().state.w.step).toBe(1)
    expect([...w]).toEqual(new Array(8).fill(1))
    // The step of a row counts from the tensor's first: 0.5·√(1 − 0.999²)/(1 − 0.9²) · 0.1/√0.001.
    const second = (0.5 * Math.sqrt(1 - 0.999 ** 2) * 0.1) / (1 - 0.9 ** 2) / Math.sqrt(0.001)
    opt.step({ w: { indices: Uint32Array.of(3), values: Float64Array.of(2, -2) } })
    expect(w[6]).toBeCloseTo(1 - second, 12)
    expect(w[7]).toBeCloseTo(1 + second, 12)
    expect([...w.subarray(0, 6)]).toEqual(new Array(6).fill(1))
    const dense = new Float64Array(8).fill(1)
    opt.step({ w: dense })
    expect(w.every((x) => x !== 1)).toBe(true)
    const before = w.slice()
    opt.step({ w: { indices: [0], values: Float64Array.of(1, 1) } })
    expect([w[0] !== before[0], w[2] === before[2]]).toEqual([true, true])
    opt.step({ w: null })
    opt.freeze('w')
    opt.step({ w: { indices: [0], values: Float64Array.of(1, 1) } })
    opt.unfreeze()
    expect(opt.stateDict().state.w.step).toBe(4)
    before.set(w)
    opt.step({ w: dense }) // the array of the third step again
    expect(w.every((x, i) => x !== before[i])).toBe(true)
    opt.step((grads) => {
      grads.w.set([1, 1])
      return 2
    })
    expect(opt.stateDict().state.w.step).toBe(6)
  })

  test('tables without rows or without columns', () => {
    const opt = use(() => new SparseAdam({ none: [0, 3], thin: [3, 0] }))
    const nothing = new Float32Array(0)
    opt.step({ none: { indices: [], values: nothing }, thin: { indices: [2, 1], values: nothing } })
    expect(opt.stateDict().state.thin.step).toBe(1)
  })

  test('small values count as zero as in dense gradients; zeros keep their sign', () => {
    const make = () => use(() => new SGD({ w: Float32Array.of(-0, 1, 2, 3) }, { lr: 0.5 }))
    const [rows, dense] = [make(), make()]
    const values = Float32Array.of(-0, 1e-40, Number.POSITIVE_INFINITY, -0)
    rows.step({ w: { indices: [0, 1, 2, 3], values } })
    dense.step({ w: values })
    expectSameBits('w', rows.params.w, dense.params.w)
    expect([...dense.params.w]).toEqual([-0, 1, Number.NEGATIVE_INFINITY, 3])
  })

  test('parameters and values in shared memory', () => {
    const shared = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length))
    const [w, values] = [shared(100), shared(64).fill(1)]
    const opt = use(() => new SGD({ w: { data: w, shape: [2, 50] } }, { lr: 1 }))
    opt.step({ w: { indices: [1], values: values.subarray(0, 50) } })
    expect([...w]).toEqual([...new Array(50).fill(0), ...new Array(50).fill(-1)])
  })

  test('wrappers pass sparse gradients on; what works on dense ones refuses them', () => {
    const gradient = { w: { indices: [1], values: Float64Array.of(1, -1) } }
    const inner = () =>
      use(() => new SGD({ w: { data: new Float64Array(4).fill(1), shape: [2, 2] } }, { lr: 0.5 }))
    const ema = new EMA(inner(), { decay: 0.5 })
    const swa = new SWA(new Lookahead(inner(), { k: 2, alpha: 0.5 }), { start: 1 })
    for (let t = 0; t < 2; t++) {
      ema.step(gradient)
      swa.step(gradient)
    }
    expect([...ema.params.w]).toEqual([1, 1, 0, 2])
    ema.withAverage(() => expect([...ema.params.w]).toEqual([1, 1, 0.25, 1.75]))
    expect([...swa.params.w]).toEqual([1, 1, 0.5, 1.5])
    const dense = use(() => new AdamW({ w: new Float64Array(4) }))
    // @ts-expect-error AdamW moves every row
    expect(() => dense.step(gradient)).toThrow('moves every row')
    const sam = new SAM(inner())
    expect(() => sam.step(gradient as never)).toThrow('SAM.step: grads must be a closure')
    const accumulator = new GradientAccumulator(2)
    expect(() => accumulator.add(gradient as never)).toThrow(
      new TypeError(
        'GradientAccumulator.add: gradient "w" must be an array of all rows, got a sparse gradient',
      ),
    )
    expect(accumulator.count).toBe(0)
    const calls = [
      (grads: never) => clipGradNorm(grads, 1),
      (grads: never) => clipGradValue(grads, 1),
      (grads: never) => centralizeGrads(grads, { w: [2, 2] }),
      (grads: never) => addGradNoise(grads, { seed: 1, step: 1 }),
    ]
    for (const call of calls)
      expect(() => call(gradient as never)).toThrow('"w" must be an array of all rows')
  })
})

test('steps on one row of ten million: passes over all of them would take minutes', () => {
  const rows = 1e7
  const w = new Float32Array(rows)
  const opt = new SparseAdam({ w }, { lr: 1 })
  for (let t = 0; t < 20_000; t++) {
    opt.step(
      { w: { indices: [(t * 7919) % rows], values: Float32Array.of(1) } },
      { clipNorm: 1, zeroGrad: true },
    )
    opt.zeroGrad()
  }
  expect(w.reduce((count, x) => count + Number(x !== 0), 0)).toBe(20_000)
})
