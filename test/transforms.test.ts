// Gradient transformations against transcriptions of their papers in double precision, NaN, infinities and odd shapes.
import {
  centralizeGrads,
  clipGradAdaptive,
  clipGradNormPerTensor,
  type FloatArray,
  normalizeGrads,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { arrayType, expectSameBits, values } from './bits'
import { bits } from './untyped'

const SHAPES = { a: [7, 5], b: [9], c: [3, 2, 2, 3], d: [0], e: [1], f: [4, 0], g: [3, 4099], h: [1, 17] }
const DTYPES = ['float32', 'float64'] as const
const NAMES = Object.keys(SHAPES) as (keyof typeof SHAPES)[]
const size = (shape: readonly number[]) => shape.reduce((n, k) => n * k, 1)
const make = (dtype: (typeof DTYPES)[number], seed: number) =>
  Object.fromEntries(NAMES.map((name, k) => [name, values('normal', dtype, size(SHAPES[name]), seed + k)]))
const copy = (grads: Record<string, FloatArray>, scale = 1) =>
  Object.fromEntries(Object.entries(grads).map(([name, array]) => [name, array.map((x) => scale * x)]))
const norm = (x: Iterable<number>) => Math.sqrt([...x].reduce((sum, value) => sum + value * value, 0))
/** The rows of a tensor, over which units are taken. */
const rows = (array: FloatArray, shape: readonly number[]) => {
  const count = shape.length > 1 && array.length > 0 ? shape[0] : 1
  const width = array.length / count
  return Array.from({ length: count }, (_, r) => [...array.subarray(r * width, (r + 1) * width)])
}

function expectClose(got: FloatArray, want: readonly number[], dtype: string) {
  expect(got.length).toBe(want.length)
  got.forEach((x, i) => {
    const error = Math.abs(x - want[i])
    if (!(error <= (dtype === 'float64' ? 1e-13 : 3e-7))) expect([i, x]).toEqual([i, want[i]])
  })
}

describe.each(DTYPES)('%s', (dtype) => {
  describe.each(backends)('$label', ({ use }) => {
    test('normalizeGrads', () => {
      const [grads, before] = [make(dtype, 1), make(dtype, 1)]
      const norms = use(() => normalizeGrads({ ...grads, none: null }))
      expect(Object.keys(norms)).toEqual(NAMES)
      for (const name of NAMES) {
        const length = norm(before[name])
        expect(norms[name]).toBeCloseTo(length, 10)
        expectClose(
          grads[name],
          Array.from(before[name], (x) => x / (length || 1)),
          dtype,
        )
      }
    })

    test.each([0, 0.5, 4, 1e9, Number.POSITIVE_INFINITY])('clipGradNormPerTensor at %s', (maxNorm) => {
      for (const exact of [false, true]) {
        const [grads, before] = [make(dtype, 2), make(dtype, 2)]
        const norms = use(() => clipGradNormPerTensor(grads, maxNorm, { exact }))
        for (const name of NAMES) {
          const length = norm(before[name])
          expect(norms[name]).toBeCloseTo(length, 10)
          const scale = maxNorm / (exact ? length : length + 1e-6)
          if (!(scale < 1)) expectSameBits(name, grads[name], before[name])
          else
            expectClose(
              grads[name],
              Array.from(before[name], (x) => x * scale),
              dtype,
            )
        }
      }
    })

    test('the same bits as JavaScript', () => {
      for (const stream of ['scales', 'special'] as const) {
        const [mine, reference] = [1, 2].map(() => [
          values(stream, dtype, 9001, 3),
          values(stream, dtype, 67, 4),
        ])
        use(() => normalizeGrads(mine))
        normalizeGrads(reference, { backend: 'js' })
        use(() => clipGradNormPerTensor(mine, 0.7))
        clipGradNormPerTensor(reference, 0.7, { backend: 'js' })
        mine.forEach((array, k) => void expectSameBits(stream, array, reference[k]))
      }
    })

    test('what is not finite stays in its tensor; zeros stay zeros', () => {
      const Type = arrayType(dtype)
      for (const transform of [normalizeGrads, (g: FloatArray[]) => clipGradNormPerTensor(g, 1)]) {
        const grads = [
          Type.of(Number.NaN, 1),
          Type.of(-Infinity, 1),
          Type.of(3, 4),
          Type.of(0, -0),
          new Type(0),
        ]
        use(() => transform(grads))
        expect([...grads[0], ...grads[1]]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0])
        expectClose(grads[2], [0.6, 0.8], 'float32')
        expect([...grads[3]]).toEqual([0, -0])
      }
    })

    test('gradients whose squares overflow', () => {
      const grads = [Float64Array.of(3e200, -4e200), Float64Array.of(3, 4)]
      expect(use(() => normalizeGrads(grads))).toEqual({ 0: expect.closeTo(5e200, -190), 1: 5 })
      expectClose(grads[0], [0.6, -0.8], 'float64')
      expectClose(grads[1], [0.6, 0.8], 'float64')
    })
  })

  test('centralizeGrads', () => {
    const [grads, before] = [make(dtype, 3), make(dtype, 3)]
    centralizeGrads({ ...grads, none: null }, SHAPES)
    for (const name of NAMES) {
      const want = rows(before[name], SHAPES[name]).flatMap((row) => {
        const mean = SHAPES[name].length > 1 ? row.reduce((sum, x) => sum + x, 0) / row.length : 0
        return row.map((x) => x - mean)
      })
      expectClose(grads[name], want, dtype)
    }
    const once = copy(grads)
    centralizeGrads(grads, SHAPES)
    for (const name of NAMES) expectClose(grads[name], [...once[name]], dtype)
    const Type = arrayType(dtype)
    const g = Type.of(1, Number.NaN, 3, 5, 7, Infinity)
    centralizeGrads([g], [[3, 2]])
    expect([...g]).toEqual([Number.NaN, Number.NaN, -1, 1, -Infinity, Number.NaN])
  })

  test.each([{}, { clipping: 0.3, eps: 0.5 }, { clipping: 0 }])('clipGradAdaptive %o', (options) => {
    const { clipping = 0.01, eps = 1e-3 } = options as { clipping?: number; eps?: number }
    const params = make(dtype, 40)
    for (const small of [1, 0.01, 1e-9]) {
      const before = copy(make(dtype, 4), small)
      const grads = copy(before)
      let clipped = 0
      const want = NAMES.map((name) => {
        const weights = rows(params[name], SHAPES[name])
        return rows(before[name], SHAPES[name]).flatMap((row, r) => {
          const limit = clipping * Math.max(norm(weights[r]), eps)
          if (norm(row) < limit) return row
          if (row.length > 0) clipped++
          return row.map((x) => (x * limit) / Math.max(norm(row), 1e-6))
        })
      })
      expect(clipGradAdaptive(params, { ...grads, none: null }, SHAPES, options)).toBe(clipped)
      NAMES.forEach((name, k) => void expectClose(grads[name], want[k], dtype))
    }
  })

  test('clipGradAdaptive keeps what is not finite in its unit', () => {
    const Type = arrayType(dtype)
    const w = Type.of(1, 1, 1, 1, Number.NaN, 1, 0, 0)
    const g = Type.of(Number.NaN, 1, Infinity, 1, 1, 1, 1, 0)
    expect(clipGradAdaptive([w], [g], [[4, 2]], { eps: 0.5, clipping: 1 })).toBe(4)
    const nan = Number.NaN
    expect([...g]).toEqual([nan, nan, nan, 0, nan, nan, 0.5, 0])
    const huge = Float64Array.of(3e200, 4e200)
    clipGradAdaptive([Float64Array.of(0.6, 0.8)], [huge], [[2]], { clipping: 0.5 })
    expectClose(huge, [0.3, 0.4], 'float64')
  })
})

test('gradients in sub-arrays leave their surroundings', () => {
  const whole = Float32Array.from({ length: 12 }, (_, i) => i)
  const before = whole.slice()
  const part = whole.subarray(3, 9)
  centralizeGrads([part], [[2, 3]])
  normalizeGrads([part])
  clipGradAdaptive([new Float32Array(6)], [part], [[2, 3]])
  expect(bits(whole.slice(0, 3)) + bits(whole.slice(9))).toBe(
    bits(before.slice(0, 3)) + bits(before.slice(9)),
  )
  expect([...part]).not.toEqual([...before.subarray(3, 9)])
})
