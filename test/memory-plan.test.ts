// The memory planner tells, for every optimizer and variant, the bytes that are then really allocated.

import type { FloatArray } from 'cauchy'
import { memoryPlan } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { asMatrices } from './catalogue'
import { expectError, RULES } from './untyped'

const bytesOf = (arrays: Iterable<unknown>) =>
  [...arrays].reduce((sum: number, array) => sum + (ArrayBuffer.isView(array) ? array.byteLength : 0), 0)

const SHAPES = { w: [33, 7], b: [5], none: [0] }

describe.each(backends)('$label', ({ use, backend }) => {
  test.each(RULES)('$name in low precision', ({ name, create, packed = [] }) => {
    for (const options of packed) {
      const shapes = { w: [65, 129], small: [4095], none: [0] }
      const plan = memoryPlan(shapes, name, options)
      const opt = use(() => create(shapes, options))
      expect(plan.state).toBe(
        bytesOf(Object.values(opt.stateDict().state).flatMap((slots) => Object.values(slots))),
      )
      const { byteLength } = (opt.params.w as FloatArray).buffer
      expect(byteLength).toBe(backend === 'js' ? plan.block : Math.ceil(plan.block / 65536) * 65536)
    }
  })

  test.each(RULES.filter(({ grows }) => !grows))('$name', ({ name, create, variants, matrix }) => {
    const shapes = (matrix ? asMatrices(SHAPES) : SHAPES) as typeof SHAPES
    for (const dtype of ['float32', 'float64'] as const) {
      for (const options of [{}, ...variants]) {
        const plan = memoryPlan(shapes, name.toLowerCase(), { ...options, dtype })
        const opt = use(() => create(shapes, { ...options, dtype }))
        const { state } = opt.stateDict()
        expect(plan.params).toBe(bytesOf(Object.values(opt.params)))
        expect(plan.grads).toBe(bytesOf(Object.values(opt.grads)))
        expect(plan.state).toBe(bytesOf(Object.values(state).flatMap((slots) => Object.values(slots))))
        expect(plan.total).toBe(plan.params + plan.grads + plan.state)
        expect(plan.count).toBe(236)
        expect(plan.statePerParam * 236).toBeCloseTo(plan.state, 9)
        const { byteLength } = (opt.params.w as FloatArray).buffer
        expect(byteLength).toBe(backend === 'js' ? plan.block : Math.ceil(plan.block / 65536) * 65536)
      }
    }
  })
})

test('your own arrays are counted, but not in the block', () => {
  const own = memoryPlan([new Float64Array(1000)], 'SGD')
  expect(own).toMatchObject({ count: 1000, params: 8000, grads: 8000, state: 0, total: 16000 })
  expect(own.block).toBe(memoryPlan([new Float64Array(1)], 'SGD').block)
})

test('more than any memory holds is only a number', () => {
  expect(memoryPlan([[2 ** 40]], 'adam').total).toBe(2 ** 44)
})

test('groups have their own state', () => {
  const groups = [{ params: { w: [10] }, amsgrad: true }, { params: { b: [10] } }]
  expect(memoryPlan(groups, 'AdamW').state).toBe(10 * 4 * 3 + 10 * 4 * 2)
})

test('low precision: 4 bytes of state a parameter for two moments, or hardly more than 2', () => {
  const plan = (stateDtype: string, length: number) => memoryPlan([[length]], 'AdamW', { stateDtype })
  for (const length of [4096, 4097, 10000, 2 ** 20]) {
    expect(plan('bf16', length).statePerParam).toBe(4)
    expect(plan('int8', length).statePerParam).toBeLessThan(2.04)
  }
  expect(plan('bf16', 1).statePerParam).toBe(4)
  expect(plan('int8', 4095).statePerParam).toBe(8)
})

test('bad input', () => {
  expectError(
    () => memoryPlan(SHAPES, 'adamv'),
    TypeError,
    /^memoryPlan: unknown optimizer "adamv"; did you mean "adamw?"\?$/,
  )
  expectError(
    () => memoryPlan(SHAPES, 3 as never),
    TypeError,
    "memoryPlan: optimizer must be a class's name, got 3",
  )
  expectError(() => memoryPlan({ w: [-1] }, 'adam'), RangeError, /dimension must be an integer ≥ 0, got -1/)
  expectError(
    () => memoryPlan(SHAPES, 'adam', { lrr: 1 }),
    TypeError,
    /^memoryPlan: unknown option "lrr"; did you mean "lr"\?$/,
  )
})
