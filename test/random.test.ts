// Seeded random numbers: the published generator bit for bit, and the distributions made from it.
import { createRandom } from 'cauchy'
import { describe, expect, it } from 'vitest'

const draw = (count: number, next: () => number) => Array.from({ length: count }, next)

describe('createRandom', () => {
  // Printed by a C program around PractRand's sfc32 step, with the same seeding.
  it.each([
    [0, [1363572419, 145230303, 808754475, 4216505632, 947923937, 2491578854]],
    [42, [1264412219, 1947509147, 3919439299, 1251167922, 656401615, 478193053]],
    [2 ** 53 - 1, [3268402823, 2602357022, 3266425223, 182731693, 1903088272, 1586958750]],
  ])('gives the bits of sfc32 for seed %d', (seed, wanted) => {
    expect(draw(6, createRandom(seed).uint32)).toEqual(wanted)
  })

  it('makes uniforms of the top 53 of 64 bits', () => {
    // floor(1264412219 / 2⁵) · 2²⁶ + floor(1947509147 / 2⁶), over 2⁵³
    expect(createRandom(42).uniform()).toBe((39512881 * 67108864 + 30429830) / 9007199254740992)
    const values = draw(10000, createRandom(1).uniform)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(mean(values)).toBeCloseTo(0.5, 2)
  })

  it('makes normals of mean 0, variance 1, skewness 0 and kurtosis 3', () => {
    const values = draw(100000, createRandom(7).normal)
    const moment = (k: number) => mean(values.map((value) => value ** k))
    expect(Math.abs(moment(1))).toBeLessThan(0.015)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02)
    expect(Math.abs(moment(3))).toBeLessThan(0.05)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15)
  })

  it('makes normals by the polar method, two from every accepted pair', () => {
    const [uniforms, normals] = [createRandom(3), createRandom(3)]
    for (let i = 0; i < 50; i++) {
      let [x, y, s] = [0, 0, 0]
      do {
        x = 2 * uniforms.uniform() - 1
        y = 2 * uniforms.uniform() - 1
        s = x * x + y * y
      } while (s >= 1)
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      expect(normals.normal()).toBeCloseTo(x * scale, 12)
      expect(normals.normal()).toBeCloseTo(y * scale, 12)
    }
  })

  it('makes integers that are equally frequent, also where 2³² is far from a multiple', () => {
    const random = createRandom(11)
    const counts = [0, 0, 0]
    // Modulo without rejection would give the lowest third twice the share of the others.
    const n = 3 * 2 ** 30
    for (let i = 0; i < 30000; i++) counts[Math.floor(random.integer(n) / 2 ** 30)]++
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400)
    expect(draw(20, () => createRandom(5).integer(1))).toEqual(Array(20).fill(0))
    expect(createRandom(42).integer(2 ** 32)).toBe(1264412219)
  })

  it('shuffles in place into every order equally often', () => {
    const random = createRandom(13)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const array = Uint32Array.of(0, 1, 2)
      expect(random.shuffle(array)).toBe(array)
      counts.set(array.join(), (counts.get(array.join()) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('is the same for the same seed and different for another', () => {
    const order = (seed: number) => createRandom(seed).shuffle(Uint32Array.from({ length: 50 }, (_, i) => i))
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect([...order(1)].sort((a, b) => a - b)).toEqual(draw(50, () => 0).map((_, i) => i))
  })

  it.each([
    [() => createRandom(-1), RangeError, 'createRandom: seed must be an integer ≥ 0, got -1'],
    [() => createRandom(0.5), RangeError, 'createRandom: seed must be an integer ≥ 0, got 0.5'],
    [() => createRandom(Number.NaN), RangeError, 'createRandom: seed must be an integer ≥ 0, got NaN'],
    [() => createRandom('1' as never), TypeError, 'createRandom: seed must be an integer ≥ 0, got "1"'],
    [() => createRandom(1).integer(0), RangeError, 'integer: n must be an integer in [1, 4294967296], got 0'],
    [() => createRandom(1).shuffle([1] as never), TypeError, 'shuffle: array must be a Uint32Array, got [1]'],
  ])('rejects wrong arguments (%#)', (call, kind, message) => {
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
