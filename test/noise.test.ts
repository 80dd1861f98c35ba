// Gradient noise: its distribution, and that each number depends on seed, step, name and element alone.
import { addGradNoise } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { bits } from './untyped'

describe('addGradNoise', () => {
  const draw = (options: object, names = ['w'], length = 5) => {
    const grads = Object.fromEntries(names.map((name) => [name, new Float64Array(length)]))
    addGradNoise(grads, { seed: 1, step: 0, eta: 1, ...options } as never)
    return grads
  }

  test('is N(0, η/(1 + t)^γ)', () => {
    for (const [t, eta, gamma, sigma] of [
      [0, 0.01, 0.55, 0.1],
      [3, 1, 1, 0.5],
      [15, 4, 0.5, 1],
      [9, 0.3, 0, Math.sqrt(0.3)],
    ]) {
      const g = new Float64Array(20000).fill(3)
      expect(addGradNoise({ g }, { seed: 5, step: t, eta, gamma })).toBeCloseTo(sigma, 14)
      const z = Array.from(g, (x) => (x - 3) / sigma)
      const moment = (k: number) => z.reduce((sum, x) => sum + x ** k, 0) / z.length
      // Within five standard errors of 0, 1, 0 and 3.
      expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(20000))
      expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / 20000))
      expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / 20000))
      expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / 20000))
    }
    const defaults = new Float64Array(1)
    expect(addGradNoise([defaults], { seed: 1, step: 1 })).toBeCloseTo(Math.sqrt(0.01 / 2 ** 0.55), 14)
  })

  test('depends on seed, step, name and element alone', () => {
    const { a, b } = draw({}, ['a', 'b', 'c'])
    expect(draw({}, ['b', 'x', 'a'])).toMatchObject({ a, b })
    expect(draw({}, ['a'], 9).a.slice(0, 5)).toEqual(a)
    const all = [
      a,
      b,
      ...[{ seed: 2 }, { seed: 2 ** 32 + 1 }, { step: 1 }, { step: 2 ** 32 }].map((o) => draw(o, ['a']).a),
    ]
    expect(new Set(all.map(bits)).size).toBe(all.length)
    for (let i = 0; i < all.length; i++)
      for (let k = 0; k < i; k++)
        expect(all[i].filter((x, e) => x === all[k][e])).toEqual(new Float64Array(0))
    const listed = [new Float64Array(5)]
    addGradNoise(listed, { seed: 1, step: 0, eta: 1 })
    expect(listed[0]).toEqual(draw({}, ['0'])['0'])
  })

  test('streams of neighbouring steps and names are independent', () => {
    const steps = Array.from({ length: 400 }, (_, step) => draw({ step, gamma: 0 }, ['w'], 50).w)
    const names = Object.values(
      draw(
        {},
        Array.from({ length: 400 }, (_, i) => `layer${i}`),
        50,
      ),
    )
    for (const set of [steps, names]) {
      const first = set.map((array) => array[0])
      const mean = first.reduce((sum, x) => sum + x, 0) / 400
      expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(400))
      let product = 0
      for (let t = 1; t < 400; t++) product += set[t].reduce((sum, x, i) => sum + x * set[t - 1][i], 0)
      expect(Math.abs(product / (399 * 50))).toBeLessThan(5 / Math.sqrt(399 * 50))
    }
  })

  test('float32 is rounded once; no noise changes nothing, −0 included', () => {
    const [single, double] = [Float32Array.of(1, 2, 3), Float64Array.of(1, 2, 3)]
    for (const g of [single, double]) addGradNoise({ g }, { seed: 3, step: 2 })
    expect([...single]).toEqual([...Float32Array.from(double)])
    const zero = Float32Array.of(-0)
    expect(addGradNoise([zero], { seed: 3, step: 2, eta: 0 })).toBe(0)
    expect(Object.is(zero[0], -0)).toBe(true)
  })

  test('these very numbers, on every engine', () => {
    const { w } = draw({ seed: 42, step: 7 })
    expect([...w]).toMatchInlineSnapshot(`
      [
        -0.7606149292041374,
        -0.342641044501251,
        -0.024574387853198668,
        0.45829203245200234,
        0.6530835363636487,
      ]
    `)
  })
})
