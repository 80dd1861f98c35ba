// Steps that are skipped or pass tensors over: NaN, infinities, overflowing squares, null gradients.
import type { DType, FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, noise, RULES, ruleNamed, snapshot } from './untyped'

const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number

describe.each(backends)('$label', ({ use }) => {
  describe.each(RULES)('$name', ({ create, variants, couples }) => {
    const make = (dtype: DType) => {
      const opt = use(() => create([[37], [4101]], { ...variants[0], dtype }))
      const grads = (seed: number) => [noise(seed, 37, dtype), noise(seed + 1, 4101, dtype)]
      opt.params[0].fill(1)
      opt.params[1].fill(1)
      opt.step(grads(1))
      return { opt, grads }
    }

    test('a gradient that is not finite skips the step, wherever it is', () => {
      for (const dtype of ['float32', 'float64'] as const) {
        const { opt, grads } = make(dtype)
        for (const bad of [nan, infinity, minusInfinity]) {
          for (const [tensor, i] of [
            [0, 0],
            [0, 31],
            [0, 32],
            [0, 36],
            [1, 0],
            [1, 4095],
            [1, 4096],
            [1, 4100],
          ]) {
            const spoilt = grads(3)
            spoilt[tensor][i] = bad
            const before = snapshot(opt, ...spoilt)
            const info = opt.step(spoilt, { skipNonFinite: true, clipNorm: 1 })
            expect(info).toMatchObject({ step: 1, skipped: true })
            expect(snapshot(opt, ...spoilt)).toEqual(before)
            expect(opt.stepCount).toBe(1)
          }
        }
        expect(opt.step(grads(5), { skipNonFinite: true })).toMatchObject({ step: 2, skipped: false })
        expect(opt.params[1].every(Number.isFinite)).toBe(true)
      }
    })

    test('a skipped step leaves no trace in the steps after it', () => {
      const [skipping, plain] = [make('float32'), make('float32')]
      const spoilt = skipping.grads(9)
      spoilt[1][4100] = infinity
      skipping.opt.step(spoilt, { skipNonFinite: true })
      for (const { opt, grads } of [skipping, plain]) opt.step(grads(20), { clipNorm: 1 })
      expect(snapshot(skipping.opt)).toEqual(snapshot(plain.opt))
    })

    test.skipIf(couples)('null leaves a tensor and its state untouched', () => {
      const [full, half] = [make('float64'), make('float64')]
      const g = full.grads(7)
      full.opt.step(g)
      const before = half.opt.stateDict().state[0]
      const beforeParam = bits(half.opt.params[0])
      half.opt.step([null, g[1]], { zeroGrad: true })
      expect(bits(half.opt.params[0])).toBe(beforeParam)
      expect(half.opt.stateDict().state[0]).toEqual(before)
      expect(half.opt.stateDict().state[1]).toEqual(full.opt.stateDict().state[1])
      expect(bits(half.opt.params[1])).toBe(bits(full.opt.params[1]))
      expect(half.opt.stepCount).toBe(2)
    })
  })

  const plain = (...grads: FloatArray[]) => {
    const params = grads.map((g) => g.map(() => 0))
    return { params, opt: use(() => ruleNamed('SGD').create(params, { lr: 1 })) }
  }

  test('float64 gradients whose squares overflow are finite, and clipped', () => {
    const grads = [Float64Array.of(3e200, 0, -4e200), Float32Array.of(1e30, -1e30)]
    const { params, opt } = plain(...grads)
    const info = opt.step(grads, { clipNorm: 10, skipNonFinite: true })
    expect(info.skipped).toBe(false)
    expect((info.gradNorm as number) / 5e200).toBeCloseTo(1, 14)
    expect(params[0][0]).toBeCloseTo(-6, 13)
    expect(params[0][1]).toBeCloseTo(0, 13)
    expect(params[0][2]).toBeCloseTo(8, 13)
  })

  test('large float32 gradients are finite, and clipped', () => {
    const grads = [Float32Array.of(3e38, 0, -3e38)]
    const { params, opt } = plain(...grads)
    const { gradNorm, skipped } = opt.step(grads, { clipNorm: 1, skipNonFinite: true })
    expect(skipped).toBe(false)
    expect((gradNorm as number) / (Math.SQRT2 * grads[0][0])).toBeCloseTo(1, 14)
    expect(params[0][2]).toBeCloseTo(Math.SQRT1_2, 6)
  })

  test('finite gradients are not skipped even where their norm is not', () => {
    const grads = [new Float64Array(8).fill(1.5e308)]
    const { opt } = plain(...grads)
    expect(opt.step(grads, { skipNonFinite: true }).skipped).toBe(false)
  })

  test('gradients that become infinite by gradScale are skipped', () => {
    for (const grads of [[Float32Array.of(1, 1e38)], [Float64Array.of(1, 1e308)]]) {
      const { opt } = plain(...grads)
      expect(opt.step(grads, { skipNonFinite: true, gradScale: 1e3 }).skipped).toBe(true)
      expect(opt.step(grads, { skipNonFinite: true, gradScale: 1e3, clipValue: 1 }).skipped).toBe(false)
    }
  })

  test('the norm of infinite gradients is Infinity, of NaN gradients NaN', () => {
    for (const bad of [infinity, minusInfinity, nan]) {
      for (const grads of [
        [noise(1, 5, 'float32'), Float32Array.of(0, bad)],
        [noise(1, 5, 'float64'), Float64Array.of(0, bad)],
        [noise(1, 5, 'float32'), Float64Array.of(0, bad)],
      ]) {
        const { opt } = plain(...grads)
        const { gradNorm } = opt.step(grads, { skipNonFinite: true })
        expect(gradNorm).toBe(Number.isNaN(bad) ? nan : infinity)
      }
    }
  })

  test('zeroGrad also clears the gradients of a skipped step', () => {
    const grads = [Float32Array.of(1, nan)]
    plain(...grads).opt.step(grads, { skipNonFinite: true, zeroGrad: true })
    expect(grads[0]).toEqual(Float32Array.of(0, 0))
  })

  test('without skipNonFinite a NaN reaches its own element alone', () => {
    const grads = [noise(1, 37, 'float32'), noise(2, 5, 'float64')]
    grads[0][36] = nan
    const { params, opt } = plain(...grads)
    expect(opt.step(grads)).toEqual({ step: 1, skipped: false, gradNorm: null })
    expect(params[0].findIndex(Number.isNaN)).toBe(36)
    expect(params[0].subarray(0, 36)).toEqual(grads[0].subarray(0, 36).map((g) => -g))
    expect(params[1]).toEqual(grads[1].map((g) => -g))
  })

  test('clipValue keeps NaN and bounds infinities', () => {
    const grads = [Float32Array.of(nan, infinity, minusInfinity, 0.5)]
    const { params, opt } = plain(...grads)
    opt.step(grads, { clipValue: 2 })
    expect(params[0]).toEqual(Float32Array.of(nan, -2, 2, -0.5))
  })
})
