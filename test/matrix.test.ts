// Rules of rows, columns and matrices, in shapes of every kind: against float64 formulas, and bit for bit between
// backends; owned, in the caller's arrays at odd offsets, with the gradient clipped, beyond one window and alone.
import type { FloatArray, StepOptions } from 'cauchy'
import * as cauchy from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { type DType, expectSameBits, expectSameState, offsetCopy, surroundingsIntact, values } from './bits'
import { type AnyClass, type Options, rows, type Tensor, update } from './catalogue'
import { norm } from './catalogue/row'
import { expectError } from './untyped'

const SHAPES = [
  ...[[], [1], [17], [1, 1], [1, 7], [7, 1], [2, 3], [5, 3], [3, 5], [4, 16], [16, 4], [33, 65], [65, 33]],
  ...[
    [2, 5000],
    [1300, 3],
    [1, 4097],
    [8, 4096],
    [4, 3, 5],
    [2, 2, 3, 3],
    [3, 1, 9],
    [0],
    [0, 3],
    [3, 0],
    [2, 0, 3],
  ],
]
const STEPS = 4
const NAMES = ['Adafactor', 'SM3', 'Muon']

const shapesOf = (name: string) => SHAPES.filter((shape) => !rows[name].matrix || shape.length === 2)
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

function gradients(
  name: string,
  dtype: DType,
  stream: Parameters<typeof values>[0],
  t: number,
): FloatArray[] {
  return shapesOf(name).map((shape, k) =>
    offsetCopy(values(stream, dtype, sizeOf(shape), t + 31 * k, t), k % 4),
  )
}

function run(
  name: string,
  options: Options,
  dtype: DType,
  stream: Parameters<typeof values>[0],
  form: 'caller' | 'owned',
  step?: StepOptions,
) {
  const shapes = shapesOf(name)
  const start = shapes.map((shape, k) => values('normal', dtype, sizeOf(shape), 500 + k))
  const Class = (cauchy as unknown as Record<string, AnyClass>)[name]
  const opt = new Class(
    form === 'owned'
      ? shapes
      : shapes.map((shape, k) => ({ data: offsetCopy(start[k], (k + 1) % 4), shape })),
    { ...options, dtype },
  )
  const params = opt.params as unknown as FloatArray[]
  if (form === 'owned') params.forEach((array, k) => void array.set(start[k]))
  for (let t = 1; t <= STEPS; t++) {
    const grads = gradients(name, dtype, stream, t)
    opt.step(grads, step)
    expect(grads.every(surroundingsIntact)).toBe(true)
  }
  if (form === 'caller') expect(params.every(surroundingsIntact)).toBe(true)
  return { opt, params, state: opt.stateDict() }
}

const reference = backends.find(({ backend }) => backend === 'js') as (typeof backends)[number]
const cases = NAMES.flatMap((name) => rows[name].variants.map((options) => ({ name, options })))
const expected = new Map<string, ReturnType<typeof run>>()

describe.each(backends)('$label', (target) => {
  test.each(cases)('$name $options against the formula', ({ name, options }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const { opt, params, state } = target.use(() => run(name, options, dtype, 'normal', 'caller'))
      const all = { ...opt.groups[0] } as unknown as Options
      shapesOf(name).forEach((shape, k) => {
        const length = sizeOf(shape)
        const start = [...values('normal', dtype, length, 500 + k)]
        const tensor: Tensor = { p: start, state: {}, shape: shape.length === 0 ? [1] : shape }
        for (let t = 1; t <= STEPS; t++) {
          update(name, [tensor], [values('normal', dtype, length, t + 31 * k)], t, all)
        }
        const float32 = name === 'Muon' ? 2e-5 : 1e-5 // Newton–Schulz iterations magnify
        const tolerance = dtype === 'float32' ? float32 : 1e-12
        const compare = (what: string, got: FloatArray, want: readonly number[]) => {
          expect(got.length, what).toBe(want.length)
          want.forEach((x, i) => {
            if (Math.abs(got[i] - x) <= tolerance * (Math.abs(x) + 0.05)) return
            throw new Error(`${what} of [${shape}], element ${i}: expected ${x}, got ${got[i]}`)
          })
        }
        compare('parameter', params[k], tensor.p)
        if (length === 0) return
        const { step, ...slots } = state.state[k]
        expect(Object.keys(slots)).toEqual(Object.keys(tensor.state))
        for (const [slot, want] of Object.entries(tensor.state))
          compare(slot, slots[slot] as FloatArray, want)
      })
    }
  })

  test.each(cases)('$name $options has the bits of the reference', ({ name, options }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const stream of ['normal', 'scales', 'special', 'dead'] as const) {
        for (const step of [undefined, { gradScale: 0.5, clipValue: 1.25, clipNorm: 3 }]) {
          const key = JSON.stringify([name, options, dtype, stream, step])
          const want =
            expected.get(key) ?? reference.use(() => run(name, options, dtype, stream, 'caller', step))
          expected.set(key, want)
          for (const form of ['caller', 'owned'] as const) {
            const got = target.use(() => run(name, options, dtype, stream, form, step))
            expect(got.opt.backend.name).toBe(target.backend)
            want.params.forEach((array, k) => {
              expectSameBits(`${form}, ${stream}: [${shapesOf(name)[k]}]`, got.params[k], array)
            })
            expectSameState(`${form}, ${stream}`, got.state, want.state)
          }
        }
      }
    }
  })

  test('Muon leaves the lengths of all directions near 1', () => {
    for (const [height, width] of [
      [3, 40],
      [40, 3],
      [24, 24],
    ]) {
      const data = new Float64Array(height * width)
      const options = {
        lr: 1,
        weightDecay: 0,
        momentum: 0,
        nesterov: false,
        adjustLr: 'matchRmsAdamW',
      } as const
      const opt = target.use(() => new cauchy.Muon({ w: { data, shape: [height, width] } }, options))
      opt.step({ w: values('normal', 'float64', height * width, 9) as Float64Array })
      // The step over 0.2·√max(rows, columns) is X, of which u·X, or X·u if it is tall, is about as long as u.
      const x = data.map((value) => -value / (0.2 * Math.sqrt(Math.max(height, width))))
      const shorter = Math.min(height, width)
      for (let k = 0; k < 3 * shorter; k++) {
        // Along each axis, and in any direction.
        const u = Array.from(values('normal', 'float64', shorter, k), (value, i) =>
          k < shorter ? Number(i === k) : value,
        )
        const image = Array.from({ length: Math.max(height, width) }, (_, j) =>
          u.reduce((sum, value, i) => sum + value * x[height > width ? j * width + i : i * width + j], 0),
        )
        const stretch = norm(image) / norm(u)
        expect(stretch).toBeGreaterThan(0.6)
        expect(stretch).toBeLessThan(1.25)
      }
    }
  })

  test('a state is resumed exactly', () => {
    for (const name of NAMES) {
      const Class = (cauchy as unknown as Record<string, AnyClass>)[name]
      const make = () =>
        new Class(
          [
            [6, 10],
            [3, 4],
          ] as never,
          { dtype: 'float32' },
        )
      const whole = target.use(make)
      const first = target.use(make)
      const resumed = reference.use(make)
      const arrays = (opt: typeof whole) => opt.params as unknown as FloatArray[]
      for (const opt of [whole, first]) {
        arrays(opt).forEach((array, k) => void array.set(values('normal', 'float32', array.length, k)))
      }
      const step = (opt: typeof whole, t: number) =>
        opt.step([values('normal', 'float32', 60, 7 * t), values('normal', 'float32', 12, 7 * t + 1)])
      for (let t = 0; t < 3; t++) step(first, t)
      arrays(first).forEach((array, k) => void arrays(resumed)[k].set(array))
      resumed.loadStateDict(first.stateDict())
      for (let t = 3; t < 6; t++) step(resumed, t)
      for (let t = 0; t < 6; t++) step(whole, t)
      arrays(whole).forEach((array, k) => void expectSameBits(name, arrays(resumed)[k], array))
      expectSameState(name, resumed.stateDict(), whole.stateDict())
    }
  })

  test('tensors left out stay as they are, whatever the others do', () => {
    for (const name of NAMES) {
      const Class = (cauchy as unknown as Record<string, AnyClass>)[name]
      const opt = target.use(() => new Class({ a: [3, 4], b: [4, 3] }, {}))
      const before = JSON.stringify(opt.stateDict().state.a)
      opt.step({ a: null, b: new Float32Array(12).fill(1) })
      expect(JSON.stringify(opt.stateDict().state.a)).toBe(before)
      expect(opt.stateDict().state.b.step).toBe(1)
    }
  })
})

test("Muon's defaults are those of torch.optim.Muon", () => {
  expect({ ...new cauchy.Muon({ w: [2, 2] }).groups[0] }).toMatchObject({
    lr: 1e-3,
    weightDecay: 0.1,
    momentum: 0.95,
    nesterov: true,
    nsCoefficients: [3.4445, -4.775, 2.0315],
    eps: 1e-7,
    nsSteps: 5,
    adjustLr: 'original',
  })
})

test('Muon takes matrices alone', () => {
  const muon = (params: unknown) => () => new cauchy.Muon(params as { w: [2, 2] })
  const message = (name: string, shape: string) =>
    `Muon: parameter "${name}" must be a matrix (2 dimensions), got shape [${shape}]`
  expectError(muon({ w: [3, 3], b: [3] }), RangeError, message('b', '3'))
  expectError(muon([new Float32Array(4)]), RangeError, message('0', '4'))
  expectError(muon({ w: [2, 3, 4] }), RangeError, message('w', '2,3,4'))
})

test('state is a fraction of the parameters', () => {
  const bytes = (rule: string, shape: number[]) => cauchy.memoryPlan({ w: shape }, rule).state
  expect(bytes('Adafactor', [1000, 500])).toBe(1500 * 4)
  expect(bytes('Adafactor', [7, 1000, 500])).toBe(7 * 1500 * 4)
  expect(bytes('SM3', [1000, 500])).toBe((500_000 + 1500) * 4)
  expect(bytes('SM3', [10, 20, 30])).toBe((6000 + 60) * 4)
  expect(bytes('Muon', [1000, 500])).toBe(500_000 * 4)
})
