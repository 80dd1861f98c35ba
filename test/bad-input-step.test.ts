// What a step rejects besides gradients: options, closures, parameters that lost their memory; nothing changes.
import type { FloatArray } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { bits, detach, type ErrorClass, expectError, noise, type Options, RULES, snapshot } from './untyped'

type Arrays = Record<'weights' | 'bias', FloatArray>

const arrays = (seed: number): Arrays => ({
  weights: noise(seed, 19, 'float32'),
  bias: noise(seed + 1, 3, 'float64'),
})
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const options: [unknown, ErrorClass, string | RegExp][] = [
  ...['clipNorm', 'clipValue'].flatMap((name): [Options, ErrorClass, string][] => [
    [{ [name]: -1 }, RangeError, `: ${name} must be in [0, Infinity), got -1`],
    [{ [name]: nan }, RangeError, `: ${name} must be in [0, Infinity), got NaN`],
    [{ [name]: -infinity }, RangeError, `: ${name} must be in [0, Infinity), got -Infinity`],
    [{ [name]: '1' }, TypeError, `: ${name} must be a number in [0, Infinity), got "1"`],
  ]),
  [{ gradScale: nan }, RangeError, ': gradScale must be a finite number, got NaN'],
  [{ gradScale: infinity }, RangeError, ': gradScale must be a finite number, got Infinity'],
  [{ gradScale: '1' }, TypeError, /: gradScale must be a (finite )?number, got "1"$/],
  [{ skipNonFinite: 1 }, TypeError, ': skipNonFinite must be a boolean, got 1'],
  [{ zeroGrad: 'yes' }, TypeError, ': zeroGrad must be a boolean, got "yes"'],
  [{ zeroGrad: true, clip_norm: 1 }, TypeError, ': unknown option "clip_norm"; did you mean "clipNorm"?'],
  [null, TypeError, ': options must be an object, got null'],
  [1, TypeError, ': options must be an object, got 1'],
]

describe.each(backends)('$label', ({ backend, use }) => {
  describe.each(RULES)('$name', ({ name, create, variants }) => {
    const who = `${name}.step`
    const text = (message: string | RegExp) => (typeof message === 'string' ? `${who}${message}` : message)
    const start = () => {
      const params = arrays(1)
      const opt = use(() => create(params, variants[0]))
      const good = arrays(3)
      opt.step(good)
      return { opt, params, good, state: () => snapshot(opt, ...Object.values(good)) }
    }

    test('a parameter that lost its memory', () => {
      const { opt, params, good, state } = start()
      detach(params.bias)
      const message = `${who}: parameter "bias" must keep its memory, got a detached array`
      for (const grads of [good, { ...good, bias: null }, () => 1]) {
        expectError(() => opt.step(grads, { zeroGrad: true }), TypeError, message, state)
      }
      expect(params.weights.length).toBe(19)
    })

    test('owned memory stays, or the step says that it is gone', () => {
      const [opt, twin] = [1, 2].map(() => use(() => create({ w: [19], b: [3] }, variants[0])))
      for (const each of [opt, twin]) {
        each.params.w.fill(1)
        each.grads.w.set(noise(1, 19, 'float32'))
        each.step()
      }
      const buffer = opt.params.w.buffer as ArrayBuffer
      try {
        structuredClone(buffer, { transfer: [buffer] })
      } catch {
        // WebAssembly's memory may refuse, as well as be copied.
      }
      if (backend === 'js') {
        const message = `${who}: parameter "w" must keep its memory, got a detached array`
        expectError(
          () => opt.step(),
          TypeError,
          message,
          () => opt.stepCount,
        )
      } else {
        for (const each of [opt, twin]) each.step()
        expect(snapshot(opt)).toEqual(snapshot(twin))
      }
    })

    test.each(options)('options %o', (value, type, message) => {
      const { opt, good, state } = start()
      expectError(() => opt.step(good, value), type, text(message), state)
      let called = false
      const closure = () => {
        called = true
        return 1
      }
      expectError(() => opt.step(closure, value), type, text(message), state)
      expect(called).toBe(false)
    })

    test('closures', () => {
      const { opt, params, state } = start()
      const filling = (result: unknown) => (grads: Arrays) => {
        grads.weights.fill(1)
        return result
      }
      for (const [result, shown] of [
        [undefined, 'undefined'],
        ['1', '"1"'],
        [Promise.resolve(1), 'Promise'],
        [null, 'null'],
        [1n, '1n'],
        [[1], '[1]'],
      ]) {
        const message = `${who}: the closure's result must be the loss (a number), got ${shown}`
        expectError(() => opt.step(filling(result), { zeroGrad: true }), TypeError, message, state)
        expect(opt.grads.weights[0]).toBe(1)
      }
      const boom = new SyntaxError('boom')
      const throwing = () => {
        throw boom
      }
      expect(expectError(() => opt.step(throwing), SyntaxError, 'boom', state)).toBe(boom)
      const owning = use(() => create({ w: [3] }))
      const before = bits(owning.params.w)
      expectError(
        () => owning.step(throwing),
        SyntaxError,
        'boom',
        () => snapshot(owning),
      )
      expect(bits(owning.params.w)).toBe(before)
      const weights = opt.params.weights.slice()
      const transferring = () => detach(params.bias).length
      const message = `${who}: parameter "bias" must keep its memory, got a detached array`
      expectError(() => opt.step(transferring), TypeError, message)
      expect([opt.params.weights, opt.stepCount]).toEqual([weights, 1])
    })
  })
})
