// What loadStateDict rejects: other rules, other tensors, truncated and malformed states; nothing changes.
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  bits,
  detach,
  type ErrorClass,
  expectError,
  noise,
  RULES,
  resizable,
  type State,
  snapshot,
} from './untyped'

type Row = [
  title: string,
  spoil: (saved: State, slot: string) => unknown,
  type: ErrorClass,
  message: string | RegExp | ((slot: string) => string),
]

const { NaN: nan } = Number
const record = 'must be a record as stateDict() returns, got'
const set =
  (change: (saved: State, slot: string) => unknown) =>
  (saved: State, slot: string): State => {
    change(saved, slot)
    return saved
  }

const wrong: Row[] = [
  ['nothing', () => undefined, TypeError, ` ${record} undefined`],
  ['null', () => null, TypeError, ` ${record} null`],
  ['a list', () => [1], TypeError, ` ${record} [1]`],
  ['text', () => 'state', TypeError, ` ${record} "state"`],
  ['an empty record', () => ({}), TypeError, /: the state must be of \w+, got undefined$/],
  [
    'JSON',
    (saved) => JSON.parse(JSON.stringify(saved)),
    TypeError,
    /: parameter "bias": \w+ must be a float64 array of length 3, got Object; JSON does not keep typed arrays: save /,
  ],
  [
    'another rule',
    set((saved) => {
      saved.rule = 'SDG'
    }),
    TypeError,
    /: the state must be of \w+, got SDG$/,
  ],
  ...[
    [nan, RangeError, 'NaN'],
    [-1, RangeError, '-1'],
    [1.5, RangeError, '1.5'],
    ['2', TypeError, '"2"'],
    [undefined, TypeError, 'undefined'],
  ].flatMap(([step, type, got]): Row[] => [
    [
      `step ${got}`,
      set((saved) => {
        saved.step = step
      }),
      type as ErrorClass,
      `: step must be an integer ≥ 0, got ${got}`,
    ],
    [
      `tensor step ${got}`,
      set((saved) => {
        saved.state.bias.step = step as number
      }),
      type as ErrorClass,
      `: parameter "bias": step must be an integer ≥ 0, got ${got}`,
    ],
  ]),
  [
    'no groups',
    set((saved) => Object.assign(saved, { groups: undefined })),
    TypeError,
    ': groups must be a list of 1 groups, got undefined',
  ],
  [
    'two groups',
    set((saved) => saved.groups.push(saved.groups[0])),
    TypeError,
    ': groups must be a list of 1 groups, got [Object, Object]',
  ],
  [
    'a hole for a group',
    set((saved) => Object.assign(saved, { groups: new Array(1) })),
    TypeError,
    `: group 0 ${record} undefined`,
  ],
  [
    'a group of other parameters',
    set((saved) => Object.assign(saved.groups[0], { params: ['weights'] })),
    RangeError,
    ': group 0 must hold the parameters of one of the groups here, got ["weights"]',
  ],
  [
    'a group without parameters',
    set((saved) => delete saved.groups[0].params),
    RangeError,
    ': group 0 must hold the parameters of one of the groups here, got undefined',
  ],
  [
    'a rate of NaN',
    set((saved) => Object.assign(saved.groups[0], { lr: nan })),
    RangeError,
    ': group 0: lr must be in [0, Infinity), got NaN',
  ],
  [
    'an unknown option',
    set((saved) => Object.assign(saved.groups[0], { lrr: 1 })),
    TypeError,
    ': group 0: unknown option "lrr"; did you mean "lr"?',
  ],
  [
    'an initial rate of NaN',
    set((saved) => Object.assign(saved.groups[0], { initialLr: nan })),
    RangeError,
    ': group 0: initialLr must be in [0, Infinity), got NaN',
  ],
  [
    'a negative initial rate',
    set((saved) => Object.assign(saved.groups[0], { initialLr: -1 })),
    RangeError,
    ': group 0: initialLr must be in [0, Infinity), got -1',
  ],
  ['no state', set((saved) => Object.assign(saved, { state: null })), TypeError, `: state ${record} null`],
  [
    'a missing parameter',
    set((saved) => delete saved.state.bias),
    TypeError,
    `: parameter "bias" ${record} undefined`,
  ],
  [
    'an unknown parameter',
    set((saved) => Object.assign(saved.state, { wieghts: saved.state.weights })),
    TypeError,
    ': unknown parameter "wieghts"; did you mean "weights"?',
  ],
  [
    'a missing array',
    set((saved, slot) => delete saved.state.bias[slot]),
    TypeError,
    (slot) => `: parameter "bias": ${slot} must be a Float32Array or Float64Array, got undefined`,
  ],
  [
    'an unknown array',
    set((saved) => Object.assign(saved.state.bias, { exp_avg_quad: saved.state.bias.expAvg })),
    TypeError,
    /: parameter "bias": unknown state "exp_avg_quad"; (did you mean "\w+"\?|known: step, \w+)/,
  ],
  [
    'another length',
    set((saved, slot) => Object.assign(saved.state.bias, { [slot]: new Float64Array(2) })),
    TypeError,
    (slot) => `: parameter "bias": ${slot} must be a float64 array of length 3, got Float64Array(2)`,
  ],
  [
    'another element type',
    set((saved, slot) => Object.assign(saved.state.bias, { [slot]: new Float32Array(3) })),
    TypeError,
    (slot) => `: parameter "bias": ${slot} must be a float64 array of length 3, got Float32Array(3)`,
  ],
  [
    'a detached array',
    set((saved, slot) => detach(saved.state.bias[slot] as Float64Array)),
    TypeError,
    (slot) => `: parameter "bias": ${slot} must not be detached (its buffer was transferred)`,
  ],
  [
    'numbers',
    set((saved, slot) => Object.assign(saved.state.bias, { [slot]: [1, 2, 3] })),
    TypeError,
    (slot) =>
      `: parameter "bias": ${slot} must be a float64 array of length 3, got [1, 2, 3]; JSON does not keep typed arrays: save the state with encodeState, structuredClone or IndexedDB`,
  ],
]

/** Titles of what only rules with state arrays can meet. */
const aboutArrays = /array|length|element type|numbers|JSON/

describe.each(backends)('$label', ({ use }) => {
  describe.each(RULES)('$name', ({ name, create, variants }) => {
    const who = `${name}.loadStateDict`
    const make = (steps: number) => {
      const opt = use(() =>
        create({ bias: noise(1, 3, 'float64'), weights: noise(2, 19, 'float32') }, variants[0]),
      )
      for (let t = 0; t < steps; t++) {
        opt.step({ bias: noise(3 + t, 3, 'float64'), weights: noise(9 + t, 19, 'float32') })
      }
      return opt
    }
    const firstSlot = (saved: State) =>
      Object.keys(saved.state.bias).find((key) => typeof saved.state.bias[key] !== 'number') ?? ''
    const hasSlots = firstSlot(make(0).stateDict()) !== ''

    test.each(wrong.filter(([title]) => hasSlots || !aboutArrays.test(title)))(
      '%s',
      (_, spoil, type, message) => {
        const opt = make(1)
        const other = make(2).stateDict()
        Object.assign(other.groups[0], { lr: 0.5 })
        const slot = firstSlot(other)
        const bad = spoil(other, slot)
        const text = typeof message === 'function' ? message(slot) : message
        expectError(
          () => opt.loadStateDict(bad),
          type,
          typeof text === 'string' ? `${who}${text}` : text,
          () => snapshot(opt),
        )
        const good = make(3)
        opt.loadStateDict(good.stateDict())
        expect(opt.stateDict()).toEqual(good.stateDict())
      },
    )

    test('of every other rule and variant', () => {
      const opt = make(1)
      for (const rule of RULES) {
        for (const options of rule.variants) {
          const other = use(() => rule.create({ bias: [3], weights: [19] }, { ...options, dtype: 'float64' }))
          if (rule.name === name && (options === variants[0] || !hasSlots)) continue
          const message =
            rule.name === name
              ? new RegExp(`^${who}: (group 0: .* construction|parameter "weights": .* float32 array)`)
              : `${who}: the state must be of ${name}, got ${rule.name}`
          expectError(
            () => opt.loadStateDict(other.stateDict()),
            TypeError,
            message,
            () => snapshot(opt),
          )
        }
      }
    })

    test.runIf(hasSlots)('an array over a resizable buffer', () => {
      const opt = make(1)
      const saved = opt.stateDict()
      saved.state.weights[firstSlot(saved)] = resizable(19)
      expectError(
        () => opt.loadStateDict(saved),
        TypeError,
        /resizable buffer/,
        () => snapshot(opt),
      )
    })

    test.runIf(hasSlots)('a state is a copy, before and after', () => {
      const opt = make(2)
      const saved = opt.stateDict()
      const slot = firstSlot(saved)
      const before = bits(saved.state.weights[slot] as Float32Array)
      opt.loadStateDict(saved)
      ;(saved.state.weights[slot] as Float32Array).fill(7)
      Object.assign(saved.groups[0], { lr: 7, params: [] })
      expect(bits(opt.stateDict().state.weights[slot] as Float32Array)).toBe(before)
      expect(opt.groups[0].lr).toBe(variants[0].lr)
    })
  })
})
