// What a step rejects as gradients: wrong kinds, lengths, names and memory; nothing changes.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  detach,
  type ErrorClass,
  expectError,
  GRADIENT_RULES,
  growable,
  hasGrowable,
  hasResizable,
  noise,
  resizable,
  snapshot,
} from './untyped'

type Arrays = Record<'weights' | 'bias', FloatArray>

const arrays = (seed: number): Arrays => ({
  weights: noise(seed, 19, 'float32'),
  bias: noise(seed + 1, 3, 'float64'),
})
const bytes = (array: FloatArray, ...view: [number, number]) =>
  new Float32Array(array.buffer as ArrayBuffer, ...view)
const missing = 'grads: parameter "bias" is missing (null leaves it untouched)'
const notFloats = ' must be a Float32Array or Float64Array, got '

type Row = [
  title: string,
  grads: (good: Arrays, params: Arrays) => unknown,
  type: ErrorClass,
  message: string | RegExp,
]

const wrong: Row[] = [
  ['a number', () => 3, TypeError, 'grads must be a record with the names of the parameters, got 3'],
  ['one array', (g) => g.weights, TypeError, /must be a record with .*, got Float32Array\(19\)$/],
  [
    'a list for a record',
    (g) => [g.weights, g.bias],
    TypeError,
    'grads must be a record with the names of the parameters, got [Float32Array(19), Float64Array(3)]',
  ],
  ['no name', () => ({}), TypeError, 'grads: parameter "weights" is missing (null leaves it untouched)'],
  ['a missing name', ({ weights }) => ({ weights }), TypeError, missing],
  ['an undefined gradient', ({ weights }) => ({ weights, bias: undefined }), TypeError, missing],
  [
    'a misspelled name',
    (g) => ({ wieghts: g.weights, bias: g.bias }),
    TypeError,
    'grads: unknown parameter "wieghts"; did you mean "weights"?',
  ],
  [
    'one name too many',
    (g) => ({ ...g, momentum: g.bias }),
    TypeError,
    'grads: unknown parameter "momentum"; known: weights, bias',
  ],
  [
    'another element type',
    (g) => ({ ...g, weights: Float64Array.from(g.weights) }),
    TypeError,
    'gradient "weights" must be a float32 array as its parameter is, got Float64Array(19)',
  ],
  [
    'too short',
    (g) => ({ ...g, weights: g.weights.subarray(1) }),
    RangeError,
    'gradient "weights" must have length 19 as its parameter has, got 18',
  ],
  [
    'too long',
    (g) => ({ ...g, bias: new Float64Array(4) }),
    RangeError,
    'gradient "bias" must have length 3 as its parameter has, got 4',
  ],
  ['numbers', (g) => ({ ...g, bias: [1, 2, 3] }), TypeError, `gradient "bias"${notFloats}[1, 2, 3]`],
  [
    'integers',
    (g) => ({ ...g, bias: new Int32Array(3) }),
    TypeError,
    `gradient "bias"${notFloats}Int32Array(3)`,
  ],
  ['false', (g) => ({ ...g, bias: false }), TypeError, `gradient "bias"${notFloats}false`],
  [
    'detached',
    (g) => ({ ...g, bias: detach(new Float64Array(3)) }),
    TypeError,
    'gradient "bias" must not be detached (its buffer was transferred)',
  ],
  [
    'detached after it was used',
    (g) => ({ ...g, bias: detach(g.bias) }),
    TypeError,
    'gradient "bias" must not be detached (its buffer was transferred)',
  ],
  [
    'its parameter',
    (g, params) => ({ ...g, weights: params.weights }),
    TypeError,
    'gradient "weights" must not share memory with a parameter, got one overlapping "weights"',
  ],
]

describe.each(backends)('$label', ({ backend, isa, use }) => {
  describe.each(GRADIENT_RULES)('$name', ({ name, create, variants }) => {
    const who = `${name}.step`
    const text = (message: string | RegExp) => (typeof message === 'string' ? `${who}: ${message}` : message)
    const start = () => {
      const params = arrays(1)
      const opt = use(() => create(params, variants[0]))
      const good = arrays(3)
      opt.step(good)
      return { opt, params, good, state: () => snapshot(opt, ...Object.values(good)) }
    }

    test.each(wrong)('gradients: %s', (_, grads, type, message) => {
      const { opt, params, good, state } = start()
      const bad = grads(good, params)
      for (const options of [undefined, { zeroGrad: true, clipNorm: 1, skipNonFinite: true }]) {
        expectError(() => opt.step(bad, options), type, text(message), state)
      }
      if (good.bias.length > 0) expect(() => opt.step(good)).not.toThrow()
    })

    test('gradients that share memory with any parameter, owned or not', () => {
      const memory = noise(1, 30, 'float32')
      const opt = use(() => create({ a: memory.subarray(0, 4), b: memory.subarray(20, 24), c: [4] }))
      const good = { a: noise(5, 4, 'float32'), b: noise(6, 4, 'float32'), c: noise(7, 4, 'float32') }
      opt.step(good)
      for (const [name, bad, other] of [
        ['a', memory.subarray(3, 7), 'a'],
        ['a', memory.subarray(17, 21), 'b'],
        ['c', memory.subarray(1, 5), 'a'],
        ['b', opt.params.c, 'c'],
        ['c', bytes(opt.params.c, opt.params.c.byteOffset, 4), 'c'],
      ] as const) {
        expectError(
          () => opt.step({ ...good, [name]: bad }, { zeroGrad: true }),
          TypeError,
          `${who}: gradient "${name}" must not share memory with a parameter, got one overlapping "${other}"`,
          () => snapshot(opt, memory, ...Object.values(good)),
        )
      }
      opt.step({ ...good, a: memory.subarray(4, 8), b: memory.subarray(16, 20) })
      expect(opt.stepCount).toBe(2)
    })

    test('gradients in lists', () => {
      const opt = use(() => create([noise(1, 4, 'float32'), [3]]))
      const [a, b] = [noise(2, 4, 'float32'), noise(3, 3, 'float32')]
      const counts = (got: number) => `${who}: grads must hold 2 entries as the parameters do, got ${got}`
      const state = () => snapshot(opt, a, b)
      expectError(() => opt.step([a]), RangeError, counts(1), state)
      expectError(() => opt.step([a, b, b]), RangeError, counts(3), state)
      const kind = `${who}: grads must be a list of 2 as the parameters are, got`
      expectError(() => opt.step({ 0: a, 1: b }), TypeError, `${kind} Object`, state)
      expectError(() => opt.step(a), TypeError, `${kind} Float32Array(4)`, state)
      expectError(() => opt.step([b, a]), RangeError, /"0" must have length 4 .*, got 3$/, state)
      expectError(() => opt.step([a, undefined]), TypeError, /"1" .*, got undefined$/, state)
    })

    test('a missing name that every object inherits', () => {
      const opt = use(() => create({ w: noise(1, 4, 'float32'), constructor: noise(2, 3, 'float32') }))
      const w = noise(3, 4, 'float32')
      const message = `${who}: grads: parameter "constructor" is missing (null leaves it untouched)`
      expectError(
        () => opt.step({ w }),
        TypeError,
        message,
        () => snapshot(opt, w),
      )
    })

    test('no gradients for the caller’s own arrays', () => {
      const { opt, state } = start()
      const message = ': grads must be gradients, since the parameters are your own arrays, got '
      expectError(() => opt.step(), TypeError, `${who}${message}undefined`, state)
      expectError(() => opt.step(null), TypeError, `${who}${message}null`, state)
      expectError(() => opt.step(undefined, { clipNorm: 1 }), TypeError, `${who}${message}undefined`, state)
    })

    test.runIf(hasResizable)('gradients whose memory may be resized', () => {
      const { opt, good, state } = start()
      const message = `${who}: gradient "weights" must not be over a resizable buffer: its memory may go away under a kernel`
      expectError(() => opt.step({ ...good, weights: resizable(19) }), TypeError, message, state)
      if (hasGrowable) {
        expectError(() => opt.step({ ...good, weights: growable(19) }), TypeError, message, state)
      }
    })
  })

  // In a process of its own: a backend that reads past its arguments takes the whole process down.
  test.each(['first', 'later'])('a list with a hole, at the %s step', (when) => {
    const script = `
      const { SGD } = require(process.argv[1])
      const params = [new Float32Array(4), new Float32Array(4)]
      const opt = new SGD(params, { lr: 1 })
      const ones = () => new Float32Array(4).fill(1)
      if (${when === 'later'}) opt.step([ones(), ones()])
      const before = params.join() + opt.stepCount
      const holed = [ones(), ones()]
      delete holed[1]
      try { opt.step(holed); console.log('accepted') }
      catch (error) { console.log(error.name, error.message, params.join() + opt.stepCount === before) }`
    const library = fileURLToPath(new URL('../dist/index.js', import.meta.url))
    const env = { ...process.env, CAUCHY_BACKEND: backend, CAUCHY_ISA: isa }
    const output = execFileSync(process.execPath, ['-e', script, library], { env, encoding: 'utf8' })
    expect(output).toMatch(/^TypeError SGD\.step: .*"1".* true\n$/)
  })

  // Whole vectors end in the padding of arrays that the optimizer owns: this one has none behind it.
  test('a gradient that ends where the memory ends', () => {
    const script = `
      const { SGD } = require(process.argv[1])
      for (const length of [1, 5, 17, 4096 * 3 + 7]) {
        const opt = new SGD({ w: [length] }, { lr: 1 })
        const { buffer } = opt.grads.w
        const last = new Float32Array(buffer, buffer.byteLength - 4 * length, length)
        const wanted = Array.from(opt.params.w, (w, i) => Math.fround(w - last[i]))
        opt.step({ w: last })
        if (opt.params.w.some((w, i) => w !== wanted[i])) throw new Error('length ' + length)
      }
      console.log('done')`
    const library = fileURLToPath(new URL('../dist/index.js', import.meta.url))
    const env = { ...process.env, CAUCHY_BACKEND: backend, CAUCHY_ISA: isa }
    expect(execFileSync(process.execPath, ['-e', script, library], { env, encoding: 'utf8' })).toBe('done\n')
  })
})
