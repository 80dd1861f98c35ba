// Options that decide what the state means: contradictions, changes after construction, states of other variants.
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { type ErrorClass, expectError, noise, type Options, ruleNamed, snapshot } from './untyped'

const zero = (name: string) =>
  ` ${name} cannot change between zero and non-zero after construction: the state is another`
const fixed = (name: string, was: unknown, got: unknown) =>
  ` ${name} is fixed at construction (${was}, got ${got})`
const nesterov = (momentum: number, dampening: number) =>
  ` nesterov needs a momentum above 0 and no dampening, got momentum ${momentum}, dampening ${dampening}`
const ema = (momentum: number, dampening: number) =>
  ` momentumForm 'ema' needs a momentum in [0, 1) and no dampening, got momentum ${momentum}, dampening ${dampening}`

type Row = [rule: string, from: Options, change: Options, type: ErrorClass, message: string]

const changes: Row[] = [
  ['SGD', { momentum: 0.9 }, { momentum: 0 }, TypeError, zero('momentum')],
  ['SGD', {}, { momentum: 0.9 }, TypeError, zero('momentum')],
  ['SGD', { momentum: 0.9 }, { nesterov: true }, TypeError, fixed('nesterov', false, true)],
  ['SGD', { momentum: 0.9, nesterov: true }, { nesterov: false }, TypeError, fixed('nesterov', true, false)],
  ['SGD', { momentum: 0.9 }, { momentumForm: 'ema' }, TypeError, fixed('momentumForm', 'heavy', 'ema')],
  [
    'SGD',
    { momentum: 0.9, momentumForm: 'ema' },
    { momentumForm: 'heavy' },
    TypeError,
    fixed('momentumForm', 'ema', 'heavy'),
  ],
  ['SGD', { momentum: 0.9, nesterov: true }, { momentum: 0 }, RangeError, nesterov(0, 0)],
  ['SGD', { momentum: 0.9, nesterov: true }, { dampening: 0.5 }, RangeError, nesterov(0.9, 0.5)],
  ['SGD', { momentum: 0.9, momentumForm: 'ema' }, { momentum: 1 }, RangeError, ema(1, 0)],
  ['SGD', { momentum: 0.9, momentumForm: 'ema' }, { dampening: 0.5 }, RangeError, ema(0.9, 0.5)],
  ['Adagrad', {}, { initialAccumulatorValue: 0.1 }, TypeError, fixed('initialAccumulatorValue', 0, 0.1)],
  ['RMSprop', {}, { centered: true }, TypeError, fixed('centered', false, true)],
  ['RMSprop', { centered: true }, { centered: false }, TypeError, fixed('centered', true, false)],
  ['RMSprop', { momentum: 0.5 }, { lrInBuffer: true }, TypeError, fixed('lrInBuffer', false, true)],
  ['RMSprop', {}, { momentum: 0.5 }, TypeError, zero('momentum')],
  ['RMSprop', { momentum: 0.5 }, { momentum: 0 }, TypeError, zero('momentum')],
  ['LARS', {}, { nesterov: true }, TypeError, fixed('nesterov', false, true)],
  ['LARS', {}, { momentum: 0 }, TypeError, zero('momentum')],
  [
    'LARS',
    { nesterov: true },
    { momentum: 0 },
    RangeError,
    ' nesterov needs a momentum above 0, got momentum 0',
  ],
  ['Prodigy', {}, { d0: 1e-3 }, TypeError, fixed('d0', 1e-6, 1e-3)],
  ['SignSGD', {}, { momentum: 0.5 }, TypeError, zero('momentum')],
  ['SignSGD', { momentum: 0.5 }, { momentum: 0 }, TypeError, zero('momentum')],
  ['AdaBelief', {}, { nesterov: true }, TypeError, fixed('nesterov', false, true)],
  ['Yogi', {}, { initialAccumulatorValue: 0.1 }, TypeError, fixed('initialAccumulatorValue', 1e-6, 0.1)],
  ['ADOPT', {}, { nesterov: true }, TypeError, fixed('nesterov', false, true)],
  ...['Adam', 'AdamW'].flatMap((rule): Row[] => [
    [rule, {}, { amsgrad: true }, TypeError, fixed('amsgrad', false, true)],
    [rule, { amsgrad: true }, { amsgrad: false }, TypeError, fixed('amsgrad', true, false)],
  ]),
]

const contradictions: [Options, string][] = [
  [{ nesterov: true }, nesterov(0, 0)],
  [{ nesterov: true, momentum: 0.9, dampening: 0.1 }, nesterov(0.9, 0.1)],
  [{ momentumForm: 'ema', momentum: 1 }, ema(1, 0)],
  [{ momentumForm: 'ema', momentum: 0.5, dampening: 0.5 }, ema(0.5, 0.5)],
]

describe.each(backends)('$label', ({ use }) => {
  const make = (name: string, options: Options, steps = 1) => {
    const params = { weights: noise(1, 5, 'float32'), bias: noise(2, 3, 'float64') }
    const opt = use(() => ruleNamed(name).create(params, options))
    for (let t = 0; t < steps; t++) {
      opt.step({ weights: noise(3 + t, 5, 'float32'), bias: noise(4 + t, 3, 'float64') })
    }
    return opt
  }

  test.each(changes)('%s %j: no change to %j', (name, from, change, type, message) => {
    const opt = make(name, from)
    expectError(
      () => Object.assign(opt.groups[0], change),
      type,
      `${name}:${message}`,
      () => snapshot(opt),
    )
  })

  test.each(changes.filter(([, , , type]) => type === TypeError))(
    '%s %j: no state of %j',
    (name, from, change, _, message) => {
      const opt = make(name, from)
      const saved = make(name, { ...from, ...change }, 2).stateDict()
      const text = `${name}.loadStateDict: group 0:${message}`
      expectError(
        () => opt.loadStateDict(saved),
        TypeError,
        text,
        () => snapshot(opt),
      )
    },
  )

  test.each(contradictions)('SGD %j', (options, message) => {
    expectError(() => make('SGD', options), RangeError, `SGD:${message}`)
    const groups = [{ params: { w: noise(1, 3, 'float32') }, ...options }]
    expectError(() => use(() => ruleNamed('SGD').create(groups)), RangeError, `SGD:${message}`)
  })

  test('what stays on its side of zero may change', () => {
    const opt = make('SGD', { momentum: 0.9 })
    Object.assign(opt.groups[0], { momentum: 0.5, dampening: 0.25 })
    const saved = make('SGD', { momentum: 0.7 }).stateDict()
    opt.loadStateDict(saved)
    expect(opt.groups[0].momentum).toBe(0.7)
    expect(opt.groups[0].dampening).toBe(0)
  })

  test('in the second of two groups', () => {
    const params = [
      { params: { a: noise(1, 5, 'float32') } },
      { params: { b: noise(2, 5, 'float32') }, amsgrad: true },
    ]
    const opt = use(() => ruleNamed('Adam').create(params))
    const change = () => Object.assign(opt.groups[1], { amsgrad: false })
    expectError(change, TypeError, `Adam:${fixed('amsgrad', true, false)}`, () => snapshot(opt))
    const saved = opt.stateDict()
    saved.groups.reverse()
    expect(() => opt.loadStateDict(saved)).not.toThrow()
    expect(opt.groups.map(({ amsgrad }) => amsgrad)).toEqual([false, true])
    saved.groups[0].amsgrad = false
    expectError(
      () => opt.loadStateDict(saved),
      TypeError,
      `Adam.loadStateDict: group 0:${fixed('amsgrad', true, false)}`,
      () => snapshot(opt),
    )
  })
})
