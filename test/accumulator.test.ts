// Gradient accumulation: the mean of micro-batches, nulls, partial means, skipped steps, on every backend.
import { AdamW, type FloatArray, GradientAccumulator } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { expectSameBits, values } from './bits'
import { bits, expectError, noise } from './untyped'

describe.each(backends)('GradientAccumulator, $label', ({ use }) => {
  test.each(['float32', 'float64'] as const)('the mean of k micro-batches, %s', (dtype) => {
    for (const k of [1, 2, 3, 8]) {
      const accumulator = use(() => new GradientAccumulator(k))
      for (let round = 0; round < 3; round++) {
        const lengths = [0, 1, 37, 5003]
        const batches = Array.from({ length: k }, (_, j) =>
          lengths.map((n, t) => values('normal', dtype, n, 7 * j + t + 100 * round)),
        )
        batches.forEach((batch, j) => {
          const weight = 1 + (j % 3)
          const mean = accumulator.add(batch, weight)
          if (j < k - 1) {
            expect([mean, accumulator.count]).toEqual([null, j + 1])
            return
          }
          expect(accumulator.count).toBe(0)
          const total = batches.reduce((sum, _, i) => sum + 1 + (i % 3), 0)
          lengths.forEach((n, t) => {
            const got = mean?.[t] as FloatArray
            expect(got.length).toBe(n)
            got.forEach((x, e) => {
              const want = batches.reduce((sum, b, i) => sum + (1 + (i % 3)) * b[t][e], 0) / total
              if (!(Math.abs(x - want) < (dtype === 'float64' ? 1e-14 : 1e-6)))
                expect([e, x]).toEqual([e, want])
            })
          })
        })
      }
    }
  })

  test('null adds nothing; a partial mean; NaN; reset', () => {
    const accumulator = use(() => new GradientAccumulator(3))
    const one = () => Float32Array.of(1, 2)
    expect(accumulator.flush()).toBe(null)
    accumulator.add({ a: one(), b: null, c: null })
    accumulator.add({ a: null, b: one(), c: null })
    const mean = accumulator.add({ a: Float32Array.of(2, 4), b: null, c: null })
    expect(mean).toEqual({ a: Float32Array.of(1, 2), b: Float32Array.of(1 / 3, 2 / 3), c: null })
    accumulator.add({ a: one(), b: null, c: null })
    expect(accumulator.flush()).toEqual({ a: one(), b: null, c: null })
    expect(accumulator.flush()).toBe(null)
    accumulator.add({ a: Float32Array.of(Number.NaN, Infinity), b: one(), c: one() })
    expect(accumulator.flush()).toEqual({ a: Float32Array.of(Number.NaN, Infinity), b: one(), c: one() })
    accumulator.add({ a: one(), b: one(), c: one() })
    accumulator.reset()
    expect([accumulator.count, accumulator.flush()]).toEqual([0, null])
    expect(() => accumulator.add(one() as never)).toThrow(
      'GradientAccumulator.add: grads must be arrays in a list or a record, got Float32Array(2)',
    )
    accumulator.add({ a: one(), b: one(), c: one() }, 7)
    expect(accumulator.flush()).toEqual({ a: one(), b: one(), c: one() })
  })

  test('drives an optimizer like one large batch, skipped steps included', () => {
    const [small, large] = [1, 2].map(() => use(() => new AdamW({ w: noise(1, 33, 'float32') }, { lr: 0.1 })))
    const accumulator = use(() => new GradientAccumulator(2))
    const batches = Array.from({ length: 8 }, (_, t) => noise(t, 33, 'float32'))
    batches[4][3] = Number.NaN
    batches.forEach((w, t) => {
      const mean = accumulator.add({ w })
      if (mean) small.step(mean, { skipNonFinite: true })
      if (t % 2 === 1) {
        const both = w.map((x, i) => Math.fround(Math.fround(batches[t - 1][i] + x) / 2)) as Float32Array
        large.step({ w: both }, { skipNonFinite: true })
      }
    })
    expect([small.stepCount, large.stepCount]).toEqual([3, 3])
    expect(bits(small.params.w)).toBe(bits(large.params.w))
  })

  test('a state saved between any two micro-batches goes on with the same bits, on any backend', () => {
    const lengths = { a: 37, b: 5003, never: 3 }
    const grads = (t: number) => ({
      a: noise(t, lengths.a, 'float32'),
      // Comes late, and not in every round.
      b: t % 3 === 1 && t < 9 ? noise(50 + t, lengths.b, 'float64') : null,
      never: null,
    })
    for (const list of [false, true]) {
      const next = (t: number) => (list ? Object.values(grads(t)) : grads(t))
      const whole = new GradientAccumulator(3, { backend: 'js' })
      const states = [whole.stateDict()]
      const means = Array.from({ length: 12 }, (_, t) => {
        const mean = structuredClone(whole.add(next(t), 1 + (t % 4)))
        states.push(structuredClone(whole.stateDict()))
        return mean
      })
      states.forEach((state, at) => {
        const resumed = use(() => new GradientAccumulator(3))
        resumed.add({ other: noise(1, 4, 'float32') })
        resumed.loadStateDict(state)
        expect(resumed.stateDict()).toEqual(state)
        expect(resumed.count).toBe(at % 3)
        for (let t = at; t < 12; t++) expect(resumed.add(next(t), 1 + (t % 4))).toEqual(means[t])
      })
    }
  })

  test('a state that does not fit changes nothing', () => {
    const accumulator = use(() => new GradientAccumulator(3))
    accumulator.add({ a: noise(1, 4, 'float32') }, 2)
    accumulator.add({ a: noise(2, 4, 'float32') }, 3)
    const saved = accumulator.stateDict()
    const who = 'GradientAccumulator.loadStateDict'
    const wrong: [unknown, typeof TypeError | typeof RangeError, string | RegExp][] = [
      [null, TypeError, `${who} must be a record as stateDict() returns, got null`],
      [{ ...saved, count: 3 }, RangeError, `${who}: count must be an integer in [0, 2], got 3`],
      [{ ...saved, weight: 0 }, RangeError, `${who}: weight must be in (0, Infinity), got 0`],
      [{ ...saved, form: 'set' }, RangeError, `${who}: form must be one of "list", "record", got "set"`],
      [{ ...saved, sums: [] }, TypeError, `${who}: sums must be a record as stateDict() returns, got []`],
      [
        { ...saved, sums: { a: 1 } },
        TypeError,
        `${who}: sum "a" must be a Float32Array or Float64Array, got 1`,
      ],
      [
        JSON.parse(JSON.stringify(saved)),
        TypeError,
        /: sum "a" must be .* got Object; JSON does not keep typed arrays: /,
      ],
    ]
    for (const [state, type, message] of wrong) {
      expectError(
        () => accumulator.loadStateDict(state as never),
        type,
        message,
        () => accumulator.stateDict(),
      )
    }
  })

  test('the same bits as JavaScript', () => {
    for (const stream of ['scales', 'special', 'dead'] as const) {
      const [mine, reference] = [
        use(() => new GradientAccumulator(3)),
        new GradientAccumulator(3, { backend: 'js' }),
      ]
      for (let t = 1; t <= 3; t++) {
        const grads = [values(stream, 'float32', 4103, t), values(stream, 'float64', 67, t)]
        const [a, b] = [mine.add(grads, t), reference.add(grads, t)]
        a?.forEach((array, k) => void expectSameBits(stream, array, (b as FloatArray[])[k]))
      }
    }
  })
})
