// PolyakSGD: the closure it needs, the norm over groups, and the step that ends a distance in one go.
import { PolyakSGD } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, expectError } from './untyped'

describe.each(backends)('$label', ({ use }) => {
  test('gradients without a loss are rejected', () => {
    const w = Float64Array.of(3)
    const opt = use(() => new PolyakSGD({ w }))
    const message = 'PolyakSGD.step: grads must be a closure, since the rule needs the loss, got '
    const state = () => bits(w)
    expectError(() => opt.step({ w: Float64Array.of(1) }), TypeError, `${message}Object`, state)
    expectError(() => opt.step(), TypeError, `${message}undefined`, state)
    expect(opt.stepCount).toBe(0)
  })

  test('the norm is taken over the tensors of all groups', () => {
    const w = Float64Array.of(3)
    const v = Float64Array.of(4)
    const opt = use(() => new PolyakSGD([{ params: { w } }, { params: { v }, lr: 0.5 }]))
    opt.step((grads) => {
      grads.w.set([3])
      grads.v.set([4])
      return 5
    })
    // 5 / (9 + 16)
    expect(w[0]).toBeCloseTo(3 - 0.2 * 3, 15)
    expect(v[0]).toBeCloseTo(4 - 0.5 * 0.2 * 4, 15)
  })

  test('a distance is ended in one step: f = ‖p‖', () => {
    const w = Float64Array.of(3, -4)
    const opt = use(() => new PolyakSGD({ w }, { maxLearningRate: 100 }))
    opt.step((grads) => {
      grads.w.set([3 / 5, -4 / 5])
      return 5
    })
    expect(Math.hypot(...w)).toBeLessThan(1e-15)
  })

  test('a vanishing gradient moves nothing, whatever the loss', () => {
    const w = Float64Array.of(1, 2)
    const opt = use(() => new PolyakSGD({ w }))
    opt.step((grads) => {
      grads.w.set([1e-9, 0])
      return 1
    })
    expect([...w]).toEqual([1, 2])
  })
})
