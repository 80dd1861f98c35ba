// Wrappers as optimizers: what they pass on, what they refuse, and what a call that throws leaves behind.
import { EMA, Lookahead, SAM, SGD, StepLR, SWA } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { bits, detach, expectError } from './untyped'

const make = (lr = 1) => new SGD({ w: Float32Array.of(1, 2), b: Float32Array.of(3) }, { lr })
const gradients = () => ({ w: Float32Array.of(1, 1), b: Float32Array.of(1) })
const CLASSES = { Lookahead, SAM, EMA, SWA } as unknown as Record<
  string,
  new (
    inner: unknown,
    options?: unknown,
  ) => EMA<ReturnType<typeof make>>
>
const everything = (opt: { params: object; stateDict(): unknown }) =>
  JSON.stringify([Object.values(opt.params).map(bits), opt.stateDict()], (_, value) =>
    ArrayBuffer.isView(value) ? bits(value as Float32Array) : value,
  )

describe.each(Object.entries(CLASSES))('%s', (name, Class) => {
  const steps = name === 'SAM' ? () => 1 : gradients()

  test('passes on what the inner optimizer has', () => {
    const inner = make()
    const opt = new Class(inner)
    expect(opt.inner).toBe(inner)
    for (const member of ['params', 'grads', 'groups', 'shapes', 'backend'] as const)
      expect(opt[member]).toBe(inner[member])
    opt.grads.b[0] = 7
    opt.zeroGrad()
    expect(inner.grads.b[0]).toBe(0)
    expect(opt.freeze('b')).toEqual(['b'])
    expect([opt.frozen, inner.frozen]).toEqual([['b'], ['b']])
    opt.step(steps as never)
    expect(opt.params.b[0]).toBe(3)
    expect(opt.unfreeze()).toEqual(['b'])
    opt.eval()
    expect(inner.mode).toBe('eval')
    opt.train()
    expect([opt.mode, inner.mode]).toEqual(['train', 'train'])
    new StepLR(opt, { stepSize: 1, gamma: 0.5 }).step()
    expect(inner.groups[0].lr).toBe(0.5)
  })

  test('options are checked, at any time', () => {
    for (const bad of [undefined, null, 1, {}, { step() {} }]) {
      expect(() => new Class(bad)).toThrow(TypeError)
    }
    const known = new Class(make()).options as unknown as Record<string, unknown>
    for (const option of Object.keys(known)) {
      const wrong = typeof known[option] === 'boolean' ? [1, 'x'] : [-1, Number.NaN, '1', null]
      for (const value of wrong) {
        const opt = new Class(make())
        const message = new RegExp(`^${name}: ${option} must be .*, got `)
        const type = typeof value === 'number' && typeof known[option] === 'number' ? RangeError : TypeError
        expectError(() => new Class(make(), { [option]: value }), type, message)
        const assign = () => Object.assign(opt.options, { [option]: value })
        expectError(assign, type, message, () => everything(opt))
      }
      expectError(() => new Class(make(), { [`${option}s`]: 1 }), TypeError, /unknown option/)
    }
    expect(() => Object.assign(new Class(make()).options, { other: 1 })).toThrow(TypeError)
  })

  test.each([0, 1])('a step that throws changes nothing, after %s steps', (taken) => {
    const opt = new Class(make())
    if (taken > 0) opt.step(steps as never)
    const same = () => everything(opt)
    expectError(() => opt.step(steps as never, { clipNorm: -1 }), RangeError, /clipNorm/, same)
    expectError(
      () => opt.step(steps as never, { clip: 1 } as never),
      TypeError,
      /unknown option "clip"/,
      same,
    )
    expectError(
      () => opt.step({ w: null } as never),
      TypeError,
      name === 'SAM' ? /a closure/ : /missing/,
      same,
    )
  })

  test('states are checked before anything is loaded', () => {
    const opt = new Class(make())
    opt.step(steps as never)
    const good = opt.stateDict()
    expect(() => opt.loadStateDict(structuredClone(good))).not.toThrow()
    const broken: Record<string, unknown>[] = [
      { rule: 'Other' },
      { step: -1 },
      { step: '1' },
      { options: null },
      { options: { other: 1 } },
      { state: null },
      { inner: null },
      { inner: { ...(good.inner as object), step: 0.5 } },
    ]
    if (name !== 'SAM') {
      const [slot] = Object.keys(good.state.w)
      broken.push({ state: { ...good.state, other: {} } }, { state: { w: good.state.w } })
      for (const array of [
        new Float32Array(3),
        new Float64Array(2),
        [1, 2],
        undefined,
        detach(new Float32Array(2)),
      ])
        broken.push({ state: { ...good.state, w: { [slot]: array } } })
    }
    if ('count' in good) broken.push({ count: -1 }, { count: undefined }, { swapped: 1 })
    for (const change of broken) {
      const load = () => opt.loadStateDict({ ...good, ...change } as never)
      const before = everything(opt)
      expect(load, JSON.stringify(change)).toThrow(/^\w+\.loadStateDict(: | must)./)
      expect(everything(opt)).toBe(before)
    }
  })
})

test('options are part of the state', () => {
  const opt = new Lookahead(make(), { k: 3, alpha: 0.25 })
  const other = new Lookahead(make())
  other.loadStateDict(opt.stateDict())
  expect({ ...other.options }).toEqual({ k: 3, alpha: 0.25 })
})

test('detached parameters are refused before a kernel sees them', () => {
  const w = Float32Array.of(1, 2)
  const ema = new EMA(new SGD({ w }, { lr: 1 }))
  ema.step({ w: Float32Array.of(1, 1) })
  detach(w)
  expectError(
    () => ema.swap(),
    TypeError,
    'EMA.swap: parameter "w" must keep its memory, got a detached array',
  )
  expect(ema.swapped).toBe(false)
  const p = Float32Array.of(1)
  const look = new Lookahead(new SGD({ p }, { lr: 1 }))
  detach(p)
  expect(() => look.step({ p: Float32Array.of(1) })).toThrow(/"p" must keep its memory, got a detached array/)
  for (const call of [1, 2]) {
    const p = Float64Array.of(1, 2)
    const sam = new SAM(new SGD({ p }, { lr: 1 }))
    let calls = 0
    const run = () =>
      sam.step((g) => {
        g.p.fill(1)
        if (++calls === call) detach(p)
        return 1
      })
    expect(run).toThrow(/parameter "p" must keep its memory, got a detached array/)
    expect(sam.stepCount).toBe(0)
  }
})
