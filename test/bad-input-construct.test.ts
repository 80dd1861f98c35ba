// What constructors reject: parameters, shapes, memory and groups; the error says who, what was wanted, what came.

import { runInNewContext } from 'node:vm'
import { memoryPlan } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  bits,
  detach,
  type ErrorClass,
  expectError,
  GRADIENT_RULES,
  growable,
  hasGrowable,
  hasResizable,
  noise,
  RULES,
  resizable,
  ruleNamed,
} from './untyped'

const f32 = (length: number) => noise(1, length, 'float32')
const flat = f32(16)

const wrong: [title: string, params: () => unknown, type: ErrorClass, message: string | RegExp][] = [
  ...[undefined, null, 3, 'w', f32(3)].map((value): (typeof wrong)[number] => [
    `params ${value instanceof Float32Array ? 'a single array' : String(value)}`,
    () => value,
    TypeError,
    ` params must be a record of parameters or a list of them, got ${
      typeof value === 'string' ? '"w"' : value instanceof Float32Array ? 'Float32Array(3)' : value
    }`,
  ]),
  ['an empty record', () => ({}), RangeError, ' params must hold at least one parameter, got none'],
  ['an empty list', () => [], RangeError, ' params must hold at least one parameter, got none'],
  [
    'a shape for a list of parameters',
    () => [784, 128],
    TypeError,
    ' parameter "0" must be a Float32Array, a Float64Array, a shape or { data, shape }, got 784',
  ],
  [
    'null for a parameter',
    () => ({ v: f32(1), w: null }),
    TypeError,
    ' parameter "w" must be a Float32Array, a Float64Array, a shape or { data, shape }, got null',
  ],
  [
    'integers',
    () => ({ w: new Int32Array(2) }),
    TypeError,
    ' parameter "w" must be a Float32Array or Float64Array, got Int32Array(2)',
  ],
  [
    'a DataView',
    () => ({ w: new DataView(new ArrayBuffer(8)) }),
    TypeError,
    ' parameter "w" must be a Float32Array or Float64Array, got DataView',
  ],
  [
    'a negative dimension',
    () => ({ w: [2, -1] }),
    RangeError,
    /the shape: a dimension must be .*≥ 0, got -1$/,
  ],
  ['half a dimension', () => ({ w: [1.5] }), RangeError, /the shape: a dimension must be .*≥ 0, got 1\.5$/],
  ['a NaN dimension', () => ({ w: [Number.NaN] }), RangeError, /the shape: a dimension must be .*, got NaN$/],
  ['a text dimension', () => ({ w: ['2'] }), TypeError, /the shape: a dimension must be .*, got "2"$/],
  [
    'more elements than can be counted',
    () => ({ w: [2 ** 25, 2 ** 25] }),
    RangeError,
    ' parameter "w": the shape: the number of elements must be at most 2^48, got 1125899906842624',
  ],
  [
    'a shape that does not fit its data',
    () => ({ w: { data: f32(6), shape: [2, 4] } }),
    RangeError,
    ' parameter "w": shape [2,4] must have as many elements as data (6), got 8',
  ],
  [
    'data without a shape',
    () => ({ w: { data: f32(6) } }),
    TypeError,
    ' parameter "w": shape must be a shape (an array of dimensions), got undefined',
  ],
  [
    'numbers as data',
    () => ({ w: { data: [1], shape: [1] } }),
    TypeError,
    ' parameter "w": data must be a Float32Array or Float64Array, got [1]',
  ],
  [
    'a detached array',
    () => ({ w: detach(f32(4)) }),
    TypeError,
    ' parameter "w" must not be detached (its buffer was transferred)',
  ],
  [
    'the same array twice',
    () => ({ a: flat, b: flat }),
    TypeError,
    ' parameters must not share memory, got "a" and "b" overlapping',
  ],
  [
    'overlapping subarrays',
    () => ({ a: flat.subarray(0, 9), c: f32(2), b: { data: flat.subarray(8), shape: [2, 4] } }),
    TypeError,
    ' parameters must not share memory, got "a" and "b" overlapping',
  ],
  [
    'overlapping views of two element types',
    () => [flat, new Float64Array(flat.buffer as ArrayBuffer, 8, 1)],
    TypeError,
    ' parameters must not share memory, got "0" and "1" overlapping',
  ],
  [
    'one array in two groups',
    () => [{ params: { a: flat } }, { params: { b: flat } }],
    TypeError,
    ' parameters must not share memory, got "a" and "b" overlapping',
  ],
  [
    'a name in two groups',
    () => [{ params: { w: f32(1) } }, { params: { w: f32(1) } }],
    TypeError,
    ' group 1: parameter "w" is in another group already',
  ],
  [
    'a list among records',
    () => [{ params: { w: f32(1) } }, { params: [f32(1)] }],
    TypeError,
    ' group 1: params must be a record as in the groups before, got a list',
  ],
  [
    'an array among groups',
    () => [{ params: { w: f32(1) } }, f32(2)],
    TypeError,
    ' group 1 must be a group { params, …options } like the others, got Float32Array(2)',
  ],
  [
    'a group with one array as its params',
    () => [{ params: f32(2) }],
    TypeError,
    ' group 0: params must be a record of parameters or a list of them, got Float32Array(2)',
  ],
]

describe.each(backends)('$label', ({ backend, use }) => {
  describe.each(RULES)('$name', ({ name, create }) => {
    test.each(wrong)('%s', (_, params, type, message) => {
      const text =
        typeof message === 'string' ? `${name}:${message}` : new RegExp(`^${name}:.*${message.source}`)
      expectError(
        () => use(() => create(params())),
        type,
        text,
        () => bits(flat),
      )
    })

    test.runIf(hasResizable)('a resizable buffer', () => {
      expectError(
        () => use(() => create({ w: resizable(4) })),
        TypeError,
        `${name}: parameter "w" must not be over a resizable buffer: its memory may go away under a kernel`,
      )
    })

    test.runIf(hasGrowable)('a growable shared buffer', () => {
      expectError(
        () => use(() => create({ w: growable(4) })),
        TypeError,
        `${name}: parameter "w" must not be over a resizable buffer: its memory may go away under a kernel`,
      )
    })

    test('memory that cannot be had', () => {
      const error = expectError(
        () => use(() => create({ w: [2 ** 23, 2 ** 21], b: [2] })),
        RangeError,
        backend === 'wasm'
          ? new RegExp(`^${name}: the wasm backend holds at most 4 GiB, got \\d+ bytes$`)
          : new RegExp(`^${name}: cannot allocate \\d+ bytes for parameters, gradients and state$`),
      )
      if (backend !== 'wasm') expect(error.cause).toBeInstanceOf(RangeError)
    })

    if (backend === 'wasm') {
      test('a little more than 4 GiB', () => {
        expectError(
          () => use(() => create({ w: [2 ** 29] })),
          RangeError,
          new RegExp(`^${name}: the wasm backend holds at most 4 GiB, got \\d{10,} bytes$`),
        )
      })
    }
  })

  test('what looks wrong and is not', () => {
    const { create } = ruleNamed('SGD')
    const shared = new Float32Array(new SharedArrayBuffer(16)).fill(1)
    const other = new Float64Array(new SharedArrayBuffer(16)).fill(1)
    const split = noise(2, 8, 'float32')
    const params = [shared, other, split.subarray(0, 3), split.subarray(3), new Float32Array(0)]
    const opt = use(() => create(params, { lr: 1, momentum: 0.5 }))
    for (const _ of [1, 2]) opt.step(params.map((p) => p.map(() => 1)))
    expect([...shared, ...other]).toEqual([-1.5, -1.5, -1.5, -1.5, -1.5, -1.5])
    expect(split).toEqual(noise(2, 8, 'float32').map((x) => Math.fround(Math.fround(x - 1) - 1.5)))
  })

  test.each(GRADIENT_RULES)('nothing but empty tensors: $name', ({ create, variants }) => {
    const empty = new Float64Array(0)
    const opt = use(() => create([empty, [0], [3, 0, 2]], variants[0]))
    for (const options of [undefined, { clipNorm: 1, skipNonFinite: true }]) {
      opt.step([empty, new Float32Array(0), null], options)
    }
    const steps = Object.values(opt.stateDict().state).map(({ step }) => step)
    expect([opt.stepCount, ...steps]).toEqual([2, 2, 2, 0])
    expect(opt.step([empty, null, null], { clipNorm: 1 }).gradNorm).toBe(0)
  })

  test('arrays of another realm', () => {
    const w = runInNewContext('new Float32Array([1, 2, 3])') as Float32Array
    const g = runInNewContext('new Float32Array([1, 1, 1])') as Float32Array
    use(() => ruleNamed('SGD').create({ w }, { lr: 1 })).step({ w: g }, { clipValue: 0.5 })
    expect([...w]).toEqual([0.5, 1.5, 2.5])
  })

  test('dimensions whose product overflows before a zero', () => {
    const make = () => use(() => ruleNamed('SGD').create({ w: [1e200, 1e200, 0] }))
    expectError(make, RangeError, /^SGD: parameter "w": the shape: /)
  })

  test('an empty subarray shares no byte with the array around it', () => {
    const array = f32(8)
    expect(() => use(() => ruleNamed('SGD').create({ w: array, none: array.subarray(4, 4) }))).not.toThrow()
  })
})

test('a hole in a list of parameters or of groups is no parameter and no group', () => {
  const w = noise(1, 3, 'float32')
  const holed: unknown[] = [w, w]
  delete holed[0]
  const wanted = 'must be a Float32Array, a Float64Array, a shape or { data, shape }, got undefined'
  const { create } = ruleNamed('SGD')
  expectError(() => create(holed), TypeError, `SGD: parameter "0" ${wanted}`)
  expectError(
    () => create([{ params: [noise(2, 3, 'float32')] }, { params: holed }]),
    TypeError,
    `SGD: parameter "1" ${wanted}`,
  )
  const groups: unknown[] = [0, { params: { w } }]
  delete groups[0]
  expectError(
    () => create(groups),
    TypeError,
    'SGD: group 0 must be a group { params, …options } like the others, got undefined',
  )
  expectError(() => memoryPlan(holed as never, 'SGD'), TypeError, `memoryPlan: parameter "0" ${wanted}`)
})
