// Low-precision state on every backend: codes, scales and rounding against an independent statement, its statistics, and
// that gradients which shrink are followed.
import { Adagrad, Adam, AdamW, RMSprop, SGD, type StateDtype } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { expectSameBits } from './bits'
import { bf16First, bf16Second, bf16Value, drawsOf, int8Of, int8Value, stateValues } from './low-precision'
import { noise } from './untyped'

const FORMATS = ['bf16', 'int8'] as const satisfies readonly StateDtype[]
const { fround } = Math

/** Five blocks and a tail: ties, zeros, the ends of the range, a block of zeros, one with a NaN, one with infinities. */
function specials(): Float32Array {
  const x = noise(1, 17 * 256 + 5, 'float32') as Float32Array
  for (let i = 0; i < 256; i++) {
    const block = (k: number, value: number) => {
      x[k * 256 + i] = value
    }
    block(1, 1 + (i - 128) * 2 ** -8) // ties between bfloat16s
    block(2, 0)
    block(3, x[i] * 2 ** -99) // some of it below 2⁻¹⁰⁰
    block(4, 2 ** -((i * 30) / 256) * (i % 2 === 0 ? 1 : -1))
    block(5, i === 77 ? Number.NaN : x[i])
    block(6, i === 3 ? Number.POSITIVE_INFINITY : x[i])
    block(7, i === 3 ? Number.NEGATIVE_INFINITY : -0)
    block(8, x[i] * 3e38)
    block(9, (i - 100) / 247) // 8-bit codes of no remainder
    block(10, i === 0 ? 1 : 2 ** -149 * i)
    block(11, 2 ** -101)
  }
  x.set([3.4028234663852886e38, -3.4028234663852886e38, 2 ** 127, 1 + 2 ** -9], 12 * 256)
  return x
}

const flushed = (x: number) => (Math.abs(x) < 2 ** -100 ? 0 : x)

describe.each(backends)('$label', ({ use }) => {
  /** The buffer of SGD with momentum after a step on g: g itself, packed. */
  const firstMoments = (g: Float32Array, stateDtype: StateDtype, seed = 0, steps = 1) => {
    const opt = use(() => new SGD({ w: [g.length] }, { momentum: 0.5, dampening: 0, stateDtype, seed }))
    for (let t = 0; t < steps; t++) opt.step({ w: t === steps - 1 ? g : new Float32Array(g.length) })
    return opt.stateDict().state.w
  }
  /** The average of RMSprop with alpha = 0: the squares of the last gradients, packed. */
  const secondMoments = (g: Float32Array, stateDtype: StateDtype, seed = 0, steps = 1, name = 'w') => {
    const opt = use(() => new RMSprop({ [name]: [g.length] }, { alpha: 0, stateDtype, seed }))
    for (let t = 0; t < steps; t++) opt.step({ [name]: t === steps - 1 ? g : new Float32Array(g.length) })
    return opt.stateDict().state[name]
  }

  test('bfloat16: first moments round to the nearest, ties to even', () => {
    const g = specials()
    const expected = Uint16Array.from(g, (x) => bf16First(flushed(x)))
    expectSameBits('codes', firstMoments(g, 'bf16').momentumBuffer as Uint16Array, expected)
  })

  test('bfloat16: second moments round up as chance has it', () => {
    const g = specials()
    for (const [seed, steps] of [
      [0, 1],
      [2 ** 40 + 7, 3],
    ]) {
      const draw = drawsOf('w', seed, steps)
      const expected = Uint16Array.from(g, (x, i) => bf16Second(squared(x), draw(i)))
      expectSameBits('codes', secondMoments(g, 'bf16', seed, steps).squareAvg as Uint16Array, expected)
    }
  })

  test('the rounding goes on beyond 2³² steps', () => {
    const step = 2 ** 33 + 3
    const g = specials()
    const opt = use(() => new RMSprop({ w: [g.length] }, { alpha: 0, stateDtype: 'bf16' }))
    const saved = opt.stateDict()
    saved.state.w.step = step
    opt.loadStateDict({ ...saved, step })
    opt.step({ w: g })
    const draw = drawsOf('w', 0, step + 1)
    const expected = Uint16Array.from(g, (x, i) => bf16Second(squared(x), draw(i)))
    expectSameBits('codes', opt.stateDict().state.w.squareAvg as Uint16Array, expected)
  })

  const squared = (x: number) => {
    const square = Math.abs(x) < 2 ** -58 ? 0 : fround(x * x)
    return flushed(square)
  }

  test('8 bits: first moments', () => {
    const g = specials()
    const draw = drawsOf('w', 5, 2)
    const { codes, scales } = int8Of(g.map(flushed), true, draw)
    const saved = firstMoments(g, 'int8', 5, 2)
    expectSameBits('scales', saved.momentumBufferScales as Float32Array, scales)
    expectSameBits('codes', saved.momentumBuffer as Uint8Array, codes)
    expect(scales).toHaveLength(18)
    expect([scales[2], scales[5], scales[6], scales[7]]).toEqual([0, Number.NaN, Number.NaN, Number.NaN])
  })

  test('8 bits: second moments, of which none but zero is a zero', () => {
    const g = specials()
    const v = g.map(squared)
    const { codes, scales } = int8Of(v, false, drawsOf('w', 0, 1))
    const saved = secondMoments(g, 'int8')
    expectSameBits('scales', saved.squareAvgScales as Float32Array, scales)
    expectSameBits('codes', saved.squareAvg as Uint8Array, codes)
    v.forEach((x, i) => void expect(codes[i] > 0).toBe(x !== 0))
  })

  test('every code means what it should, to the next step', () => {
    const lr = 1
    const n = 4096
    const codes = Uint8Array.from({ length: n }, (_, i) => i)
    const scales = Float32Array.from({ length: n / 256 }, (_, i) => 0.37 * 10 ** (2 * i - 16))
    scales[5] = Number.NaN
    const first = use(() => new SGD({ w: new Float32Array(n) }, { lr, momentum: 0.5, stateDtype: 'int8' }))
    const saved = first.stateDict()
    Object.assign(saved.state.w, { step: 1, momentumBuffer: codes, momentumBufferScales: scales })
    first.loadStateDict(saved)
    first.step({ w: new Float32Array(n) })
    const value = (i: number, signed: boolean) => int8Value(codes[i], scales[Math.floor(i / 256)], signed)
    first.params.w.forEach((p, i) => void expect(p).toBe(0 - fround(0.5 * value(i, true))))

    const second = use(
      () => new RMSprop({ w: new Float32Array(n) }, { lr, alpha: 0.5, eps: 0, stateDtype: 'int8' }),
    )
    const other = second.stateDict()
    Object.assign(other.state.w, { step: 1, squareAvg: codes, squareAvgScales: scales })
    second.loadStateDict(other)
    second.step({ w: new Float32Array(n).fill(1) })
    second.params.w.forEach((p, i) => {
      const v = fround(fround(0.5 * value(i, false)) + 0.5)
      expect(p).toBe(-fround(1 / fround(Math.sqrt(v))))
    })

    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const third = use(
      () => new SGD({ w: new Float32Array(65536) }, { lr, momentum: 0.5, stateDtype: 'bf16' }),
    )
    const last = third.stateDict()
    Object.assign(last.state.w, { step: 1, momentumBuffer: halves })
    third.loadStateDict(last)
    third.step({ w: new Float32Array(65536) })
    third.params.w.forEach((p, i) => void expect(p).toBe(0 - flushed(0.5 * bf16Value(i))))
  })

  test('a step moves parameters by the moments before they are packed', () => {
    for (const Class of [Adam as unknown as typeof AdamW, AdamW]) {
      const params = noise(3, 5000, 'float32')
      const grads = { w: noise(4, 5000, 'float32') }
      const [plain, ...packed] = (['float32', ...FORMATS] as const).map((stateDtype) => {
        const opt = use(() => new Class({ w: params.slice() }, { lr: 0.1, weightDecay: 0.1, stateDtype }))
        opt.step(grads, { clipNorm: 1, gradScale: 3 })
        return opt.params.w
      })
      for (const array of packed) expectSameBits('w', array, plain)
    }
  })

  test('an initial accumulator is the value given', () => {
    const start = (stateDtype: StateDtype) => {
      const { state } = use(
        () => new Adagrad({ w: [4099] }, { initialAccumulatorValue: 0.3, stateDtype }),
      ).stateDict()
      return stateValues(state.w, 'sum', false)
    }
    for (const v of start('int8')) expect(v).toBeCloseTo(0.3, 7)
    for (const v of start('bf16')) expect(v).toBe(bf16Value(bf16First(0.3)))
  })

  test('rounding is unbiased, and decided by seed, parameter, step and index', () => {
    const n = 65536
    // Between two codes: a third on the way; 1 sets the scale of each block.
    const g = new Float32Array(n).fill(Math.sqrt(1.00275))
    for (let i = 0; i < n; i += 256) g[i] = 8
    const ups = (...[format, seed, steps, name]: [(typeof FORMATS)[number], number, number, string]) => {
      const codes = secondMoments(g, format, seed, steps, name).squareAvg as Uint8Array
      const low = codes.reduce((a, b) => Math.min(a, b))
      return Array.from(codes, (code) => code - low).filter((_, i) => i % 256 !== 0)
    }
    for (const format of FORMATS) {
      const runs = [
        ups(format, 0, 1, 'w'),
        ups(format, 1, 1, 'w'),
        ups(format, 0, 2, 'w'),
        ups(format, 0, 1, 'v'),
      ]
      const count = runs[0].length
      const { chance, spread } = expectedUps(format, g[1])
      expect(runs.flat().every((up) => up === 0 || up === 1)).toBe(true)
      const sigma = spread * Math.sqrt(count)
      const centred = runs.map((run) => run.map((up) => up - chance))
      for (const run of centred) expect(Math.abs(total(run, () => 1))).toBeLessThan(5 * sigma)
      // No correlation between runs, nor between neighbours.
      const pairs = centred.flatMap((a, i) => centred.slice(i + 1).map((b) => total(a, (k) => b[k])))
      const lags = [1, 2, 3, 4, 8, 16, 32, 64, 255, 1024].map((lag) =>
        total(centred[0], (k) => centred[0][k + lag] ?? 0),
      )
      for (const sum of [...pairs, ...lags]) expect(Math.abs(sum)).toBeLessThan(5 * spread * sigma)
      expect(ups(format, 0, 1, 'w')).toEqual(runs[0])
    }
  })

  const total = (run: number[], weight: (k: number) => number) =>
    run.reduce((sum, x, k) => sum + x * weight(k), 0)

  function expectedUps(format: (typeof FORMATS)[number], g: number) {
    const v = fround(g * g)
    const scale = fround(64 / 63487)
    const y = 1 + v / scale
    const gap = format === 'bf16' ? 2 ** -7 : 2 ** (Math.floor(Math.log2(y)) - 4)
    const chance = ((format === 'bf16' ? v : y) / gap) % 1
    return { chance, spread: Math.sqrt(chance * (1 - chance)) }
  }
})

describe('in the long run', () => {
  const [{ use }] = backends
  test.each(FORMATS)('%s: the mean of v follows gradients that shrink', (stateDtype) => {
    const n = 8192
    const pool = Array.from({ length: 32 }, (_, k) => noise(k, n, 'float32'))
    const horizon = 1000
    const run = (format: StateDtype) => {
      const opt = use(() => new AdamW({ w: [n] }, { lr: 0, weightDecay: 0, stateDtype: format }))
      const means: number[] = []
      for (let t = 1; t <= 13 * horizon; t++) {
        const gradScale = t <= 3 * horizon ? 1 : 0.01
        opt.step({ w: pool[(t * 7) % 32] as Float32Array }, { gradScale })
        if ([3, 4, 5, 8, 13].includes(t / horizon)) {
          const v = stateValues(opt.stateDict().state.w, 'expAvgSq', false)
          means.push([...v].reduce((a, b) => a + b, 0) / n)
        }
      }
      return means
    }
    const expected = run('float32')
    run(stateDtype).forEach((mean, k) => {
      expect(mean / expected[k]).toBeGreaterThan(0.9)
      expect(mean / expected[k]).toBeLessThan(1.1)
    })
  })

  test.each(FORMATS)('%s: a parameter whose gradient has died stops moving', (stateDtype) => {
    const opt = use(() => new AdamW({ w: [4096] }, { lr: 0.01, weightDecay: 0, stateDtype }))
    for (let t = 0; t < 2000; t++) {
      const g = noise(t, 4096, 'float32') as Float32Array
      if (t >= 50) for (let i = 0; i < 4096; i += 2) g[i] = 0
      opt.step({ w: g })
    }
    const before = opt.params.w.slice()
    for (let t = 0; t < 500; t++) {
      const g = noise(t, 4096, 'float32') as Float32Array
      for (let i = 0; i < 4096; i += 2) g[i] = 0
      opt.step({ w: g })
    }
    for (let i = 0; i < 4096; i += 2) expect(opt.params.w[i]).toBe(before[i])
  })
})
