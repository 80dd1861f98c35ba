// Models of very many tensors: each the same as a piece of one large tensor, in time for their number, not its square.
import { AdamW, EMA, GradientAccumulator } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { noise } from './untyped'

const COUNT = 50_000
const SIZE = 3

/** A long array as many short ones over the same memory, by name. */
const pieces = (whole: Float32Array) =>
  Object.fromEntries(
    Array.from({ length: COUNT }, (_, k) => [`w${k}`, whole.subarray(k * SIZE, (k + 1) * SIZE)]),
  )
const numbers = (seed: number) => noise(seed, COUNT * SIZE, 'float32') as Float32Array

describe.each(backends)('$label', ({ use }) => {
  test('steps, saved states, frozen names, averages and accumulated gradients', () => {
    const [first, second] = [numbers(2), numbers(3)]
    const [many, one] = [numbers(1), numbers(1)]
    const make = (params: Record<string, Float32Array>) => use(() => new AdamW(params, { weightDecay: 0.1 }))
    const params = pieces(many)
    const opt = new EMA(make(params), { decay: 0.5 })
    const whole = new EMA(make({ w: one }), { decay: 0.5 })
    const accumulator = new GradientAccumulator(2)

    accumulator.add(pieces(first))
    opt.step(accumulator.add(pieces(second)) as Record<string, Float32Array>)
    whole.step({ w: first.map((g, i) => Math.fround(Math.fround(g + second[i]) / 2)) })
    expect(Buffer.from(many.buffer).equals(Buffer.from(one.buffer))).toBe(true)

    const again = pieces(many)
    const resumed = new EMA(make(again), { decay: 0.5 })
    resumed.loadStateDict(opt.stateDict())
    resumed.step(pieces(first))
    whole.step({ w: first })
    resumed.swap()
    whole.swap()
    expect(Buffer.from(many.buffer).equals(Buffer.from(one.buffer))).toBe(true)

    const names = Object.keys(params)
    expect(resumed.freeze(names)).toEqual(names)
    expect(resumed.unfreeze(names)).toHaveLength(COUNT)
  })
})
