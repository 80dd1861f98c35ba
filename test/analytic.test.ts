// Closed forms: single steps, velocities of a constant gradient, and where descent on a quadratic stops converging.
import { SGD, type SGDOptions } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'

const beta = 0.9
const limits: [name: string, options: Partial<SGDOptions>, limit: number][] = [
  ['gradient descent', {}, 2],
  ['heavy ball', { momentum: beta }, 2 * (1 + beta)],
  ['the averaged form', { momentum: beta, momentumForm: 'ema' }, (2 * (1 + beta)) / (1 - beta)],
  ['Nesterov', { momentum: beta, nesterov: true }, (2 * (1 + beta)) / (1 + 2 * beta)],
]

test('the limits as numbers', () => {
  expect(limits.map(([, , limit]) => limit.toFixed(3))).toEqual(['2.000', '3.800', '38.000', '1.357'])
})

describe.each(backends)('$label', ({ use }) => {
  test('SGD: w = 5, g = 2, α = 0.1 → 4.8', () => {
    const [w, v] = [Float64Array.of(5), Float32Array.of(5)]
    const opt = use(() => new SGD({ w, v }, { lr: 0.1 }))
    opt.step({ w: Float64Array.of(2), v: Float32Array.of(2) })
    expect(w[0]).toBe(4.8)
    expect(v[0]).toBe(Math.fround(4.8))
  })

  test.each([
    ['heavy', 1 / (1 - beta)],
    ['ema', 1],
  ] as const)('the velocity of a constant gradient: %s → %d', (momentumForm, limit) => {
    const w = Float64Array.of(0)
    const opt = use(() => new SGD({ w }, { lr: 0.5, momentum: beta, momentumForm }))
    let power = 1
    for (let t = 1; t <= 400; t++) {
      const before = w[0]
      opt.step({ w: Float64Array.of(1) })
      power *= beta
      const velocity = limit * (1 - power)
      const { momentumBuffer } = opt.stateDict().state.w
      expect((momentumBuffer as Float64Array)[0]).toBeCloseTo(velocity, 12)
      expect(before - w[0]).toBeCloseTo(velocity / 2, 11)
    }
    expect((opt.stateDict().state.w.momentumBuffer as Float64Array)[0]).toBeCloseTo(limit, 12)
  })

  // w ← w − lr·v on f(w) = λw²/2; whether |w| shrinks or grows without bound is decided by lr·λ alone.
  describe.each(limits)('%s is stable below lr·λ = %o', (_, options, limit) => {
    test.each([0.5, 1, 7])('curvature %d', (curvature) => {
      const run = (part: number) => {
        const w = Float64Array.of(1)
        const opt = use(() => new SGD({ w }, { ...options, lr: (part * limit) / curvature }))
        const g = Float64Array.of(0)
        for (let t = 0; t < 16_000 && Math.abs(w[0]) < 1e12; t++) {
          g[0] = curvature * w[0]
          opt.step({ w: g })
        }
        return Math.abs(w[0])
      }
      expect(run(0.999)).toBeLessThan(1e-12)
      expect(run(1.001)).toBeGreaterThan(1e12)
    })
  })

  test('at the limit itself descent neither converges nor diverges', () => {
    const w = Float64Array.of(1)
    const opt = use(() => new SGD({ w }, { lr: 0.5 }))
    for (let t = 0; t < 101; t++) opt.step({ w: Float64Array.of(4 * w[0]) })
    expect(w[0]).toBe(-1)
  })

  test('the rate that ends a quadratic in one step', () => {
    const w = Float64Array.of(3, -8)
    const opt = use(() => new SGD({ w }, { lr: 0.25 }))
    opt.step({ w: Float64Array.of(4 * w[0], 4 * w[1]) })
    expect([...w]).toEqual([0, 0])
  })
})
