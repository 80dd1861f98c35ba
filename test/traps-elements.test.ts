// Every rule and variant, element by element at lengths around every vector width, against float64 formulas.
import type { FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { type Tensor, update } from './catalogue'
import { bits, noise, RULES } from './untyped'

// 4·lanes + 1 elements of the widest instruction set: four whole vectors, and every tail.
const LENGTHS = Array.from({ length: 66 }, (_, length) => length)
// RAdam changes its formula at the sixth at the earliest.
const STEPS = [1, 2, 3, 4, 5, 6, 7]

const cases = RULES.flatMap(({ name, create, variants }) =>
  variants.flatMap((options) =>
    (['float32', 'float64'] as const).map((dtype) => ({ name, create, options, dtype })),
  ),
)

/** What the formulas make of the same start and gradients; computed once for all backends. */
const expected = new Map(
  cases.map((row) => {
    const all = { ...row.create([[1]], row.options).groups[0] }
    const tensors = LENGTHS.map((length): Tensor => ({ p: [...noise(length, length, row.dtype)], state: {} }))
    for (const t of STEPS) {
      const grads = LENGTHS.map((length) => noise(1000 * t + length, length, row.dtype))
      update(row.name, tensors, grads, t, all)
    }
    return [row, tensors] as const
  }),
)

describe.each(backends)('$label', ({ use }) => {
  test.each(cases)('$name $dtype $options', (row) => {
    const { create, options, dtype } = row
    const params = LENGTHS.map((length) => noise(length, length, dtype))
    const opt = use(() => create(params, options))
    for (const t of STEPS) {
      const grads = LENGTHS.map((length) => noise(1000 * t + length, length, dtype))
      const before = grads.map(bits)
      opt.step(grads)
      expect(grads.map(bits)).toEqual(before)
    }
    const { state } = opt.stateDict()
    const [relative, absolute] = dtype === 'float32' ? [2e-5, 2e-6] : [1e-12, 1e-14]
    const compare = (what: string, value: FloatArray | number, want: readonly number[]) => {
      const got = typeof value === 'number' ? [value] : value
      expect(got.length).toBe(want.length)
      want.forEach((x, i) => {
        if (Math.abs(got[i] - x) <= absolute + relative * Math.abs(x)) return
        throw new Error(`${what}, element ${i} of ${want.length}: expected ${x}, got ${got[i]}`)
      })
    }
    expected.get(row)?.forEach((tensor, k) => {
      compare('parameter', params[k], tensor.p)
      const { step, ...slots } = state[k]
      expect(step).toBe(STEPS.length)
      const scalars = Object.entries(tensor.scalars ?? {})
      if (k > 0) {
        const names = [...scalars.map(([scalar]) => scalar), ...Object.keys(tensor.state)]
        expect(Object.keys(slots)).toEqual(names)
      }
      for (const [scalar, value] of scalars)
        compare(scalar, Float64Array.of(slots[scalar] as number), [value])
      for (const [slot, values] of Object.entries(tensor.state)) {
        compare(slot, slots[slot], values)
      }
    })
  })

  test.each(RULES)('unaligned subarrays: $name', ({ create, variants }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const run = (paramOffset: number, gradOffset: number) => {
        const [params, grads] = [noise(1, 120, dtype), noise(2, 120, dtype)]
        const p = params.subarray(paramOffset, paramOffset + 83)
        const g = grads.subarray(gradOffset, gradOffset + 83)
        p.set(noise(3, 83, dtype))
        const [outside, gradsBefore] = [params.slice(), bits(grads)]
        const opt = use(() => create([p], variants[0]))
        for (let t = 0; t < 3; t++) {
          g.set(noise(4 + t, 83, dtype))
          const before = bits(grads)
          opt.step([g], { clipValue: 0.9 })
          expect(bits(grads)).toBe(before)
        }
        g.set(noise(2, 120, dtype).subarray(gradOffset, gradOffset + 83))
        expect(bits(grads)).toBe(gradsBefore)
        const result = bits(p)
        p.set(outside.subarray(paramOffset, paramOffset + 83))
        expect(bits(params)).toBe(bits(outside))
        return result
      }
      const aligned = run(0, 0)
      for (let offset = 1; offset < 17; offset++) {
        expect(run(offset, 0)).toBe(aligned)
        expect(run(0, offset)).toBe(aligned)
        expect(run(offset, (5 * offset) % 17)).toBe(aligned)
      }
    }
  })
})
