// Prodigy: its estimate grows on a quadratic as the paper's does, over tensors together, and is shared with late ones.
import { Prodigy } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { type Options, type Tensor, update } from './catalogue'
import { noise } from './untyped'

const variants: Options[] = [
  {},
  { useBiasCorrection: true, growthRate: 1.5 },
  { safeguardWarmup: true, lr: 0.5, dCoef: 2, weightDecay: 0.01 },
  { decouple: false, weightDecay: 0.01, beta3: 0.9, betas: [0.8, 0.99] },
]

describe.each(backends)('$label', ({ use }) => {
  test.each(variants)('the estimate on a quadratic, %j', (options) => {
    const start = [noise(1, 37, 'float64'), noise(2, 4099, 'float64')]
    const params = start.map((array) => array.slice())
    const opt = use(() => new Prodigy(params, options))
    const tensors: Tensor[] = start.map((array) => ({ p: [...array], state: {} }))
    for (let t = 1; t <= 60; t++) {
      opt.step(params.map((p) => p.map((x, i) => (x - 3) * (1 + (i % 5)))))
      const grads = tensors.map(({ p }) => p.map((x, i) => (x - 3) * (1 + (i % 5))))
      update('Prodigy', tensors, grads, t, { ...opt.groups[0] })
    }
    const { state } = opt.stateDict()
    for (const k of [0, 1]) {
      for (const name of ['d', 'dMax', 'dNumerator']) {
        const wanted = tensors[k].state[name][0]
        expect(Math.abs((state[k][name] as number) / wanted - 1)).toBeLessThan(1e-9)
      }
      params[k].forEach((x, i) => {
        expect(Math.abs(x - tensors[k].p[i])).toBeLessThan(1e-9)
      })
    }
    expect(state[0].d).toBeGreaterThan(1e-3)
  })

  test('a tensor that joins late takes the estimate, not its own start', () => {
    const [a, b] = [noise(1, 37, 'float64'), noise(2, 5, 'float64')]
    const opt = use(() => new Prodigy({ a, b }))
    for (let t = 0; t < 40; t++) opt.step({ a: a.map((x) => x - 3), b: null })
    expect(opt.stateDict().state.b.d).toBe(1e-6)
    opt.step({ a: a.map((x) => x - 3), b: b.map((x) => x - 3) })
    const { state } = opt.stateDict()
    expect(state.b.d).toBe(state.a.d)
    expect(state.b.d).toBeGreaterThan(1e-4)
  })

  test('an unlimited growth rate survives JSON', () => {
    const opt = use(() => new Prodigy({ w: [3] }, { growthRate: Number.POSITIVE_INFINITY }))
    expect(opt.groups[0].growthRate).toBeNull()
    opt.groups[0].growthRate = 2
    opt.groups[0].growthRate = null
    expect(JSON.parse(JSON.stringify(opt.groups[0]))).toMatchObject({ growthRate: null, beta3: null })
  })
})
