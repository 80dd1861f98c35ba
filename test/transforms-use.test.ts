// Chains and decay groups; wrong arguments of every transformation change nothing.
import {
  addGradNoise,
  centralizeGrads,
  chain,
  clipGradAdaptive,
  clipGradNormPerTensor,
  type FloatArray,
  GradientAccumulator,
  normalizeGrads,
  SGD,
  splitByDecay,
} from 'cauchy'
import { expect, test } from 'vitest'
import { bits, detach, type ErrorClass, expectError, noise } from './untyped'

test('a chain applies its parts in order, in place', () => {
  const seen: string[] = []
  const all = chain(
    (g) => void seen.push(`first ${(g as FloatArray[])[0][0]}`),
    (g) => normalizeGrads(g),
    (g) => void seen.push(`then ${(g as FloatArray[])[0][0]}`),
  )
  const grads = [Float64Array.of(0, 8), null, Float64Array.of(4)]
  grads[0]?.reverse()
  expect(all(grads)).toBe(grads)
  expect(seen).toEqual(['first 8', 'then 1'])
  const nested = chain(all, all)
  nested(grads)
  expect(seen.length).toBe(6)
})

test('splitByDecay', () => {
  const params = {
    'a.w': [2, 2],
    'a.b': new Float32Array(2),
    norm: { data: new Float64Array(4), shape: [4] },
  }
  const names = (decays?: never) =>
    splitByDecay(params, decays).map(({ params, weightDecay }) => [Object.keys(params), weightDecay])
  expect(names()).toEqual([
    [['a.w'], undefined],
    [['a.b', 'norm'], 0],
  ])
  expect(names(/^a/ as never)).toEqual([
    [['a.w', 'a.b'], undefined],
    [['norm'], 0],
  ])
  expect(names((() => true) as never)).toEqual([[['a.w', 'a.b', 'norm'], undefined]])
  expect(names('norm' as never).length).toBe(2)
  const opt = new SGD(splitByDecay({ w: Float64Array.of(1), b: Float64Array.of(1) }, 'w'), {
    lr: 0.5,
    weightDecay: 1,
  })
  opt.step({ w: Float64Array.of(0), b: Float64Array.of(0) })
  expect([opt.params.w[0], opt.params.b[0]]).toEqual([0.5, 1])
})

test('wrong arguments change nothing', () => {
  const g = noise(1, 6, 'float32')
  const p = noise(2, 6, 'float32')
  const dead = detach(new Float32Array(2))
  const accumulator = new GradientAccumulator(5)
  accumulator.add({ g: new Float32Array(6) })
  const sum = new GradientAccumulator(1).add([new Float32Array(6)])
  const own = new GradientAccumulator(1)
  const returned = own.add([new Float32Array(6)])
  expect(sum).toEqual([new Float32Array(6)])
  const shapes = { g: [2, 3] }
  const any = (f: unknown) => f as (...args: unknown[]) => unknown
  const noiseOf = (options: unknown) => () => any(addGradNoise)([g], options)
  const agc =
    (...args: unknown[]) =>
    () =>
      any(clipGradAdaptive)(...args)
  const add = (grads: unknown, weight?: unknown) => () =>
    any(accumulator.add.bind(accumulator))(grads, weight)
  for (const [run, type, message] of [
    [
      () => any(normalizeGrads)(null),
      TypeError,
      'normalizeGrads: grads must be arrays in a list or a record, got null',
    ],
    [() => normalizeGrads([g, dead]), TypeError, /^normalizeGrads: gradient "1" must not be detached/],
    [() => normalizeGrads([g, g]), TypeError, /must not share memory/],
    [() => any(normalizeGrads)([g], { backend: 'x' }), RangeError, /^normalizeGrads: backend must be one of/],
    [() => any(normalizeGrads)([g], { back: 1 }), TypeError, /unknown option "back"/],
    [
      () => clipGradNormPerTensor([g], -1),
      RangeError,
      'clipGradNormPerTensor: maxNorm must be in [0, Infinity), got -1',
    ],
    [() => any(clipGradNormPerTensor)([g]), TypeError, /maxNorm must be a number/],
    [() => any(clipGradNormPerTensor)([g], 1, { exact: 1 }), TypeError, /exact must be a boolean, got 1/],
    [
      () => any(centralizeGrads)({ g }),
      TypeError,
      /^centralizeGrads: shapes must be shapes .*, got undefined/,
    ],
    [
      () => any(centralizeGrads)({ g }, {}),
      TypeError,
      'centralizeGrads: the shape of "g" must be a list of dimensions, got undefined',
    ],
    [
      () => any(centralizeGrads)({ g }, { g: [2.5, 2] }),
      TypeError,
      /must be a list of dimensions, got \[2.5, 2\]/,
    ],
    [
      () => centralizeGrads({ g }, { g: [2, 2] }),
      RangeError,
      'centralizeGrads: the shape of "g" must have 6 elements as the gradient has, got 4',
    ],
    [
      agc({ g: p }, { g }, shapes, { clipping: -1 }),
      RangeError,
      /clipping must be in \[0, Infinity\), got -1/,
    ],
    [agc({ g: p }, { g }, shapes, { eps: 0 }), RangeError, /eps must be in \(0, Infinity\), got 0/],
    [
      agc({}, { g }, shapes),
      TypeError,
      /^clipGradAdaptive: parameter "g" must be a Float32Array .*, got undefined/,
    ],
    [
      agc({ g: new Float64Array(6) }, { g }, shapes),
      TypeError,
      /must be a float32 array of length 6 as its gradient is/,
    ],
    [agc({ g }, { g }, shapes), TypeError, /must not share memory with its gradient/],
    [agc(null, { g }, shapes), TypeError, /params must be typed arrays, got null/],
    [noiseOf({ step: 0 }), TypeError, 'addGradNoise: seed must be an integer ≥ 0, got undefined'],
    [noiseOf({ seed: 1 }), TypeError, 'addGradNoise: step must be an integer ≥ 0, got undefined'],
    [noiseOf({ seed: 1, step: -1 }), RangeError, 'addGradNoise: step must be an integer ≥ 0, got -1'],
    [noiseOf({ seed: 1, step: 1, eta: -1 }), RangeError, /eta must be in \[0, Infinity\), got -1/],
    [noiseOf({ seed: 1, step: 1, gama: 1 }), TypeError, /unknown option "gama"; did you mean "gamma"\?/],
    [() => chain(), TypeError, /^chain must be given at least one transformation/],
    [() => any(chain)(normalizeGrads, 3), TypeError, 'chain: transformation 1 must be a function, got 3'],
    [() => any(splitByDecay)([g]), TypeError, /^splitByDecay: params must be a record/],
    [() => any(splitByDecay)({ g }, 'h'), TypeError, /^splitByDecay: unknown parameter "h"/],
    [() => any(splitByDecay)({ g: 'x' }), TypeError, /^splitByDecay: parameter "g" must be/],
    [
      () => new GradientAccumulator(0),
      RangeError,
      'GradientAccumulator: every must be an integer ≥ 1, got 0',
    ],
    [() => new GradientAccumulator(1, { backend: 'x' } as never), RangeError, /backend must be one of/],
    [add({ g }, 0), RangeError, 'GradientAccumulator.add: weight must be in (0, Infinity), got 0'],
    [add({ h: g }), TypeError, /^GradientAccumulator.add: unknown gradient "h"/],
    [add([g]), TypeError, /grads must be a record as before/],
    [add({}), TypeError, 'GradientAccumulator.add: gradient "g" is missing (null adds nothing)'],
    [add({ g: new Float64Array(6) }), TypeError, /gradient "g" must be a float32 array as before/],
    [
      add({ g: new Float32Array(5) }),
      RangeError,
      'GradientAccumulator.add: gradient "g" must have length 6 as before, got 5',
    ],
    [() => own.add(returned as FloatArray[]), TypeError, /must not be one of the mean/],
  ] as [() => unknown, ErrorClass, string | RegExp][])
    expectError(run, type, message, () => [bits(g), bits(p), accumulator.count])
})
