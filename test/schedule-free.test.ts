// Schedule-free rules: what evaluation mode shows, the way there and back, and what a saved state remembers of it.
import { AdamW, type FloatArray, ScheduleFreeSGD } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, expectError, noise, ruleNamed } from './untyped'

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

describe.each(backends)('$label', ({ use }) => {
  test('evaluation mode shows the mean of all z, weighted by their squared rates', () => {
    for (const warmupSteps of [0, 4]) {
      const w = noise(1, 67, 'float64')
      const start = [...w]
      const opt = use(() => new ScheduleFreeSGD({ w }, { lr: 0.5, momentum: 0.7, warmupSteps }))
      const zs: number[][] = []
      const rates: number[] = []
      const z = [...start]
      for (let t = 1; t <= 9; t++) {
        const g = noise(10 + t, 67, 'float64')
        rates.push(0.5 * Math.min(1, t / (warmupSteps || 1)))
        g.forEach((x, i) => {
          z[i] -= rates[t - 1] * x
        })
        zs.push([...z])
        opt.step({ w: g })
      }
      opt.eval()
      const weights = rates.map((_, k) => Math.max(...rates.slice(0, k + 1)) ** 2)
      w.forEach((x, i) => {
        const wanted = mean(zs.map((values, k) => weights[k] * values[i])) / mean(weights)
        expect(x).toBeCloseTo(wanted, 13)
      })
    }
  })

  test.each(['ScheduleFreeSGD', 'ScheduleFreeAdamW'])('there and back: %s', (name) => {
    const { create } = ruleNamed(name)
    for (const dtype of ['float32', 'float64'] as const) {
      const w = noise(1, 67, dtype)
      const frozen = noise(2, 5, dtype)
      const opt = use(() => create({ w, frozen }))
      for (let t = 0; t < 3; t++) opt.step({ w: noise(3 + t, 67, dtype), frozen: null })
      const [y, untouched] = [w.slice(), bits(frozen)]
      opt.train()
      expect(bits(w)).toBe(bits(y))
      opt.eval()
      expect(opt.mode).toBe('eval')
      const x = w.slice()
      expect(bits(x)).not.toBe(bits(y))
      opt.eval()
      expect(bits(w)).toBe(bits(x))
      expectError(
        () => opt.step({ w: noise(9, 67, dtype), frozen: null }),
        Error,
        `${name}.step must be called in training mode: call train() first`,
        () => [bits(w), opt.stepCount],
      )
      const other = use(() => create({ w: x.slice(), frozen: frozen.slice() }))
      other.loadStateDict(opt.stateDict())
      expect(other.mode).toBe('eval')
      opt.train()
      other.train()
      expect(bits(other.params.w)).toBe(bits(w))
      expect(bits(frozen)).toBe(untouched)
      const tolerance = dtype === 'float32' ? 1e-6 : 1e-14
      expect(Math.max(...w.map((value, i) => Math.abs(value - y[i])))).toBeLessThan(tolerance)
    }
  })

  test('values that owned parameters get after construction are where z starts', () => {
    const make = (params: { w: number[] | FloatArray }) => use(() => new ScheduleFreeSGD(params, { lr: 0.1 }))
    const [owned, given] = [make({ w: [5] }), make({ w: noise(1, 5, 'float32') })]
    owned.params.w.set(noise(1, 5, 'float32'))
    for (const opt of [owned, given]) opt.step({ w: noise(2, 5, 'float32') })
    expect(bits(owned.params.w)).toBe(bits(given.params.w))
    expect(owned.stateDict()).toEqual(given.stateDict())
  })

  test('other rules have the modes and stay where they are', () => {
    const w = noise(1, 5, 'float32')
    const opt = use(() => new AdamW({ w }))
    opt.step({ w: noise(2, 5, 'float32') })
    const before = bits(w)
    opt.eval()
    opt.step({ w: noise(2, 5, 'float32') })
    opt.train()
    expect(bits(w)).not.toBe(before)
    expect(opt.stateDict()).not.toHaveProperty('mode')
  })
})
