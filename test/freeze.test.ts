// Freezing by name: frozen tensors and their state stay to the last bit, whatever form gradients come in.
import { AdamW, SGD } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { expectError, noise, snapshot, type Untyped } from './untyped'

const NAMES = ['embed.w', 'head.w', 'head.b']
const make = () =>
  new AdamW(Object.fromEntries(NAMES.map((name, k) => [name, noise(k, 5, 'float32')])), { lr: 0.1 })
const gradients = (t: number) =>
  Object.fromEntries(NAMES.map((name, k) => [name, noise(t + 9 * k, 5, 'float32')]))

describe.each(backends)('$label', ({ use }) => {
  test('is what null gradients are', () => {
    const [frozen, nulls] = [use(make), use(make)]
    for (let t = 0; t < 6; t++) {
      if (t === 2) expect(frozen.freeze('embed.w')).toEqual(['embed.w'])
      if (t === 4) expect(frozen.unfreeze(/embed/)).toEqual(['embed.w'])
      const grads = gradients(t)
      const info = frozen.step(grads, { clipNorm: 0.5 })
      expect(info).toEqual(
        nulls.step(t === 2 || t === 3 ? { ...grads, 'embed.w': null } : grads, { clipNorm: 0.5 }),
      )
    }
    expect(snapshot(frozen as unknown as Untyped)).toEqual(snapshot(nulls as unknown as Untyped))
  })

  test('gradients of its own and a closure', () => {
    const opt = use(() => new SGD({ a: [2], b: [2] }, { lr: 1 }))
    opt.freeze('a')
    opt.grads.a.fill(1)
    opt.grads.b.fill(1)
    opt.step(undefined, { zeroGrad: true })
    expect([...opt.params.a, ...opt.params.b, ...opt.grads.a]).toEqual([0, 0, -1, -1, 0, 0])
    opt.step(
      (g) => {
        g.a.fill(Number.NaN)
        g.b.fill(1)
        return 0
      },
      { skipNonFinite: true },
    )
    expect([...opt.params.a, ...opt.params.b]).toEqual([0, 0, -2, -2])
  })
})

test('what can be selected', () => {
  const opt = make()
  const shapes: unknown[] = []
  const some = opt.freeze((name, shape) => {
    shapes.push(shape)
    return name.startsWith('head')
  })
  expect([some, shapes, opt.frozen]).toEqual([
    ['head.w', 'head.b'],
    [[5], [5], [5]],
    ['head.w', 'head.b'],
  ])
  expect(opt.unfreeze(['head.b', 'embed.w'])).toEqual(['head.b'])
  expect(opt.freeze(/\.w$/g)).toEqual(['embed.w', 'head.w'])
  expect(opt.freeze(/nothing/)).toEqual([])
  expect(opt.unfreeze()).toEqual(['head.w', 'embed.w'].sort())
  expect(opt.frozen).toEqual([])
  expect(new SGD([[2, 3], { data: new Float32Array(4), shape: [4, 1] }]).shapes).toEqual([
    [2, 3],
    [4, 1],
  ])
  expect(new SGD({ a: [2, 3], b: new Float32Array(4) }).shapes).toEqual({ a: [2, 3], b: [4] })
})

test('wrong selections change nothing', () => {
  const opt = make()
  opt.freeze('head.b')
  for (const [which, message] of [
    ['head.c', 'AdamW.freeze: unknown parameter "head.c"; did you mean "head.w"?'],
    [['embed.w', 'x'], 'AdamW.freeze: unknown parameter "x"; known: embed.w, head.w, head.b'],
    [3, 'AdamW.freeze must be a name, a list of names, a regular expression or a function, got 3'],
    [[3], 'AdamW.freeze must be a name, a list of names, a regular expression or a function, got [3]'],
    [() => 1, 'AdamW.freeze: what the function returns must be a boolean, got 1'],
  ] as const)
    expectError(
      () => opt.freeze(which as never),
      TypeError,
      message,
      () => opt.frozen,
    )
})
