// clipGradNorm and clipGradValue: PyTorch's numbers, other norms, non-finite gradients and wrong arguments.
import { readFileSync } from 'node:fs'
import { type ClipGradNormOptions, clipGradNorm, clipGradValue, type FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, detach, type ErrorClass, expectError, noise, resizable } from './untyped'

interface Case {
  stream: string
  step: number
  dtype: 'float32' | 'float64'
  norm_type: number | 'inf'
  max_norm: number
  total_norm: number
  expected: number[][]
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'))
const { cases } = read('clip.json') as { cases: Case[] }
const { streams } = read('optimizers.json') as { streams: Record<string, { grads: number[][][] }> }
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

const close = (got: number, want: number, dtype: string) =>
  Math.abs(got - want) <= (dtype === 'float64' ? 1e-12 : 1e-6) * Math.abs(want)

test('no case is left out', () => {
  expect(cases.length).toBe(72)
})

describe.each(backends)('$label', ({ use }) => {
  const norm = (grads: unknown, max: unknown, options?: ClipGradNormOptions) =>
    use(() => clipGradNorm(grads as FloatArray[], max as number, options))
  const byValue = (grads: unknown, limit: unknown, options?: { backend?: 'js' }) =>
    use(() => clipGradValue(grads as FloatArray[], limit as number, options))

  test.each(cases)('$stream $dtype, norm $norm_type, at most $max_norm', (golden) => {
    const { stream, step, dtype, norm_type, max_norm, total_norm, expected } = golden
    const grads = streams[stream].grads[step - 1].map((g) =>
      dtype === 'float32' ? Float32Array.from(g) : Float64Array.from(g),
    )
    const got = norm(grads, max_norm, { normType: norm_type === 'inf' ? infinity : norm_type })
    expect(close(got, total_norm, dtype)).toBe(true)
    expect(grads.length).toBe(expected.length)
    expected.forEach((values, t) => {
      expect(grads[t].length).toBe(values.length)
      values.forEach((value, i) => {
        if (!close(grads[t][i], value, dtype)) expect([t, i, grads[t][i]]).toEqual([t, i, value])
      })
    })
  })

  test.each([
    [1, 19],
    [2, 13],
    [3, (27 + 64 + 1728) ** (1 / 3)],
    [infinity, 12],
  ])('the %s-norm', (normType, total) => {
    for (const grads of [
      { a: Float32Array.of(-3), b: Float32Array.of(4, 12) },
      [Float64Array.of(-3, 4), null, Float64Array.of(12)],
      Float64Array.of(-3, 4, 12),
    ]) {
      const arrays = ArrayBuffer.isView(grads) ? [grads] : Object.values(grads)
      const before = arrays.map((array) => array && bits(array))
      expect(norm(grads, infinity, { normType })).toBeCloseTo(total, 12)
      expect(norm(grads, 1000, { normType })).toBeCloseTo(total, 12)
      expect(arrays.map((array) => array && bits(array))).toEqual(before)
      expect(norm(grads, total / 2, { normType, exact: true })).toBeCloseTo(total, 12)
      const halved = arrays.flatMap((array) => [...(array ?? [])])
      expect(Math.hypot(halved[0] + 1.5, halved[1] - 2, halved[2] - 6)).toBeLessThan(1e-14)
    }
  })

  test('exact leaves out the 1e-6', () => {
    const [torch, exact] = [Float64Array.of(30, 40), Float64Array.of(30, 40)]
    expect(norm([torch], 5)).toBe(50)
    expect([...torch]).toEqual([30 * (5 / (50 + 1e-6)), 40 * (5 / (50 + 1e-6))])
    expect(norm([exact], 5, { exact: true })).toBe(50)
    expect([...exact]).toEqual([3, 4])
    expect(norm([exact], 5, { exact: true })).toBe(5)
    expect([...exact]).toEqual([3, 4])
  })

  test('gradients of zeros stay zeros', () => {
    for (const exact of [false, true]) {
      for (const max of [0, 1, infinity]) {
        for (const normType of [1, 2, 3, infinity]) {
          const g = new Float32Array(5)
          expect(norm([g], max, { exact, normType })).toBe(0)
          expect(g).toEqual(new Float32Array(5))
        }
      }
    }
    const g = noise(1, 5, 'float32')
    norm([g], 0)
    expect(g.every((x) => x === 0)).toBe(true)
  })

  test('gradients whose squares or cubes overflow are clipped', () => {
    for (const normType of [1, 2, 3, infinity]) {
      const g = Float64Array.of(1e200, 0, -1e200)
      const total = norm([g], 1, { normType, exact: true })
      expect(total / 1e200).toBeCloseTo(2 ** (1 / normType), 12)
      expect(g[0]).toBeCloseTo(2 ** (-1 / normType), 12)
      expect(g[2]).toBe(-g[0])
    }
  })

  test('what is not finite', () => {
    for (const normType of [1, 2, 3, infinity]) {
      for (const bad of [nan, infinity, -infinity]) {
        for (const make of [Float32Array, Float64Array]) {
          const g = make.of(1, -2, bad, 4, 5)
          const before = bits(g)
          const total = Math.abs(bad)
          const message = `clipGradNorm: the total norm must be finite, got ${total}`
          const fatal = () => norm({ g }, 1, { normType, errorIfNonfinite: true })
          expectError(fatal, RangeError, message, () => bits(g))
          expect(norm({ g }, infinity, { normType })).toBe(total)
          expect(bits(g)).toBe(before)
          expect(norm({ g }, 1, { normType })).toBe(total)
          // PyTorch: the factor is 1/∞ = 0, or NaN.
          const others = Number.isNaN(bad) ? [nan, nan, nan, nan, nan] : [0, -0, nan, 0, 0]
          expect([...g]).toEqual(others)
        }
      }
    }
  })

  test('clipGradValue', () => {
    for (const make of [Float32Array, Float64Array]) {
      const memory = Array.from({ length: 80 }, (_, i) => i - 40)
      const g = make.from([...memory, nan, infinity, -infinity])
      byValue({ g, none: null }, 7)
      const expected = memory.map((x) => Math.max(-7, Math.min(7, x)))
      expect([...g]).toEqual([...expected, nan, 7, -7])
      byValue(g, infinity)
      expect([...g]).toEqual([...expected, nan, 7, -7])
      byValue([g.subarray(1, 80)], 0)
      expect([...g.subarray(0, 3)].map(Math.abs)).toEqual([7, 0, 0])
    }
    expect(() => byValue([], 1)).not.toThrow()
    expect(norm([], 1)).toBe(0)
    expect(norm({ none: null, empty: new Float32Array(0) }, 1)).toBe(0)
  })

  test('every backend gives the same bits', () => {
    const grads = () => [noise(1, 9001, 'float32'), noise(2, 5, 'float64')]
    const [mine, reference] = [grads(), grads()]
    expect(norm(mine, 0.7)).toBe(norm(reference, 0.7, { backend: 'js' }))
    byValue(mine, 0.01)
    byValue(reference, 0.01, { backend: 'js' })
    expect(mine.map(bits)).toEqual(reference.map(bits))
  })

  test('wrong arguments change nothing', () => {
    const g = noise(1, 5, 'float32')
    const limit = (name: string, value: unknown, text: string): [() => unknown, ErrorClass, string] => [
      () => (name === 'maxNorm' ? norm([g], value) : byValue([g], value)),
      typeof value === 'number' ? RangeError : TypeError,
      `${name === 'maxNorm' ? 'clipGradNorm' : 'clipGradValue'}: ${name} must be ${text}`,
    ]
    const option = (value: object) => () => norm([g], 0.1, value as ClipGradNormOptions)
    for (const [run, type, message] of [
      ...['maxNorm', 'clipValue'].flatMap((name) => [
        limit(name, -1, 'in [0, Infinity), got -1'),
        limit(name, nan, 'in [0, Infinity), got NaN'),
        limit(name, '1', 'a number in [0, Infinity), got "1"'),
      ]),
      [option({ normType: 0 }), RangeError, 'clipGradNorm: normType must be in (0, Infinity), got 0'],
      [option({ normType: nan }), RangeError, 'clipGradNorm: normType must be in (0, Infinity), got NaN'],
      [
        option({ normtype: 1 }),
        TypeError,
        'clipGradNorm: unknown option "normtype"; did you mean "normType"?',
      ],
      [option({ exact: 1 }), TypeError, 'clipGradNorm: exact must be a boolean, got 1'],
      [() => norm(null, 1), TypeError, 'clipGradNorm: grads must be arrays in a list or a record, got null'],
      [() => norm([g, [1]], 1), TypeError, /^clipGradNorm: gradient "1" must be a Float32.*, got \[1\]$/],
      [() => norm([g, g.subarray(1)], 1), TypeError, /^clipGradNorm: gradients must not share memory/],
      [() => norm([g, detach(new Float32Array(2))], 1), TypeError, /"1" must not be detached/],
      [() => norm([g, resizable(2)], 1), TypeError, /"1" must not be over a resizable buffer/],
      [() => norm(new Map([['g', g]]), 0.1), TypeError, /^clipGradNorm: grads must be .*, got Map/],
    ] as [() => unknown, ErrorClass, string | RegExp][])
      expectError(run, type, message, () => bits(g))
  })
})

test('a hole in a list of gradients is no gradient', () => {
  const holed: Float32Array[] = [Float32Array.of(3), Float32Array.of(4)]
  delete holed[0]
  const message = 'gradient "0" must be a Float32Array or Float64Array, got undefined'
  expectError(() => clipGradNorm(holed, 1), TypeError, `clipGradNorm: ${message}`)
  expectError(() => clipGradValue(holed, 1), TypeError, `clipGradValue: ${message}`)
  expect(holed[1][0]).toBe(4)
})
