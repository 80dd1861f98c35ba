// A gradient's way through a step, in its order: scale, clip by value, norm, clip by norm, maximize, weight decay.
import type { DType, FloatArray, StepInfo } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, GRADIENT_RULES, noise, type Options, RULES, ruleNamed, snapshot } from './untyped'

const lengths = [37, 0, 4099, 1]
const sgd = ruleNamed('SGD')

/** The gradients as the rule is to see them, and their norm before clipping, in float64. */
function pipeline(grads: number[][], params: number[][], options: Options) {
  const number = (name: string, none: number) => (options[name] as number | undefined) ?? none
  const [scale, limit] = [number('gradScale', 1), number('clipValue', Number.POSITIVE_INFINITY)]
  const clipped = grads.map((g) => g.map((x) => Math.min(Math.max(scale * x, -limit), limit)))
  const norm = Math.sqrt(clipped.flat().reduce((sum, x) => sum + x * x, 0))
  const factor = Math.min(1, number('clipNorm', Number.POSITIVE_INFINITY) / (norm + 1e-6))
  const sign = options.maximize ? -1 : 1
  const seen = clipped.map((g, t) =>
    g.map((x, i) => sign * factor * x + number('weightDecay', 0) * params[t][i]),
  )
  return { seen, norm }
}

const combinations: Options[] = [
  {},
  { gradScale: 0.125 },
  { gradScale: -3 },
  { clipValue: 0.25 },
  { clipValue: 0 },
  { clipNorm: 0.5 },
  { clipNorm: 0 },
  { clipNorm: 1e6 },
  { maximize: true },
  { weightDecay: 0.1 },
  { gradScale: 2, clipValue: 0.5 },
  { gradScale: 2, clipNorm: 3 },
  { clipValue: 0.3, clipNorm: 1, skipNonFinite: true },
  { maximize: true, weightDecay: 0.1 },
  { clipNorm: 1, maximize: true, weightDecay: 0.1 },
  { gradScale: 1 / 1024, clipValue: 2 ** -11, clipNorm: 2e-3, maximize: true, weightDecay: 0.2 },
]

describe.each(backends)('$label', ({ use }) => {
  const make = (dtype: DType, lr: number, { maximize = false, weightDecay = 0 }: Options) => {
    const params = lengths.map((length, t) => noise(t, length, dtype))
    const grads = lengths.map((length, t) => noise(10 + t, length, dtype))
    return { params, grads, opt: use(() => sgd.create(params, { lr, maximize, weightDecay })) }
  }
  const numbers = (arrays: readonly FloatArray[]) => arrays.map((array) => [...array])
  const stepOptions = ({ maximize: _, weightDecay: __, ...rest }: Options) => rest

  test.each(combinations)('%o', (options) => {
    for (const [dtype, tolerance] of [
      ['float64', 1e-14],
      ['float32', 1e-6],
    ] as const) {
      const { params, grads, opt } = make(dtype, 0.5, options)
      const start = numbers(params)
      const { seen, norm } = pipeline(numbers(grads), start, options)
      const before = grads.map(bits)
      const info = opt.step(grads, stepOptions(options))
      expect(grads.map(bits)).toEqual(before)
      expect(info).toMatchObject({ step: 1, skipped: false })
      if ('clipNorm' in options) expect(Math.abs((info.gradNorm as number) / norm - 1)).toBeLessThan(1e-6)
      else expect(info.gradNorm).toBeNull()
      const errors = numbers(params).map((p, t) =>
        p.map((x, i) => Math.abs(x - (start[t][i] - 0.5 * seen[t][i]))),
      )
      expect(Math.max(...errors.flat())).toBeLessThan(tolerance)
    }
  })

  test('the norm is taken in double, over all tensors and both element types', () => {
    const grads = [noise(1, 9001, 'float32'), noise(2, 1, 'float64'), noise(3, 4097, 'float64')]
    const opt = use(() => sgd.create(grads.map((g) => g.map(() => 0))))
    const norm = Math.sqrt(numbers(grads).reduce((sum, g) => g.reduce((s, x) => s + x * x, sum), 0))
    const { gradNorm } = opt.step(grads, { clipNorm: 1e9 })
    expect(Math.abs((gradNorm as number) / norm - 1)).toBeLessThan(1e-13)
    expect(opt.step([null, grads[1], null], { skipNonFinite: true }).gradNorm).toBe(Math.abs(grads[1][0]))
    expect(opt.step([null, null, null], { clipNorm: 1 })).toMatchObject({ gradNorm: 0, skipped: false })
  })

  test('zeroGrad writes zeros, once the gradients are used', () => {
    for (const { create, variants } of GRADIENT_RULES) {
      const arrays = () => ({ a: noise(1, 35, 'float32'), b: noise(2, 3, 'float64') })
      const [kept, zeroed] = [arrays(), arrays()]
      const opts = [kept, zeroed].map((p) => use(() => create(p, variants[0])))
      const grads = { a: noise(3, 35, 'float32'), b: noise(4, 3, 'float64') }
      opts[0].step(grads, { clipNorm: 1 })
      opts[1].step(grads, { clipNorm: 1, zeroGrad: true })
      expect(bits(grads.a) + bits(grads.b)).toMatch(/^0+$/)
      expect(snapshot(opts[1])).toEqual(snapshot(opts[0]))
      opts[1].step({ a: grads.a, b: null }, { zeroGrad: true })
    }
  })

  test('dead gradients: nothing but state and weight decay moves, and nothing is NaN', () => {
    for (const { create, variants, decays, has } of RULES) {
      const undecayed = {
        ...Object.fromEntries(decays.map((option) => [option, 0])),
        // optax's start of Yogi, which moves all parameters.
        ...(has('initializeBoth') && { initializeBoth: false }),
      }
      for (const options of variants) {
        const w = noise(1, 35, 'float32')
        const before = w.slice()
        const opt = use(() => create({ w }, { ...options, ...undecayed }))
        for (let t = 0; t < 3; t++) {
          const info = opt.step({ w: new Float32Array(35) }, { clipNorm: 1, skipNonFinite: true })
          expect(info).toMatchObject({ step: t + 1, skipped: false, gradNorm: 0 })
        }
        expect(w).toEqual(before)
        for (const value of Object.values(opt.stateDict().state.w)) {
          if (typeof value !== 'number') expect(value.every((x) => Math.abs(x) < 1)).toBe(true)
        }
      }
    }
  })
})

describe.each(backends)('every way to give parameters and gradients is the same: $label', ({ use }) => {
  const options = { gradScale: 0.5, clipValue: 0.4, clipNorm: 1.5, skipNonFinite: true }
  const names = ['a', 'b', 'c', 'd']

  test.each(GRADIENT_RULES)('$name', ({ create, variants, matrix }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const start = () => lengths.map((length, t) => noise(t, length, dtype))
      const gradsAt = (t: number) => lengths.map((length, k) => noise(100 * t + k, length, dtype))
      const named = <T>(values: readonly T[]) => Object.fromEntries(values.map((v, k) => [names[k], v]))
      const shapes = lengths.map((length) => [length])
      const all = { ...variants[0], dtype }
      const steps = [1, 2, 3]
      const outcome = (arrays: Iterable<FloatArray>, infos: readonly StepInfo[]) => ({
        arrays: [...arrays].map(bits),
        infos,
      })
      const own = (params: Record<string, FloatArray>) => {
        start().forEach((array, k) => {
          ;(params[names[k]] ?? params[k]).set(array)
        })
      }

      const list = start()
      const a = use(() => create(list, all))
      const reference = outcome(
        list,
        steps.map((t) => a.step(gradsAt(t), options)),
      )
      expect(reference.infos[2]).toMatchObject({ step: 3, skipped: false, gradNorm: expect.any(Number) })

      const record = named(start())
      const b = use(() => create(record, all))
      const recordInfos = steps.map((t) => b.step(named(gradsAt(t)), options))
      expect(outcome(Object.values(record), recordInfos)).toEqual(reference)

      const shaped = use(() => create(named(shapes), all))
      own(shaped.params)
      const shapedInfos = steps.map((t) => {
        gradsAt(t).forEach((g, k) => {
          shaped.grads[names[k]].set(g)
        })
        return shaped.step(undefined, options)
      })
      expect(outcome(Object.values(shaped.params), shapedInfos)).toEqual(reference)

      const external = use(() => create(shapes, all))
      own(external.params)
      const externalInfos = steps.map((t) => external.step(gradsAt(t), options))
      expect(outcome(Object.values(external.params), externalInfos)).toEqual(reference)

      const { dtype: _, ...groupOptions } = all
      const mixed = start()
      const groups = [
        { params: { a: { data: mixed[0], shape: matrix ? [1, 37] : [37] }, b: shapes[1] }, ...groupOptions },
        { params: { c: mixed[2], d: shapes[3] } },
      ]
      const grouped = use(() => create(groups, all))
      own(grouped.params)
      const groupedInfos = steps.map((t) =>
        grouped.step((grads: Record<string, FloatArray>) => {
          gradsAt(t).forEach((g, k) => {
            grads[names[k]].set(g)
          })
          return t / 8
        }, options),
      )
      const withLoss = reference.infos.map((info, k) => ({ ...info, loss: steps[k] / 8 }))
      expect(outcome(Object.values(grouped.params), groupedInfos)).toEqual({
        arrays: reference.arrays,
        infos: withLoss,
      })
    }
  })

  test('grads is there to be filled, and zeroGrad() empties it', () => {
    for (const params of [{ w: [5] }, { w: noise(1, 5, 'float32') }]) {
      const opt = use(() => sgd.create(params, { lr: 1 }))
      const before = opt.params.w.slice()
      expect(opt.grads.w).toEqual(new Float32Array(5))
      expect(opt.grads.w).toBe(opt.grads.w)
      opt.grads.w.fill(0.5)
      expect(opt.step()).toEqual({ step: 1, skipped: false, gradNorm: null })
      expect(opt.params.w).toEqual(before.map((x) => x - 0.5))
      expect(opt.grads.w[4]).toBe(0.5)
      opt.zeroGrad()
      expect(opt.grads.w).toEqual(new Float32Array(5))
      opt.grads.w.fill(2)
      opt.step(undefined, { zeroGrad: true })
      expect(opt.grads.w).toEqual(new Float32Array(5))
    }
  })
})
