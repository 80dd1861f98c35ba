// What low-precision state rejects: options that contradict it, float64, sparse gradients, states of another format.
import { memoryPlan } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { detach, expectError, noise, ruleNamed, snapshot } from './untyped'

const N = 4100
const FORMATS = ['bf16', 'int8']
const { create } = ruleNamed('AdamW')

describe.each(backends)('$label', ({ use }) => {
  test.each(FORMATS)('%s: options that contradict it', (stateDtype) => {
    const make = (name: string, options: object) => () =>
      use(() => ruleNamed(name).create([[N]], { ...options, stateDtype }))
    for (const name of ['Adam', 'AdamW']) {
      const message = `${name}: amsgrad must be false with stateDtype "${stateDtype}", got true`
      expectError(make(name, { amsgrad: true }), RangeError, message)
    }
    for (const options of [{ centered: true }, { momentum: 0.5 }]) {
      const message = new RegExp(
        `^RMSprop: stateDtype "${stateDtype}" needs no momentum and centered false, got `,
      )
      expectError(make('RMSprop', options), RangeError, message)
    }
    expectError(make('LAMB', {}), TypeError, /^LAMB: unknown option "stateDtype"/)
  })

  test.each(FORMATS)('%s: float64, in any group', (stateDtype) => {
    const message = (who: string) =>
      `${who}: parameter "b" must be float32, of which stateDtype "${stateDtype}" keeps the state, got float64`
    const [w, b] = [new Float32Array(3), new Float64Array(3)]
    expectError(() => use(() => create({ w, b }, { stateDtype })), TypeError, message('AdamW'))
    expectError(() => memoryPlan({ w, b }, 'AdamW', { stateDtype }), TypeError, message('memoryPlan'))
    const groups = [{ params: { w } }, { params: { b }, stateDtype }]
    expectError(() => use(() => create(groups)), TypeError, message('AdamW'))
    use(() => create([{ params: { w }, stateDtype }, { params: { b } }])).step({
      w: noise(1, 3, 'float32'),
      b: noise(1, 3, 'float64'),
    })
  })

  test.each(FORMATS)('%s: a sparse gradient', (stateDtype) => {
    const opt = use(() => ruleNamed('Adagrad').create([[N]], { stateDtype }))
    const sparse = { indices: [3], values: Float32Array.of(1) }
    const message = /^Adagrad.step: gradient "0" must be a float32 array of all rows/
    expectError(
      () => opt.step([sparse]),
      TypeError,
      message,
      () => snapshot(opt),
    )
  })

  test('the format is fixed at construction', () => {
    const opt = use(() => create([[N]], { stateDtype: 'bf16' }))
    const message = 'AdamW: stateDtype is fixed at construction (bf16, got int8)'
    expectError(() => Object.assign(opt.groups[0], { stateDtype: 'int8' }), TypeError, message)
    opt.groups[0].seed = 7
    expect(opt.stateDict().groups[0]).toMatchObject({ stateDtype: 'bf16', seed: 7 })
  })

  test('a state of another format', () => {
    const make = (stateDtype: string) => {
      const opt = use(() => create([[N]], { stateDtype }))
      opt.step([noise(1, N, 'float32')])
      return opt
    }
    const formats = ['float32', ...FORMATS]
    for (const from of formats) {
      for (const to of formats.filter((format) => format !== from)) {
        const opt = make(to)
        const message = `AdamW.loadStateDict: group 0: stateDtype is fixed at construction (${to}, got ${from})`
        expectError(
          () => opt.loadStateDict(make(from).stateDict()),
          TypeError,
          message,
          () => snapshot(opt),
        )
      }
    }
  })

  test.each([
    ['bf16', 'expAvg', 'uint16', Uint16Array],
    ['int8', 'expAvg', 'uint8', Uint8Array],
  ] as const)('%s: arrays of a wrong kind', (stateDtype, slot, type, Type) => {
    const opt = use(() => create([[N]], { stateDtype }))
    opt.step([noise(1, N, 'float32')])
    const attempt = (name: string, value: unknown, message: string) => {
      const saved = opt.stateDict()
      Object.assign(saved.state[0], { [name]: value })
      const text = `AdamW.loadStateDict: parameter "0": ${name} must ${message}`
      expectError(
        () => opt.loadStateDict(saved),
        TypeError,
        text,
        () => snapshot(opt),
      )
    }
    attempt(slot, undefined, `be a ${type} array of length ${N}, got undefined`)
    attempt(slot, new Float32Array(N), `be a ${type} array of length ${N}, got Float32Array(${N})`)
    attempt(slot, new Type(N - 1), `be a ${type} array of length ${N}, got ${Type.name}(${N - 1})`)
    attempt(slot, detach(new Type(N) as never), 'not be detached (its buffer was transferred)')
    if (stateDtype === 'int8') {
      const scales = 'expAvgSqScales'
      attempt(scales, undefined, 'be a Float32Array or Float64Array, got undefined')
      attempt(scales, new Float32Array(16), 'be a float32 array of length 17, got Float32Array(16)')
      attempt(scales, new Float64Array(17), 'be a float32 array of length 17, got Float64Array(17)')
    }
    opt.loadStateDict(opt.stateDict())
  })
})
