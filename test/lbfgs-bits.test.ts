// L-BFGS gives the same bits everywhere, resumes to the bit, and leaves no trace of a step that fails.
import { type FloatArray, LBFGS, memoryPlan, type StepOptions } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  arrayType,
  type DType,
  expectSameBits,
  expectSameState,
  offsetCopy,
  surroundingsIntact,
  values,
} from './bits'
import { closureOf, quadratic, rosenbrock } from './lbfgs-problems'
import { noise, snapshot, type Untyped } from './untyped'

const LENGTHS = [3, 0, 17, 1, 33]
const wolfe = { lineSearchFn: 'strongWolfe' } as const
const js = backends.find(({ label }) => label === 'js') as (typeof backends)[number]

const start = (dtype: DType) => LENGTHS.map((length, k) => noise(k, length, dtype))
const mixed = () => LENGTHS.map((length, k) => noise(k, length, k % 2 ? 'float32' : 'float64'))

const runs: [string, object, StepOptions?][] = [
  ['searching', { ...wolfe, historySize: 4 }],
  ['fixed length', { lr: 0.1, historySize: 3, maxIter: 7 }],
  [
    'maximizing clipped gradients',
    { lr: 0.01, maximize: true },
    { gradScale: 0.5, clipValue: 20, clipNorm: 30 },
  ],
]

describe.each(backends)('$label', ({ use, label }) => {
  test.each(runs)('%s', (_, options, stepOptions) => {
    for (const dtype of ['float32', 'float64', 'mixed'] as const) {
      const arrays = () => (dtype === 'mixed' ? mixed() : start(dtype))
      const reference = js.use(() => new LBFGS(arrays(), options))
      const own = arrays().map((array, k) => offsetCopy(array, k % 5))
      const caller = use(() => new LBFGS(own, options))
      const optimizers = [caller]
      if (dtype !== 'mixed') {
        const shapes = LENGTHS.map((length) => [length])
        const owned = use(() => new LBFGS(shapes, { ...options, dtype })) as unknown as typeof caller
        arrays().forEach((array, k) => void owned.params[k].set(array))
        optimizers.push(owned)
      }
      for (let t = 1; t <= 6; t++) {
        const info = reference.step(closureOf(rosenbrock, reference.params), stepOptions)
        for (const opt of optimizers) {
          const where = `${dtype}, step ${t}`
          expect(opt.step(closureOf(rosenbrock, opt.params), stepOptions)).toEqual(info)
          opt.params.forEach((array, k) => void expectSameBits(where, array, reference.params[k]))
          expectSameState(where, opt.stateDict(), reference.stateDict())
        }
      }
      expect(own.every(surroundingsIntact)).toBe(true)
      expect(reference.stateDict().state[0].pairs).toBeGreaterThan(1)
    }
  })

  test('tensors of several blocks, in float32, come down', () => {
    const w = values('normal', 'float32', 9001, 5)
    const b = values('normal', 'float64', 5, 6)
    const [opt, reference] = [use, js.use].map((make) =>
      make(() => new LBFGS([w.slice(), b.slice()], { ...wolfe, historySize: 5, maxIter: 4 })),
    )
    for (let t = 0; t < 3; t++) {
      for (const each of [opt, reference]) each.step(closureOf(quadratic, each.params))
    }
    opt.params.forEach((array, k) => void expectSameBits('parameter', array, reference.params[k]))
    expectSameState('state', opt.stateDict(), reference.stateDict())
    const g = Array.from({ length: 9006 }, () => 0)
    expect(quadratic([...opt.params[0], ...opt.params[1]], g)).toBeLessThan(0.1 * quadratic([...w, ...b], g))
  })

  test.each(backends.map((other) => [other.label, other] as const))('resumed on %s', (_, other) => {
    for (const [, options, stepOptions] of runs) {
      const whole = use(() => new LBFGS(mixed(), options))
      for (let t = 0; t < 3; t++) whole.step(closureOf(rosenbrock, whole.params), stepOptions)
      const params = whole.params.map((array) => array.slice() as FloatArray)
      // Into one that has a history of its own already.
      const resumed = other.use(() => new LBFGS(params, { ...options, lr: 3, maxIter: 2 }))
      resumed.step(closureOf(quadratic, params))
      params.forEach((array, k) => void array.set(whole.params[k]))
      resumed.loadStateDict(structuredClone(whole.stateDict()))
      expect(resumed.groups[0]).toEqual(whole.groups[0])
      for (let t = 0; t < 3; t++) {
        const info = whole.step(closureOf(rosenbrock, whole.params), stepOptions)
        expect(resumed.step(closureOf(rosenbrock, params), stepOptions)).toEqual(info)
      }
      expect(snapshot(resumed as unknown as Untyped)).toEqual(snapshot(whole as unknown as Untyped))
    }
  })

  test.each([
    ['searching', { ...wolfe, historySize: 3 }],
    ['searching, with room in the history', wolfe],
    ['fixed length', { lr: 1e-3, historySize: 2, maxIter: 6 }],
    ['at the first pairs', { lr: 1e-3, historySize: 1, maxIter: 3 }],
  ])('a step that fails midway leaves no trace: %s', (_, options) => {
    const boom = new SyntaxError('boom')
    for (const taken of [0, 1, 3]) {
      const [opt, twin] = [0, 1].map(() => use(() => new LBFGS(mixed(), options)))
      for (let t = 0; t < taken; t++) {
        for (const each of [opt, twin]) each.step(closureOf(rosenbrock, each.params))
      }
      const before = snapshot(opt as unknown as Untyped)
      for (let failing = 1; ; failing++) {
        let calls = 0
        const closure = closureOf(rosenbrock, opt.params)
        const spoilt = (how: () => void) => (grads: object) => {
          const loss = closure(grads)
          if (++calls === failing) how()
          return loss
        }
        const throwing = spoilt(() => {
          throw boom
        })
        const poisoning = spoilt(() => void opt.grads[4].fill(Number.NaN, 32))
        const mute = (grads: object) => (++calls === failing ? ('1' as never) : closure(grads))
        const clone = use(
          () =>
            new LBFGS(
              opt.params.map((array) => array.slice()),
              options,
            ),
        )
        clone.loadStateDict(opt.stateDict())
        if ((clone.step(closureOf(rosenbrock, clone.params)).evaluations ?? 0) < failing) break

        expect(() => opt.step(throwing)).toThrow(boom)
        expect(snapshot(opt as unknown as Untyped)).toEqual(before)
        calls = 0
        expect(() => opt.step(mute)).toThrow("LBFGS.step: the closure's result must be the loss")
        expect(snapshot(opt as unknown as Untyped)).toEqual(before)
        calls = 0
        const info = opt.step(poisoning, { skipNonFinite: true })
        expect(info).toMatchObject({ skipped: true, step: taken, evaluations: failing })
        expect(snapshot(opt as unknown as Untyped)).toEqual(before)
      }
      for (let t = 0; t < 2; t++) {
        const info = twin.step(closureOf(rosenbrock, twin.params))
        expect(opt.step(closureOf(rosenbrock, opt.params))).toEqual(info)
      }
      expect(snapshot(opt as unknown as Untyped)).toEqual(snapshot(twin as unknown as Untyped))
    }
  })

  test('a parameter whose memory is taken away midway: the others are put back', () => {
    const [a, b] = [Float64Array.of(1, 2), Float64Array.of(3)]
    const opt = use(() => new LBFGS({ a, b }, { lr: 0.1 }))
    let calls = 0
    const closure = ({ a: g }: { a: Float64Array }) => {
      g.fill(1)
      if (++calls === 2) structuredClone(b.buffer, { transfer: [b.buffer] })
      return calls
    }
    expect(() => opt.step(closure)).toThrow(
      'LBFGS.step: parameter "b" must keep its memory, got a detached array',
    )
    expect([...a, opt.stepCount, calls]).toEqual([1, 2, 0, 2])
  })

  test('memory is what the plan says, once the history is full', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const historySize of [1, 5]) {
        const options = { dtype, historySize, lr: 1e-3, toleranceChange: 0 }
        const shapes = { w: [33, 7], b: [5], none: [0] }
        const opt = use(() => new LBFGS(shapes, options))
        opt.params.w.set(noise(1, 231, dtype))
        const plan = memoryPlan(shapes, 'lbfgs', options)
        opt.step(closureOf(quadratic, Object.values(opt.params)))
        const arrays = Object.values(opt.stateDict().state).flatMap((slots) =>
          Object.values(slots).filter((value) => typeof value !== 'number'),
        ) as FloatArray[]
        expect(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(plan.state)
        expect(plan.statePerParam).toBe((2 + 2 * historySize) * arrayType(dtype).BYTES_PER_ELEMENT)
        const { byteLength } = opt.params.w.buffer
        expect(byteLength).toBe(label === 'js' ? plan.block : Math.ceil(plan.block / 65536) * 65536)
      }
    }
  })
})
