// Every lane operation gives, on every backend, the bits of its JavaScript meaning.
import { type CommonOptions, type FloatArray, Optimizer, type Rule } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { targets } from './backends'
import { arrayType, type DType, expectSameBits, generator } from './bits'

const SIGNIFICANT = [0, 1, 1.5, 2, 3, 1 / 3, 0.1, 1e-3, 7e5, Math.PI]
const EDGES = {
  float32: [
    2 ** -149,
    2 ** -126,
    2 ** -127,
    2 ** -100,
    2 ** -101,
    2 ** -58,
    2 ** -59,
    2 ** 63,
    3.4028234663852886e38,
  ],
  float64: [
    5e-324,
    2 ** -1022,
    2 ** -1023,
    2 ** -900,
    2 ** -901,
    2 ** -500,
    2 ** -501,
    2 ** 511,
    Number.MAX_VALUE,
  ],
}

function operands(dtype: DType): number[] {
  const positive = [...SIGNIFICANT, ...EDGES[dtype], Number.POSITIVE_INFINITY].map(
    (x) => arrayType(dtype).of(x)[0],
  )
  return [...positive, ...positive.map((x) => -x), Number.NaN]
}

/** The reduction contract, stated once more: 16 accumulators over blocks of 4096, folded by halves. */
function reduced(term: (i: number) => number, length: number): number {
  let total = 0
  for (let start = 0; start < length; start += 4096) {
    let s: number[] = new Array(16).fill(0)
    for (let i = start; i < Math.min(start + 4096, length); i++) s[i % 16] += term(i)
    while (s.length > 1) {
      const half = s.length / 2
      s = s.slice(0, half).map((x, k) => x + s[k + half])
    }
    total += s[0]
  }
  return total
}

/** The sums of x², x·y, |x| and, as of a gradient, x². */
function sums(x: FloatArray, y: FloatArray): number[] {
  const found: number[] = []
  const rule: Rule<CommonOptions> = {
    name: 'Probe',
    options: {
      lr: { default: 0, check: () => 0 },
      maximize: { default: false, check: () => false },
    },
    structural: [],
    state: () => [],
    passes: () => ['sumLanes', 'sumLanes'],
    coefficients: (pass, _options, { sums }) => {
      if (pass === 1) found.push(...sums.slice(0, 4))
    },
  }
  class Probe extends Optimizer<CommonOptions> {
    constructor() {
      super(rule, { x }, {})
    }
  }
  new Probe().step({ x: y })
  return found
}

/** Runs one kernel over x and y and returns its result arrays, six at most. */
function results(
  kernel: 'binaryLanes' | 'unaryLanes' | 'selectLanes' | 'moreLanes',
  x: FloatArray,
  y: FloatArray,
  threshold: number,
): FloatArray[] {
  const rule = {
    name: 'Probe',
    options: {
      lr: { default: threshold, check: () => threshold },
      maximize: { default: false, check: () => false },
    },
    structural: [],
    state: () => ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'],
    passes: () => [kernel],
    coefficients: (_pass, _options, _t, c, k) => {
      c[k] = threshold
    },
  } satisfies Rule<CommonOptions>
  class Probe extends Optimizer<CommonOptions> {
    constructor() {
      super(rule, { x }, {})
    }
  }
  const probe = new Probe()
  probe.step({ x: y })
  const { x: state } = probe.stateDict().state
  return rule.state().map((name) => state[name] as FloatArray)
}

/** h/4 + h/16, that times 17/16, that times 257/256: about h/3; plus a constant, all on the bits. */
function cubeRootGuess(dtype: DType, a: number): number {
  const value = arrayType(dtype).of(a)
  const words = new Uint32Array(value.buffer)
  const last = words.length - 1
  const part = (x: number, n: number) => Math.floor(x / n)
  const quarter = part(words[last], 4) + part(words[last], 16)
  const nearly = quarter + part(quarter, 16)
  const bias = dtype === 'float32' ? 709958130 : 715098500
  words[last] = nearly + part(nearly, 256) + bias
  if (last > 0) words[0] = 0
  return value[0]
}

const TINY = { float32: [2 ** -100, 2 ** -58], float64: [2 ** -900, 2 ** -500] }

const TINY_NORM = { float32: 2 ** -126, float64: 2 ** -500 }

describe.each(targets)('$label', ({ available, use }) => {
  test.skipIf(!available).each(['float32', 'float64'] as const)('sums, %s', (dtype) => {
    const random = generator(7)
    const span = dtype === 'float32' ? 250 : 1200
    const limits = [TINY_NORM[dtype], TINY[dtype][0]]
    const from = (limit: number) => (value: number) => (Math.abs(value) < limit ? 0 : value)
    const kept = from(limits[0])
    const keptGradient = from(Math.max(...limits))
    const Type = arrayType(dtype)
    const expectSums = (x: FloatArray, y: FloatArray) =>
      expect(use(() => sums(x, y))).toEqual([
        reduced((i) => kept(x[i]) ** 2, x.length),
        reduced((i) => kept(x[i]) * kept(y[i]), x.length),
        reduced((i) => Math.abs(kept(x[i])), x.length),
        reduced((i) => keptGradient(x[i]) ** 2, x.length),
      ])
    for (const length of [0, 1, 5, 16, 33, 4095, 4099, 9001]) {
      const [x, y] = [0, 1].map(() =>
        Type.from(Array.from({ length }, () => (random() - 0.5) * 2 ** ((random() - 0.7) * span))),
      )
      expectSums(x, y)
    }
    // Alone: next to larger ones, what is lost at a threshold is not seen.
    for (const factor of [1, 1 - 2 ** -24, -1, 1 / 4, 4]) {
      for (const limit of limits) expectSums(Type.of(factor * limit), Type.of(factor * limit))
    }
  })

  test.skipIf(!available).each(['float32', 'float64'] as const)('%s', (dtype) => {
    const all = operands(dtype)
    const Type = arrayType(dtype)
    const round = (values: number[]) => Type.from(values)
    const pairs = all.flatMap((a) => all.map((b) => [a, b]))
    const [x, y] = [0, 1].map((k) => round(pairs.map((pair) => pair[k])))

    const binary = use(() => results('binaryLanes', x.slice(), y, 0))
    const binaryMeaning = {
      add: (a: number, b: number) => a + b,
      sub: (a: number, b: number) => a - b,
      mul: (a: number, b: number) => a * b,
      div: (a: number, b: number) => a / b,
      max: (a: number, b: number) => (a < b ? b : a),
      min: (a: number, b: number) => (b < a ? b : a),
    }
    Object.entries(binaryMeaning).forEach(([name, f], k) => {
      expectSameBits(name, binary[k], round(pairs.map(([a, b]) => f(a, b))))
    })

    const threshold = 0.1
    const limit = round([threshold])[0]
    const [tiny, tinySquare] = TINY[dtype]
    const unary = use(() => results('unaryLanes', x.slice(), y, threshold))
    const unaryMeaning = {
      sqrt: Math.sqrt,
      abs: Math.abs,
      neg: (a: number) => -a,
      flush: (a: number) => (Math.abs(a) < tiny ? 0 : a),
      flushSquare: (a: number) => (Math.abs(a) < tinySquare ? 0 : a),
      flushPositive: (a: number) => (a < limit ? 0 : a),
    }
    Object.entries(unaryMeaning).forEach(([name, f], k) => {
      expectSameBits(name, unary[k], round(pairs.map(([a]) => f(a))))
    })

    const chosen = use(() => results('selectLanes', x.slice(), y, threshold))
    const chosenMeaning = {
      negated: (a: number, b: number) => (a < b ? -a : b),
      limited: (a: number) => (limit < a ? a : limit),
      positive: (a: number, b: number) => (a < 0 ? 0 : b),
    }
    Object.entries(chosenMeaning).forEach(([name, f], k) => {
      expectSameBits(`select, ${name}`, chosen[k], round(pairs.map(([a, b]) => f(a, b))))
    })

    const more = use(() => results('moreLanes', x.slice(), y, 0))
    const moreMeaning = {
      sign: (a: number) => Math.sign(a) + 0, // +0 for −0
      cubeRootGuess: (a: number) => cubeRootGuess(dtype, a),
    }
    Object.entries(moreMeaning).forEach(([name, f], k) => {
      expectSameBits(name, more[k], round(pairs.map(([a]) => f(a))))
    })
    expect(pairs.length).toBeGreaterThan(1600)
  })
})
