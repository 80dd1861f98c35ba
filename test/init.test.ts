// Initialisers: moments and bounds against closed forms, orthogonality, fans, and the same bits for the same seed.
import { createRandom, init } from 'cauchy'
import { describe, expect, it } from 'vitest'

type Options = { shape: number[]; seed: number }
type Call = (array: Float64Array, options: Options) => Float64Array

const n = 160_000

function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length }
}

/** Five standard errors of the mean and of the variance, from the true variance and kurtosis. */
function expectMoments(values: Float64Array, mean: number, variance: number, kurtosis: number) {
  const got = moments(values)
  const meanError = 5 * Math.sqrt(variance / values.length)
  const varianceError = 5 * variance * Math.sqrt((kurtosis - 1) / values.length)
  expect(Math.abs(got.mean - mean), `mean ${got.mean} for ${mean}`).toBeLessThan(meanError)
  expect(Math.abs(got.variance - variance), `variance ${got.variance} for ${variance}`).toBeLessThan(
    varianceError,
  )
}

describe('distributions', () => {
  it('constant fills with one value', () => {
    const array = new Float32Array(5)
    expect(init.constant(array, { value: 0.1 })).toBe(array)
    expect([...array]).toEqual(Array(5).fill(Math.fround(0.1)))
  })

  it('uniform is low + (high − low) · u', () => {
    const random = createRandom(3)
    const array = init.uniform(new Float64Array(9), { seed: 3, low: -1, high: 3 })
    expect([...array]).toEqual(Array.from(array, () => 4 * random.uniform() - 1))
    const many = init.uniform(new Float64Array(n), { seed: 4, low: -1, high: 3 })
    expectMoments(many, 1, 16 / 12, 1.8)
    expect(Math.min(...many.subarray(0, 1e5))).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...many.subarray(0, 1e5))).toBeLessThan(3)
    expectMoments(init.uniform(new Float64Array(n), { seed: 5 }), 0.5, 1 / 12, 1.8)
    expect([...init.uniform(new Float64Array(3), { seed: 5, low: 2, high: 2 })]).toEqual([2, 2, 2])
  })

  it('normal is mean + std · N(0, 1)', () => {
    const random = createRandom(3)
    const array = init.normal(new Float64Array(9), { seed: 3, mean: 1, std: 4 })
    expect([...array]).toEqual(Array.from(array, () => 1 + 4 * random.normal()))
    expectMoments(init.normal(new Float64Array(n), { seed: 6, mean: -2, std: 3 }), -2, 9, 3)
    expectMoments(init.normal(new Float64Array(n), { seed: 7 }), 0, 1, 3)
    expect([...init.normal(new Float64Array(3), { seed: 5, mean: 2, std: 0 })]).toEqual([2, 2, 2])
  })

  // Mean, variance, kurtosis and quartiles of N(0, 1) within the bounds, by Simpson's rule and bisection in Python.
  it.each<
    [lower: number, upper: number, mean: number, variance: number, kurtosis: number, quartiles: number[]]
  >([
    [-2, 2, 0, 0.773741304, 2.366, [-0.639111911, 0, 0.639111911]],
    [-0.5, 0.25, -0.119250559, 0.0459825209, 1.821, [-0.302646241, -0.116515674, 0.0656308314]],
    [-0.125, 8, 0.720047596, 0.391525511, 3.737, [0.22162305, 0.598152436, 1.09191807]],
    [-9, 0, -0.797884561, 0.363380228, 3.869, [-1.15034938, -0.67448975, -0.318639364]],
    [0.5, 1, 0.734540459, 0.0205179953, 1.831, [0.609589249, 0.727054137, 0.85554112]],
    [1, 3, 1.51004951, 0.173452905, 3.615, [1.17834817, 1.40505423, 1.74289204]],
    [4, 10, 4.22560714, 0.0466728384, 7.364, [4.06756547, 4.16110428, 4.31673203]],
    [3, 3.125, 3.05852414, 0.00129193383, 1.825, [3.02707098, 3.05656045, 3.08897447]],
    [-6, -5, -5.18314709, 0.0294524308, 5.492, [-5.25904473, -5.13137176, -5.05496458]],
  ])('truncatedNormal within [%d, %d]', (lower, upper, mean, variance, kurtosis, quartiles) => {
    const plain = init.truncatedNormal(new Float64Array(n), { seed: 8, lower, upper })
    const moved = init.truncatedNormal(new Float64Array(n), {
      seed: 9,
      mean: 10,
      std: 4,
      lower: 10 + 4 * lower,
      upper: 10 + 4 * upper,
    })
    for (const values of [plain, moved.map((x) => (x - 10) / 4)]) {
      expectMoments(values, mean, variance, kurtosis)
      expect(values.every((x) => x >= lower && x <= upper)).toBe(true)
      quartiles.forEach((quartile, i) => {
        const share = (i + 1) / 4
        const below = values.reduce((count, x) => count + (x < quartile ? 1 : 0), 0) / n
        expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n))
      })
    }
  })

  it('truncatedNormal within ±2 by default, and soon done millions of standard deviations away', () => {
    const plain = init.truncatedNormal(new Float64Array(99), { seed: 1 })
    expect(plain).toEqual(
      init.truncatedNormal(new Float64Array(99), { seed: 1, mean: 0, std: 1, lower: -2, upper: 2 }),
    )
    const far = init.truncatedNormal(new Float64Array(1000), { seed: 1, std: 1e-7, lower: 1, upper: 2 })
    // The excess over the bound is exponential of mean std² / lower.
    expect(far.every((x) => x >= 1 && x < 1 + 1e-12)).toBe(true)
  })
})

describe('by fans', () => {
  // A convolution: 8 outputs, 6 inputs, a kernel of 5 × 5: fanIn 150, fanOut 200.
  const conv = [8, 6, 5, 5]
  const [fanIn, fanOut] = [150, 200]
  const rows: [name: string, shape: number[], options: object, call: Call, variance: number][] = [
    ['xavier', [200, 800], {}, init.xavierUniform, 2 / 1000],
    ['xavier', conv, {}, init.xavierUniform, 2 / (fanIn + fanOut)],
    ['xavier, gain', conv, { gain: 3 }, init.xavierUniform, 18 / (fanIn + fanOut)],
    ['xavier, tanh', conv, { nonlinearity: 'tanh' }, init.xavierUniform, ((25 / 9) * 2) / (fanIn + fanOut)],
    ['he', [200, 800], {}, init.heUniform, 2 / 800],
    ['he', conv, {}, init.heUniform, 2 / fanIn],
    ['he, fanOut', conv, { mode: 'fanOut' }, init.heUniform, 2 / fanOut],
    ['he, gain', conv, { gain: 0.5 }, init.heUniform, 0.25 / fanIn],
    ['he, linear', conv, { nonlinearity: 'linear' }, init.heUniform, 1 / fanIn],
    ['he, leakyRelu', conv, { nonlinearity: 'leakyRelu' }, init.heUniform, 2 / 1.0001 / fanIn],
    ['he, slope', conv, { nonlinearity: 'leakyRelu', negativeSlope: 2 }, init.heUniform, 0.4 / fanIn],
    ['lecun', [200, 800], {}, init.lecunUniform, 1 / 800],
    ['lecun', conv, {}, init.lecunUniform, 1 / fanIn],
  ]
  const normals = new Map<Call, Call>([
    [init.xavierUniform, init.xavierNormal],
    [init.heUniform, init.heNormal],
    [init.lecunUniform, init.lecunNormal],
  ])

  it.each(rows)('%s of shape %o %o', (_name, shape, more, call, variance) => {
    const length = shape.reduce((product, size) => product * size)
    const options = { shape, seed: 11, ...more }
    // Many arrays from one stream, to have enough elements.
    const random = createRandom(11)
    const collect = (next: Call) => {
      const all = new Float64Array(Math.ceil(n / length) * length)
      const { seed: _, ...rest } = options
      for (let at = 0; at < all.length; at += length) {
        next(all.subarray(at, at + length), { ...rest, random } as never)
      }
      return all
    }
    const uniforms = collect(call)
    expectMoments(uniforms, 0, variance, 1.8)
    const bound = Math.sqrt(3 * variance)
    const largest = uniforms.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-15))
    expect(largest).toBeGreaterThan(bound * (1 - 20 / n))
    const normal = normals.get(call) as Call
    expectMoments(collect(normal), 0, variance, 3)
    const [u, z] = [createRandom(11), createRandom(11)]
    const errors = [
      ...call(new Float64Array(length), options).map((x) => x - bound * (2 * u.uniform() - 1)),
      ...normal(new Float64Array(length), options).map((x) => x - Math.sqrt(variance) * z.normal()),
    ]
    expect(errors.filter((error) => Math.abs(error) > 1e-15)).toEqual([])
  })

  it('takes shapes without elements', () => {
    const empty = new Float32Array(0)
    for (const call of [init.heNormal, init.xavierUniform, init.lecunNormal, init.orthogonal]) {
      expect(call(empty, { shape: [0, 3], seed: 1 })).toBe(empty)
      expect(call(empty, { shape: [3, 0, 2], seed: 1 })).toBe(empty)
    }
  })

  it('has the gains of torch.nn.init.calculate_gain', () => {
    expect(init.calculateGain('linear')).toBe(1)
    expect(init.calculateGain('sigmoid')).toBe(1)
    expect(init.calculateGain('tanh')).toBe(5 / 3)
    expect(init.calculateGain('relu')).toBe(Math.sqrt(2))
    expect(init.calculateGain('leakyRelu')).toBe(Math.sqrt(2 / 1.0001))
    expect(init.calculateGain('leakyRelu', -1)).toBe(1)
    expect(init.calculateGain('selu')).toBe(0.75)
  })
})

describe('orthogonal', () => {
  it.each([
    [[30, 50], 1],
    [[50, 30], 1],
    [[64, 64], -2],
    [[8, 3, 3, 3], 3],
    [[40, 2, 3], 1],
    [[1, 7], 1],
    [[7, 1], 1],
    [[1, 1], 1],
  ])('of shape %o has orthonormal rows or columns times %d', (shape, gain) => {
    const rows = shape[0]
    const columns = shape.slice(1).reduce((product, size) => product * size, 1)
    const array = init.orthogonal(new Float64Array(rows * columns), { shape, seed: 5, gain })
    const at = (vector: number, i: number) =>
      rows <= columns ? array[vector * columns + i] : array[i * columns + vector]
    const [count, size] = [Math.min(rows, columns), Math.max(rows, columns)]
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0
        for (let i = 0; i < size; i++) product += at(a, i) * at(b, i)
        expect(Math.abs(product - (a === b ? gain * gain : 0))).toBeLessThan(1e-12)
      }
    }
  })

  it('is as orthogonal where the Gaussian matrix is all but singular', () => {
    const random = createRandom(23)
    let worst = 0
    for (let k = 0; k < 20_000; k++) {
      const [x, y, z, w] = init.orthogonal(new Float64Array(4), { shape: [2, 2], random })
      worst = Math.max(worst, Math.abs(x * z + y * w))
    }
    expect(worst).toBeLessThan(1e-13)
  })

  it('is the Q of the Gaussian matrix whose R has a positive diagonal', () => {
    const random = createRandom(2)
    const [x, y, z, w] = [0, 0, 0, 0].map(() => random.normal())
    const length = Math.sqrt(x * x + y * y)
    // In the plane the second row is the first one turned by a right angle, to the side where (z, w) lies.
    const side = Math.sign(x * w - y * z)
    const wanted = [x, y, -side * y, side * x].map((value) => value / length)
    const got = init.orthogonal(new Float64Array(4), { shape: [2, 2], seed: 2 })
    got.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-14)
    })
  })

  it('favours no direction and no sign', () => {
    // For a uniform orthogonal matrix of size 3 every element has mean 0, variance 1/3, fourth moment 1/5.
    const random = createRandom(17)
    const many = 4000
    const matrices = Array.from({ length: many }, () =>
      init.orthogonal(new Float64Array(9), { shape: [3, 3], random }),
    )
    for (let k = 0; k < 9; k++)
      expectMoments(
        Float64Array.from(matrices, (q) => q[k]),
        0,
        1 / 3,
        9 / 5,
      )
    const determinant = (q: Float64Array) =>
      q[0] * (q[4] * q[8] - q[5] * q[7]) -
      q[1] * (q[3] * q[8] - q[5] * q[6]) +
      q[2] * (q[3] * q[7] - q[4] * q[6])
    const positive = matrices.filter((q) => determinant(q) > 0).length
    expect(Math.abs(positive - many / 2)).toBeLessThan(5 * Math.sqrt(many / 4))
  })

  it('is rounded once to float32', () => {
    const options = { shape: [9, 4], seed: 1 }
    const double = init.orthogonal(new Float64Array(36), options)
    expect(init.orthogonal(new Float32Array(36), options)).toEqual(Float32Array.from(double))
  })
})

describe('bits', () => {
  const shape = [12, 5, 3]
  /** FNV-1a over the bytes. */
  function hash(array: Float64Array): string {
    let h = 0x811c9dc5
    for (const byte of new Uint8Array(array.buffer)) h = Math.imul(h ^ byte, 0x01000193)
    return (h >>> 0).toString(16).padStart(8, '0')
  }
  const calls: Record<string, [call: (array: Float64Array, seed: number) => Float64Array, wanted: string]> = {
    uniform: [(a, seed) => init.uniform(a, { seed, low: -1 }), 'd0cfd742'],
    normal: [(a, seed) => init.normal(a, { seed, mean: 1 }), '800cb292'],
    truncatedNormal: [(a, seed) => init.truncatedNormal(a, { seed }), 'df4261db'],
    'truncatedNormal in a tail': [
      (a, seed) => init.truncatedNormal(a, { seed, lower: 1.5, upper: 9 }),
      'cc3bf96e',
    ],
    'truncatedNormal, narrow': [
      (a, seed) => init.truncatedNormal(a, { seed, lower: -3, upper: -2.9 }),
      '8b539a99',
    ],
    xavierUniform: [(a, seed) => init.xavierUniform(a, { seed, shape }), 'd5b1b0d6'],
    xavierNormal: [(a, seed) => init.xavierNormal(a, { seed, shape, gain: 2 }), '5e05ae9a'],
    heUniform: [(a, seed) => init.heUniform(a, { seed, shape }), '59d23c56'],
    heNormal: [(a, seed) => init.heNormal(a, { seed, shape, mode: 'fanOut' }), 'a9b88830'],
    lecunUniform: [(a, seed) => init.lecunUniform(a, { seed, shape }), '6210b2b4'],
    lecunNormal: [(a, seed) => init.lecunNormal(a, { seed, shape }), 'a906794b'],
    orthogonal: [(a, seed) => init.orthogonal(a, { seed, shape }), '3f3ed489'],
  }

  it('are tried with every random initialiser', () => {
    const rest = ['constant', 'calculateGain']
    expect(Object.keys(init).filter((name) => !(name in calls))).toEqual(rest)
  })

  it.each(Object.entries(calls))(
    '%s: the same for a seed on every engine, others for another',
    (_name, row) => {
      const [call, wanted] = row
      const array = new Float64Array(180)
      expect(call(array, 42)).toBe(array)
      expect(hash(array)).toBe(wanted)
      expect(call(new Float64Array(180), 42)).toEqual(array)
      const other = call(new Float64Array(180), 43)
      expect(array.filter((x, i) => x === other[i])).toHaveLength(0)
      expect(new Set(array).size).toBe(180)
    },
  )

  it('go on along a shared stream', () => {
    const random = createRandom(42)
    const parts = [1, 2].map(() => init.heNormal(new Float32Array(20), { shape: [4, 5], random }))
    const whole = init.heNormal(new Float32Array(40), { shape: [8, 5], seed: 42 })
    expect([...parts[0], ...parts[1]]).toEqual([...whole])
  })

  it('of float32 are those of float64, rounded', () => {
    const double = init.xavierUniform(new Float64Array(180), { seed: 1, shape })
    expect(init.xavierUniform(new Float32Array(180), { seed: 1, shape })).toEqual(Float32Array.from(double))
  })
})

describe('errors', () => {
  const shape = [2, 3]
  const array = () => new Float32Array(6)
  it.each<[name: keyof typeof init, options: unknown, message: string]>([
    ['constant', undefined, 'init.constant: value must be a finite number, got undefined'],
    ['constant', { value: 1, seed: 1 }, 'init.constant: unknown option "seed"; known: value'],
    ['uniform', undefined, 'init.uniform: seed must be an integer ≥ 0, got undefined'],
    ['uniform', { seed: -1 }, 'init.uniform: seed must be an integer ≥ 0, got -1'],
    ['uniform', { seed: 1, random: createRandom(1) }, 'init.uniform: give seed or random, not both'],
    ['uniform', { random: Math.random }, 'init.uniform: random must be a stream from createRandom, got'],
    ['uniform', { random: null }, 'init.uniform: random must be a stream from createRandom, got null'],
    ['uniform', { seed: 1, low: 2 }, 'init.uniform: high must be at least low (2), got 1'],
    ['uniform', { seed: 1, high: Number.NaN }, 'init.uniform: high must be a finite number, got NaN'],
    ['normal', { seed: 1, std: -1 }, 'init.normal: std must be in [0, Infinity), got -1'],
    ['normal', { seed: 1, mean: '0' }, 'init.normal: mean must be a finite number, got "0"'],
    ['normal', { seed: 1, sigma: 1 }, 'init.normal: unknown option "sigma"'],
    ['truncatedNormal', { seed: 1, std: 0 }, 'init.truncatedNormal: std must be in (0, Infinity), got 0'],
    ['truncatedNormal', { seed: 1, lower: 2 }, 'init.truncatedNormal: upper must be above lower (2), got 2'],
    [
      'truncatedNormal',
      { seed: 1, mean: 9, std: 1e-8 },
      'init.truncatedNormal: mean must be within 1e8 std of [lower, upper], got 9',
    ],
    ['heNormal', { seed: 1 }, 'init.heNormal: shape must be a shape (an array of dimensions), got undefined'],
    ['heNormal', { seed: 1, shape: [6] }, 'init.heNormal: shape must be of two or more dimensions'],
    [
      'heNormal',
      { seed: 1, shape: [2, 2] },
      'init.heNormal: shape must be of as many elements as the array (6), got [2, 2]',
    ],
    [
      'heNormal',
      { seed: 1, shape: [2, 1.5] },
      'init.heNormal: shape: a dimension must be an integer ≥ 0, got 1.5',
    ],
    ['heNormal', { shape }, 'init.heNormal: seed must be an integer ≥ 0, got undefined'],
    [
      'heNormal',
      { seed: 1, shape, mode: 'fan_in' },
      'init.heNormal: mode must be one of "fanIn", "fanOut", got "fan_in"',
    ],
    ['heUniform', { seed: 1, shape, gain: -1 }, 'init.heUniform: gain must be in [0, Infinity), got -1'],
    [
      'heUniform',
      { seed: 1, shape, gain: 1, nonlinearity: 'relu' },
      'init.heUniform: give gain or nonlinearity, not both',
    ],
    [
      'heUniform',
      { seed: 1, shape, nonlinearity: 'gelu' },
      'init.heUniform: nonlinearity must be one of "linear", "sigmoid", "tanh", "relu", "leakyRelu", "selu", got "gelu"',
    ],
    [
      'heUniform',
      { seed: 1, shape, negativeSlope: 1 },
      "init.heUniform: negativeSlope needs nonlinearity 'leakyRelu'",
    ],
    [
      'heUniform',
      { seed: 1, shape, nonlinearity: 'relu', negativeSlope: 1 },
      "init.heUniform: negativeSlope needs nonlinearity 'leakyRelu'",
    ],
    ['xavierNormal', { seed: 1, shape, mode: 'fanIn' }, 'init.xavierNormal: unknown option "mode"'],
    ['lecunNormal', { seed: 1, shape, gain: 1 }, 'init.lecunNormal: unknown option "gain"'],
    ['orthogonal', { seed: 1, shape: [6] }, 'init.orthogonal: shape must be of two or more dimensions'],
    ['orthogonal', { seed: 1, shape, gain: null }, 'init.orthogonal: gain must be a finite number, got null'],
  ])('%s(array, %o) says "%s" and leaves the array', (name, options, message) => {
    const values = array()
    const call = init[name] as unknown as (array: Float32Array, options: unknown) => unknown
    expect(() => call(values, options)).toThrow(message)
    expect(values).toEqual(array())
  })

  it.each(Object.keys(init).filter((name) => name !== 'calculateGain'))('%s needs a float array', (name) => {
    const call = init[name as 'heNormal'] as unknown as (array: unknown, options: unknown) => unknown
    for (const wrong of [undefined, null, [1, 2], new Int32Array(6)]) {
      expect(() => call(wrong, {})).toThrow(`init.${name}: array must be a Float32Array or Float64Array, got`)
    }
  })

  it('calculateGain knows its functions', () => {
    expect(() => init.calculateGain('swish' as never)).toThrow(
      'init.calculateGain: nonlinearity must be one of',
    )
    expect(() => init.calculateGain('leakyRelu', Number.NaN)).toThrow(RangeError)
  })
})
