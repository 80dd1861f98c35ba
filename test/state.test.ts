// Properties of the state: portable between backends mid-run, independent of groups, order and frozen tensors.
import { type DType, type FloatArray, NovoGrad } from 'cauchy'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  bits,
  GRADIENT_RULES,
  noise,
  type Options,
  RULES,
  type RuleUnderTest,
  snapshot,
  UNCOUPLED_RULES,
  type Untyped,
} from './untyped'

interface TensorSpec {
  name: string
  length: number
  dtype: DType
}

type Named = Record<string, FloatArray | null>

const LENGTHS = [0, 1, 2, 3, 7, 16, 33, 65, 4096, 4099, 2 * 4096 + 5 + 8]

const tensors = (minLength = 1) =>
  fc
    .array(
      fc.record({
        length: fc.constantFrom(...LENGTHS),
        dtype: fc.constantFrom<DType>('float32', 'float64'),
      }),
      { minLength, maxLength: 4 },
    )
    .map((specs) => specs.map((spec, k): TensorSpec => ({ ...spec, name: `t${k}` })))

/** A rule, one of its variants, and rates of its own. */
const setupOf = (rules: readonly RuleUnderTest[]) =>
  fc.constantFrom(...rules).chain((rule) =>
    fc.record({
      rule: fc.constant(rule),
      options: fc
        .record({
          variant: fc.constantFrom(...rule.variants, ...(rule.packed ?? [])),
          lr: fc.double({ min: 1e-5, max: 0.5, noNaN: true }),
          weightDecay: fc.constantFrom(0, 0.01, 0.3),
          maximize: fc.boolean(),
        })
        .map(
          ({ variant, weightDecay, ...own }): Options => ({
            ...variant,
            ...own,
            ...(rule.has('weightDecay') && { weightDecay }),
          }),
        ),
    }),
  )
const setup = setupOf(RULES)
const alone = setupOf(UNCOUPLED_RULES)
const nullable = setupOf(GRADIENT_RULES)

const stepOptions = fc.record(
  {
    gradScale: fc.constantFrom(1, 0.5, -2),
    clipValue: fc.constantFrom(0.3, 2),
    clipNorm: fc.constantFrom(0.1, 100),
    skipNonFinite: fc.boolean(),
  },
  { requiredKeys: [] },
)
const uncoupled = stepOptions.map(({ clipNorm: _, ...rest }) => rest)

const seed = fc.integer({ min: 0, max: 1e6 })
const backend = fc.constantFrom(...backends)
const steps = fc.integer({ min: 0, max: 3 })

const hash = (text: string) => [...text].reduce((h, c) => h * 31 + c.charCodeAt(0), 7)
const paramsOf = (specs: readonly TensorSpec[], s: number) =>
  Object.fromEntries(specs.map(({ name, length, dtype }) => [name, noise(s + hash(name), length, dtype)]))
/** The gradients of step t, by name alone; about a quarter of them null. */
const gradsOf = (specs: readonly TensorSpec[], s: number, t: number, nulls = true): Named =>
  Object.fromEntries(
    specs.map(({ name, length, dtype }) => {
      const key = s + hash(name) + 7919 * t
      return [name, nulls && key % 4 === 0 ? null : noise(key, length, dtype)]
    }),
  )

const copies = (params: Record<string, FloatArray>) =>
  Object.fromEntries(Object.entries(params).map(([name, array]) => [name, array.slice()]))
const byName = (opt: Untyped) => {
  const { state } = opt.stateDict()
  return Object.fromEntries(
    Object.entries(opt.params).map(([name, array]) => {
      const { step, ...slots } = state[name]
      const named = Object.entries(slots).map(([slot, value]) => [
        slot,
        typeof value === 'number' ? value : bits(value),
      ])
      return [name, { step, param: bits(array), ...Object.fromEntries(named) }]
    }),
  )
}
/** What keeps state in low precision takes float32 alone. */
const fitting = (specs: readonly TensorSpec[], options: Options) =>
  options.stateDtype === undefined ? specs : specs.map((spec): TensorSpec => ({ ...spec, dtype: 'float32' }))
const permuted = <T>(items: readonly T[], s: number) =>
  items
    .map((item, k) => ({ item, key: noise(s, k + 1, 'float64')[k] }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
const js = backends.find(({ label }) => label === 'js') as (typeof backends)[number]
const jsCreate = (rule: RuleUnderTest, params: unknown, options: Options) =>
  js.use(() => rule.create(params, options))

describe.each(backends)('$label', (target) => {
  const create = (rule: RuleUnderTest, params: unknown, options: Options) =>
    target.use(() => rule.create(params, options))

  test('a run saved on one backend goes on, bit for bit, on another', () => {
    const property = fc.property(
      setup,
      tensors(),
      seed,
      backend,
      steps,
      steps,
      stepOptions,
      fc.boolean(),
      ({ rule, options }, any, s, other, before, after, step, owned) => {
        const specs = fitting(any, options)
        const whole = jsCreate(rule, paramsOf(specs, s), options)
        const first = create(rule, paramsOf(specs, s), options)
        for (let t = 0; t < before; t++) {
          const info = whole.step(gradsOf(specs, s, t), step)
          expect(first.step(gradsOf(specs, s, t), step)).toEqual(info)
        }
        const saved = structuredClone(first.stateDict())
        const params = copies(first.params)
        const dtype = specs[0].dtype
        const shapes = specs.map((spec): [string, unknown] => [
          spec.name,
          owned && spec.dtype === dtype ? [spec.length] : params[spec.name],
        ])
        const second = other.use(() => rule.create(Object.fromEntries(shapes), { ...options, dtype, lr: 9 }))
        for (const [name, array] of Object.entries(params)) second.params[name].set(array)
        second.loadStateDict(saved)
        expect(second.groups[0].lr).toBe(options.lr)
        for (let t = before; t < before + after; t++) {
          const info = whole.step(gradsOf(specs, s, t), step)
          expect(second.step(gradsOf(specs, s, t), step)).toEqual(info)
        }
        expect(snapshot(second)).toEqual(snapshot(whole))
      },
    )
    fc.assert(property, { numRuns: 60 })
  })

  test('groups agree with separate optimizers', () => {
    const property = fc.property(
      fc.constantFrom(...UNCOUPLED_RULES),
      tensors(2),
      seed,
      uncoupled,
      (rule, any, s, step) => {
        const variants = [...rule.variants, ...(rule.packed ?? [])]
        const options = any.map(
          (_, k): Options => ({ ...variants[(s + k) % variants.length], lr: 0.01 * (k + 1) }),
        )
        const specs = any.flatMap((spec, k) => fitting([spec], options[k]))
        const params = specs.map((spec) => paramsOf([spec], s))
        const groups = params.map((p, k) => ({ params: copies(p), ...options[k] }))
        const together = create(rule, groups, { lr: 7 })
        const apart = params.map((p, k) => create(rule, p, options[k]))
        for (let t = 0; t < 3; t++) {
          together.step(gradsOf(specs, s, t), step)
          apart.forEach((opt, k) => {
            opt.step(gradsOf([specs[k]], s, t), step)
          })
        }
        expect(byName(together)).toEqual(Object.assign({}, ...apart.map(byName)))
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  test('the order of tensors does not matter, nor to a state that is loaded', () => {
    const property = fc.property(alone, tensors(2), seed, uncoupled, ({ rule, options }, any, s, step) => {
      const specs = fitting(any, options)
      const shuffled = permuted(specs, s)
      const [a, b] = [specs, shuffled].map((list) => create(rule, paramsOf(list, s), options))
      for (let t = 0; t < 2; t++) {
        a.step(gradsOf(specs, s, t), step)
        b.step(gradsOf(shuffled, s, t), step)
      }
      expect(byName(b)).toEqual(byName(a))
      const again = permuted(specs, s + 1)
      const params = copies(a.params)
      const c = create(rule, Object.fromEntries(again.map(({ name }) => [name, params[name]])), options)
      c.loadStateDict(a.stateDict())
      expect(byName(c)).toEqual(byName(a))
      a.step(gradsOf(specs, s, 2), step)
      c.step(gradsOf(again, s, 2), step)
      expect(byName(c)).toEqual(byName(a))
    })
    fc.assert(property, { numRuns: 40 })
  })

  test('a null gradient leaves a tensor and its state untouched', () => {
    const property = fc.property(
      nullable,
      tensors(2),
      seed,
      stepOptions,
      ({ rule, options }, any, s, step) => {
        const specs = fitting(any, options)
        const opt = create(rule, paramsOf(specs, s), options)
        opt.step(gradsOf(specs, s, 0, false))
        const before = byName(opt)
        const grads = gradsOf(specs, s, 1, false)
        const frozen = specs.filter((_, k) => (s >> k) % 2 === 0).map(({ name }) => name)
        for (const name of frozen) grads[name] = null
        opt.step(grads, { ...step, zeroGrad: true })
        for (const name of frozen) expect(byName(opt)[name]).toEqual(before[name])
        for (const { name } of specs) {
          if (!frozen.includes(name)) expect(opt.stateDict().state[name].step).toBe(2)
        }
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  test('a tensor unfrozen late has a step count of its own, and goes as a fresh optimizer does', () => {
    const property = fc.property(
      alone,
      tensors(2),
      seed,
      steps,
      uncoupled,
      ({ rule, options }, any, s, late, step) => {
        const specs = fitting(any, options)
        const [last] = specs.slice(-1)
        const opt = create(rule, paramsOf(specs, s), options)
        for (let t = 0; t < late; t++) opt.step({ ...gradsOf(specs, s, t, false), [last.name]: null }, step)
        const fresh = create(rule, paramsOf([last], s), options)
        for (let t = late; t < late + 3; t++) {
          opt.step(gradsOf(specs, s, t, false), step)
          fresh.step(gradsOf([last], s, t, false), step)
        }
        expect(byName(opt)[last.name]).toEqual(byName(fresh)[last.name])
        expect(opt.stateDict().state[last.name].step).toBe(3)
        expect(opt.stateDict().state.t0.step).toBe(late + 3)
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  test('a scalar that went to NaN or infinity is saved and restored as it is', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const make = () => target.use(() => new NovoGrad({ w: Float64Array.of(1, 2) }))
      const opt = make()
      opt.step({ w: Float64Array.of(bad, 1) })
      const saved = structuredClone(opt.stateDict())
      expect(saved.state.w.expAvgSq).toBe(bad)
      const resumed = make()
      resumed.loadStateDict(saved)
      expect(resumed.stateDict()).toEqual(saved)
    }
  })

  test('all but the arrays survives JSON', () => {
    const property = fc.property(setup, tensors(), seed, ({ rule, options }, any, s) => {
      const specs = fitting(any, options)
      const opt = create(rule, paramsOf(specs, s), options)
      opt.step(gradsOf(specs, s, 0))
      const saved = opt.stateDict()
      const arrays: FloatArray[] = []
      const text = JSON.stringify(saved, (_, value) =>
        ArrayBuffer.isView(value) ? { array: arrays.push(value as FloatArray) - 1 } : value,
      )
      const read = JSON.parse(text, (_, value) =>
        typeof value === 'object' && value !== null && 'array' in value ? arrays[value.array] : value,
      )
      expect(read).toEqual(saved)
      const other = create(rule, copies(opt.params), { ...options, lr: 1 })
      other.loadStateDict(read)
      expect(snapshot(other)).toEqual(snapshot(opt))
    })
    fc.assert(property, { numRuns: 20 })
  })
})
