// What a step rejects as sparse gradients: wrong kinds, rows, lengths and memory, and rules that take none.
import type { FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  bits,
  detach,
  type ErrorClass,
  expectError,
  GRADIENT_RULES,
  hasResizable,
  noise,
  type Options,
  resizable,
  ruleNamed,
  snapshot,
} from './untyped'

type Good = { indices: number[]; values: FloatArray }
type Row = [title: string, gradient: (good: Good, params: FloatArray) => unknown, ErrorClass, message: string]

const kinds = 'indices must be an Int32Array, a Uint32Array or a list of integers, got'
const rowOf = (got: unknown, i = 0) =>
  `indices[${i}] must be one of the parameter's 5 rows, counted from 0, got ${got}`
const at = (index: unknown) => (good: Good) => ({ ...good, indices: [index, 1] })
const valuesAre = (values: (good: Good) => unknown) => (good: Good) => ({ ...good, values: values(good) })

const wrong: Row[] = [
  ['a row past the last', at(5), RangeError, rowOf(5)],
  ['a negative row', at(-1), RangeError, rowOf(-1)],
  [
    'a negative row of an Int32Array',
    (g) => ({ ...g, indices: Int32Array.of(4, -2) }),
    RangeError,
    rowOf(-2, 1),
  ],
  ['a fraction', at(0.5), RangeError, rowOf(0.5)],
  ['NaN', at(Number.NaN), RangeError, rowOf('NaN')],
  ['infinity', at(Number.POSITIVE_INFINITY), RangeError, rowOf('Infinity')],
  ['a huge row', at(2 ** 60), RangeError, rowOf(2 ** 60)],
  ['a text', at('1'), TypeError, rowOf('"1"')],
  ['a bigint', at(1n), TypeError, rowOf('1n')],
  ['null', at(null), TypeError, rowOf('null')],
  ['a hole', (g) => ({ ...g, indices: new Array(2) }), TypeError, rowOf('undefined')],
  ['a list of lists', at([0]), TypeError, rowOf('[0]')],
  ['no indices', (g) => ({ ...g, indices: undefined }), TypeError, `${kinds} undefined`],
  ['a row by itself', (g) => ({ ...g, indices: 1 }), TypeError, `${kinds} 1`],
  ['a set', (g) => ({ ...g, indices: new Set([1]) }), TypeError, `${kinds} Set`],
  ['float indices', (g) => ({ ...g, indices: Float64Array.of(0, 1) }), TypeError, `${kinds} Float64Array(2)`],
  ['other integers', (g) => ({ ...g, indices: Int16Array.of(0, 1) }), TypeError, `${kinds} Int16Array(2)`],
  [
    'detached indices',
    () => ({ indices: detach(Int32Array.of(0, 1) as never), values: new Float32Array(0) }),
    TypeError,
    'indices must not be detached (its buffer was transferred)',
  ],
  [
    'no values',
    valuesAre(() => undefined),
    TypeError,
    'values must be a Float32Array or Float64Array, got undefined',
  ],
  [
    'a list of values',
    valuesAre(() => [1, 2, 3]),
    TypeError,
    'values must be a Float32Array or Float64Array, got [1, 2, 3]',
  ],
  [
    'another element type',
    valuesAre(({ values }) => Float64Array.from(values)),
    TypeError,
    'values must be a float32 array as its parameter is, got Float64Array(6)',
  ],
  [
    'too few values',
    valuesAre(({ values }) => values.subarray(1)),
    RangeError,
    'values must have 6 elements (index count 2 × row size 3), got 5',
  ],
  [
    'too many values',
    (g) => ({ ...g, indices: [4] }),
    RangeError,
    'values must have 3 elements (index count 1 × row size 3), got 6',
  ],
  [
    'values without indices',
    (g) => ({ ...g, indices: [] }),
    RangeError,
    'values must have 0 elements (index count 0 × row size 3), got 6',
  ],
  [
    'detached values',
    valuesAre(() => detach(new Float32Array(6))),
    TypeError,
    'values must not be detached (its buffer was transferred)',
  ],
  [
    'values in the parameter',
    (g, params) => ({ ...g, values: params.subarray(2, 8) }),
    TypeError,
    'values must not share memory with a parameter, got one overlapping "w"',
  ],
]

const LAZY: [string, Options][] = [
  ['SparseAdam', {}],
  ['Adagrad', {}],
  ['SGD', {}],
]
const BUSY: [string, Options][] = [
  ['Adagrad', { weightDecay: 0.1 }],
  ['SGD', { weightDecay: 0.1 }],
  ['SGD', { momentum: 0.9 }],
  ...GRADIENT_RULES.flatMap(({ name }): [string, Options][] =>
    LAZY.some(([lazy]) => lazy === name) ? [] : [[name, {}]],
  ),
]

describe.each(backends)('$label', ({ use }) => {
  describe.each(LAZY)('%s', (name, options) => {
    const start = () => {
      const params = { w: { data: noise(1, 15, 'float32'), shape: [5, 3] }, b: noise(2, 4, 'float64') }
      const opt = use(() => ruleNamed(name).create(params, options))
      const good = { indices: [3, 1], values: noise(3, 6, 'float32') }
      const b = noise(4, 4, 'float64')
      opt.step({ w: good, b })
      return { opt, params, good, b, state: () => snapshot(opt, b) }
    }
    const where = `${name}.step: gradient "w": `

    test.each(wrong)('%s', (_, gradient, type, message) => {
      const { opt, params, good, b, state } = start()
      const before = bits(good.values)
      for (const options of [undefined, { zeroGrad: true, clipNorm: 1, skipNonFinite: true }])
        expectError(
          () => opt.step({ w: gradient(good, params.w.data), b }, options),
          type,
          where + message,
          state,
        )
      expect(bits(good.values)).toBe(before)
      opt.step({ w: good, b })
      expect(opt.stepCount).toBe(2)
    })

    test.runIf(hasResizable)('values whose memory may be resized', () => {
      const { opt, good, b, state } = start()
      const message = `${where}values must not be over a resizable buffer: its memory may go away under a kernel`
      expectError(() => opt.step({ w: { ...good, values: resizable(6) }, b }), TypeError, message, state)
    })

    test('a wrong dense gradient beside a right sparse one', () => {
      const { opt, good, state } = start()
      const message = `${name}.step: gradient "b" must have length 4 as its parameter has, got 3`
      expectError(() => opt.step({ w: good, b: noise(1, 3, 'float64') }), RangeError, message, state)
    })

    test('a getter that throws, and one that takes memory away', () => {
      const { opt, params, good, b, state } = start()
      const throws = {
        get indices(): never {
          throw new Error('mine')
        },
      }
      expectError(() => opt.step({ w: throws, b }), Error, 'mine', state)
      const thief = {
        values: good.values,
        get indices() {
          detach(b)
          return [3, 1]
        },
      }
      const before = bits(params.w.data)
      const message = `${name}.step: gradient "b" must not be detached (its buffer was transferred)`
      expectError(
        () => opt.step({ w: thief, b }),
        TypeError,
        message,
        () => opt.stepCount,
      )
      const robber = {
        values: good.values,
        get indices() {
          detach(params.b)
          return [3, 1]
        },
      }
      expectError(
        () => opt.step({ w: robber, b: null }),
        TypeError,
        `${name}.step: parameter "b" must keep its memory, got a detached array`,
        () => opt.stepCount,
      )
      expect(bits(params.w.data)).toBe(before)
    })

    test('a sparse gradient for everything', () => {
      const { opt, good, state } = start()
      const message = `${name}.step: grads: unknown parameter "indices"; known: w, b`
      expectError(() => opt.step(good), TypeError, message, state)
    })

    test('an object that is no gradient', () => {
      const { opt, good, b, state } = start()
      const message = `${name}.step: gradient "w" must be a Float32Array or Float64Array, got Object`
      expectError(() => opt.step({ w: { values: good.values }, b }), TypeError, message, state)
    })
  })

  test.each(BUSY)('%s %o moves every row', (name, options) => {
    const opt = use(() => ruleNamed(name).create({ w: noise(1, 6, 'float32') }, options))
    const message =
      `${name}.step: gradient "w" must be a float32 array of all rows, since the rule with its options ` +
      'moves every row (SparseAdam does not), got Object'
    const gradient = { indices: [1], values: Float32Array.of(1) }
    expectError(
      () => opt.step({ w: gradient }),
      TypeError,
      message,
      () => snapshot(opt),
    )
  })

  test('weight decay from now on', () => {
    const w = noise(1, 6, 'float32')
    const opt = use(() => ruleNamed('SGD').create({ w }))
    const gradient = { w: { indices: [1], values: Float32Array.of(1) } }
    opt.step(gradient)
    opt.groups[0].weightDecay = 0.1
    expectError(
      () => opt.step(gradient),
      TypeError,
      /moves every row/,
      () => snapshot(opt),
    )
    opt.groups[0].weightDecay = 0
    expect(opt.step(gradient).step).toBe(2)
  })
})
