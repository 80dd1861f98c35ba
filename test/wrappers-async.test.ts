// Wrappers off the event loop: the bits of `step`, and nothing else while the step inside is in flight.
import { AdamW, EMA, Lookahead, SAM, type StepInfo, type StepOptions, SWA, type Wrapper } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { expectSameBits } from './bits'
import { expectError } from './untyped'

const LENGTH = 1000

const create = () => {
  const opt = new AdamW({ w: [LENGTH] }, { lr: 0.1, threads: 2 })
  opt.params.w.forEach((_, i) => {
    opt.params.w[i] = Math.sqrt(i + 1) - 20
  })
  return opt
}

type Inner = ReturnType<typeof create>

/** The gradient of Σ (w − 1)⁴/4, which SAM's perturbation changes. */
const closureOf = (opt: { params: Inner['params'] }) => (grads: Inner['grads']) => {
  let loss = 0
  opt.params.w.forEach((w, i) => {
    grads.w[i] = (w - 1) ** 3
    loss += (w - 1) ** 4 / 4
  })
  return loss
}

const wrappers = {
  EMA: (opt: Inner) => new EMA(opt, { decay: 0.75 }),
  SWA: (opt: Inner) => new SWA(opt, { start: 2 }),
  Lookahead: (opt: Inner) => new Lookahead(opt, { k: 2, alpha: 0.25 }),
  SAM: (opt: Inner) => new SAM(opt, { rho: 0.5 }),
  'EMA of Lookahead of SAM': (opt: Inner) => new EMA(new Lookahead(new SAM(opt), { k: 2 }), { decay: 0.5 }),
} as unknown as Record<string, (opt: Inner) => Wrapper<Inner, object>>

const flatten = (value: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> => {
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) into.set(path, value)
  else for (const [key, item] of Object.entries(value)) flatten(item, `${path}.${key}`, into)
  return into
}

describe.each(backends)('$label', ({ use }) => {
  test.each(Object.entries(wrappers))('%s', async (_name, wrap) => {
    const [one, other] = use(() => [create(), create()])
    const [sync, async_] = use(() => [wrap(one), wrap(other)])
    for (let t = 0; t < 5; t++) {
      const options: StepOptions = { clipNorm: 100, skipNonFinite: true }
      const info: StepInfo = await async_.stepAsync(closureOf(other), options)
      expect(info).toEqual(sync.step(closureOf(one), options))
    }
    expectSameBits('parameter', other.params.w, one.params.w)
    const wanted = flatten(sync.stateDict(), '', new Map())
    const got = flatten(async_.stateDict(), '', new Map())
    expect([...got.keys()]).toEqual([...wanted.keys()])
    for (const [path, value] of wanted) {
      if (ArrayBuffer.isView(value))
        expectSameBits(path, got.get(path) as Float32Array, value as Float32Array)
      else expect(got.get(path), path).toEqual(value)
    }
    expect(async_.stepCount).toBe(5)
  })

  test('while a step is in flight', async () => {
    const opt = use(create)
    const ema = use(() => new EMA(opt, { decay: 0.5 }))
    ema.step()
    const saved = ema.stateDict()
    const step = ema.stepAsync()
    expect(ema.busy).toBe(true)
    const refused: [string, () => unknown][] = [
      ['step', () => ema.step()],
      ['stateDict', () => ema.stateDict()],
      ['loadStateDict', () => ema.loadStateDict(saved)],
      ['swap', () => ema.swap()],
      ['eval', () => ema.eval()],
      ['train', () => ema.train()],
    ]
    // Also between the end of the step inside and the update of the average.
    const inside: unknown[] = []
    while (ema.busy) {
      for (const [what, call] of refused) {
        expectError(call, Error, `EMA.${what} must wait for stepAsync: a step is in flight`)
      }
      inside.push(opt.busy)
      await (opt.busy ? new Promise((resolve) => setImmediate(resolve)) : undefined)
    }
    expect(inside.length).toBeGreaterThan(0)
    expect(await step).toMatchObject({ step: 2 })
    expect([ema.busy, ema.stepCount, ema.count]).toEqual([false, 2, 2])
  })

  test('refused and skipped steps', async () => {
    const opt = use(create)
    const swa = use(() => new SWA(opt))
    await expect(swa.stepAsync(null, { clipNorm: -1 })).rejects.toThrow(RangeError)
    opt.grads.w[7] = Number.NaN
    expect(await swa.stepAsync(null, { skipNonFinite: true })).toMatchObject({ skipped: true })
    expect([swa.busy, swa.stepCount, swa.count]).toEqual([false, 0, 0])
    opt.grads.w[7] = 1
    await swa.stepAsync()
    swa.swap()
    await expect(swa.stepAsync()).rejects.toThrow('SWA.stepAsync must be called on the live weights')
    const sam = use(() => new SAM(create()))
    await expect(sam.stepAsync()).rejects.toThrow(
      new TypeError('SAM.stepAsync: grads must be a closure, since two gradients are needed, got undefined'),
    )
    const yours = use(() => new EMA(new AdamW([new Float32Array(2)])))
    await expect(yours.stepAsync()).rejects.toThrow('AdamW.stepAsync: parameters must be owned')
    const { stepAsync: _, ...methods } = Object.fromEntries(
      ['step', 'zeroGrad', 'stateDict', 'loadStateDict', 'train', 'eval', 'freeze', 'stepAsync'].map(
        (name) => [name, () => ({})],
      ),
    )
    const other = { ...methods, params: opt.params, groups: opt.groups, backend: opt.backend }
    await expect(new EMA(other as never).stepAsync()).rejects.toThrow(
      new TypeError('EMA.stepAsync: the optimizer inside must have stepAsync, too'),
    )
  })
})

test('a saved average that was never updated cannot be in the place of the weights', () => {
  const ema = new EMA(create())
  const saved = ema.stateDict()
  expectError(
    () => ema.loadStateDict({ ...saved, swapped: true }),
    RangeError,
    'EMA.loadStateDict: swapped must be false before the first update, got true',
  )
  expect(ema.step()).toMatchObject({ step: 1 })
})
