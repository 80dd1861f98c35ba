// Threads change nothing but time: every rule has the bits of the reference on 1, 2, 3 and 7 of them, synchronously and
// off the event loop, which keeps turning meanwhile; and an optimizer with a step in flight refuses all else.
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { AdamW, backendInfo, EMA, type FloatArray, type StepOptions } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { type DType, expectSameBits, expectSameState, values } from './bits'
import { type AnyOptimizer, asMatrices, classes, rows } from './catalogue'
import { expectError } from './untyped'

const THREADS = [1, 2, 3, 7]
const LENGTHS = [3 * 4096 + 5, 5, 4096, 0, 3 * 4096 + 5]
const BLOCKS = 4 + 1 + 1 + 0 + 4
const STEPS = 2

function withCutover<T>(cutover: string, make: () => T): T {
  try {
    process.env.CAUCHY_CUTOVER = cutover
    return make()
  } finally {
    delete process.env.CAUCHY_CUTOVER
  }
}

const native = backends.filter(({ backend }) => backend === 'native')
const reference = backends.find(({ backend }) => backend === 'js') as (typeof backends)[number]

async function run(
  name: string,
  options: object,
  form: 'caller' | 'owned',
  dtype: DType,
  step: StepOptions | undefined,
  step_: 'step' | 'stepAsync',
  make: <T>(create: () => T) => T,
): Promise<AnyOptimizer> {
  const start = LENGTHS.map((length, k) => values('normal', dtype, length, 900 + k))
  const params = form === 'owned' ? LENGTHS.map((length) => [length]) : start.map((array) => array.slice())
  const given = rows[name].matrix ? asMatrices(params) : params
  const opt = make(() => new classes[name](given as never, { ...options, dtype }))
  const arrays = opt.params as unknown as FloatArray[]
  if (form === 'owned') arrays.forEach((array, k) => void array.set(start[k]))
  for (let t = 0; t < STEPS; t++) {
    const grads = LENGTHS.map((length, k) => values('normal', dtype, length, 50 * t + k))
    if (step_ === 'step') opt.step(grads, step)
    else {
      const own = opt.grads as unknown as FloatArray[]
      grads.forEach((array, k) => void own[k].set(array))
      await (rows[name].closure ? opt.stepAsync(() => 5, step) : opt.stepAsync(null, step))
    }
  }
  return opt
}

const PIPELINES: (StepOptions | undefined)[] = [undefined, { gradScale: 0.5, clipValue: 1.25, clipNorm: 3 }]

describe.skipIf(native.length === 0).each(native)('$label', ({ use, isa }) => {
  const cases = Object.entries(rows).flatMap(([name, { variants, packed = [] }]) => [
    ...variants.map((options) => ({ name, options, dtypes: ['float32', 'float64'] as const })),
    ...packed.map((options) => ({ name, options, dtypes: ['float32'] as const })),
  ])
  test.each(cases)('$name $options', async ({ name, options, dtypes }) => {
    for (const dtype of dtypes) {
      for (const pipeline of PIPELINES) {
        const expected = await run(name, options, 'caller', dtype, pipeline, 'step', reference.use)
        // Every count on the best instruction set; the others share the code that splits a step.
        for (const threads of isa === native[0].isa ? THREADS : [3]) {
          for (const [form, how] of [
            ['caller', 'step'],
            ['owned', 'stepAsync'],
          ] as const) {
            const make = <T>(create: () => T) => withCutover('0', () => use(create))
            const opt = await run(name, { ...options, threads }, form, dtype, pipeline, how, make)
            const where = `${threads} threads, ${form}, ${how}, ${dtype}`
            expect(opt.backend).toMatchObject({ name: 'native', isa })
            expect(opt.backend.threads, where).toBe(Math.min(threads, BLOCKS))
            const [got, want] = [opt, expected].map(({ params }) => params as unknown as FloatArray[])
            want.forEach((array, k) => void expectSameBits(`${where}: tensor ${k}`, got[k], array))
            expectSameState(where, opt.stateDict(), expected.stateDict())
          }
        }
      }
    }
  })
})

const hasNative = native.length > 0

test.skipIf(!hasNative)('small steps stay on one thread, large ones do not', () => {
  const threadsOf = (length: number) => {
    const opt = new AdamW([[length]], { threads: 2, backend: 'native' })
    opt.step()
    return opt.backend.threads
  }
  expect(threadsOf(1000)).toBe(1)
  expect(threadsOf(1 << 20)).toBe(2)
})

test('as many threads are taken as the pool holds, the calling one included', () => {
  const source = readFileSync(new URL('../native/pool.cc', import.meta.url), 'utf8')
  const held = Number(/constexpr int kMostWorkers = (\d+);/.exec(source)?.[1]) + 1
  const create = (threads: number) => () => new AdamW([[1]], { threads })
  expect(create(held)().stepCount).toBe(0)
  expectError(
    create(held + 1),
    RangeError,
    `AdamW: threads must be an integer in [1, ${held}], got ${held + 1}`,
  )
})

test.each(backends)('threads are an option everywhere: $label', ({ use, backend }) => {
  const opt = use(() => new AdamW([[100_000]], { threads: 4 }))
  opt.step()
  expect(opt.backend.threads).toBe(1)
  if (backend !== 'native')
    expect(withCutover('0', () => use(() => new AdamW([[8]], { threads: 4 }))).step()).toBeDefined()
  const create = (threads: unknown) => () => use(() => new AdamW([[1]], { threads: threads as number }))
  expectError(create(0), RangeError, 'AdamW: threads must be an integer in [1, 256], got 0')
  expectError(create(1.5), RangeError, 'AdamW: threads must be an integer in [1, 256], got 1.5')
  expectError(create(257), RangeError, 'AdamW: threads must be an integer in [1, 256], got 257')
  expect(create(256)().step()).toMatchObject({ step: 1 })
  expectError(create('2'), TypeError, 'AdamW: threads must be an integer in [1, 256], got "2"')
})

test('CAUCHY_THREADS is the default', () => {
  try {
    process.env.CAUCHY_THREADS = '2'
    const opt = new AdamW([[1 << 20]])
    opt.step()
    expect(opt.backend.threads).toBe(backendInfo().name === 'native' ? 2 : 1)
    process.env.CAUCHY_THREADS = 'many'
    expectError(
      () => new AdamW([[1]]),
      RangeError,
      'AdamW: CAUCHY_THREADS must be an integer in [1, 256], got NaN',
    )
  } finally {
    delete process.env.CAUCHY_THREADS
  }
})

describe.each(backends)('stepAsync, $label', ({ use }) => {
  const create = () => use(() => new AdamW({ w: [2000] }, { lr: 0.1, threads: 2 }))

  test('carries what step returns', async () => {
    const opt = create()
    opt.grads.w.fill(2)
    expect(await opt.stepAsync(null, { clipNorm: 1 })).toEqual({
      step: 1,
      skipped: false,
      gradNorm: Math.sqrt(2000 * 4),
    })
    const closure = ({ w }: typeof opt.grads) => {
      w.fill(1)
      return 7
    }
    expect(await opt.stepAsync(closure)).toMatchObject({ step: 2, loss: 7 })
    opt.grads.w[3] = Number.NaN
    expect(await opt.stepAsync(null, { skipNonFinite: true })).toMatchObject({ step: 2, skipped: true })
    await opt.stepAsync(null, { zeroGrad: true })
    expect(opt.grads.w.every((x) => x === 0)).toBe(true)
  })

  test('nothing else goes while a step is in flight', async () => {
    const opt = create()
    opt.grads.w.fill(2)
    const saved = opt.stateDict()
    const step = opt.stepAsync()
    const refused: [string, () => unknown][] = [
      ['step', () => opt.step()],
      ['stateDict', () => opt.stateDict()],
      ['loadStateDict', () => opt.loadStateDict(saved)],
      ['zeroGrad', () => opt.zeroGrad()],
      ['train', () => opt.train()],
      ['eval', () => opt.eval()],
      ['freeze', () => opt.freeze('w')],
      ['unfreeze', () => opt.unfreeze('w')],
      ['lr', () => Object.assign(opt.groups[0], { lr: 1 })],
    ]
    for (const [what, call] of refused) {
      expectError(call, Error, `AdamW.${what} must wait for stepAsync: a step is in flight`)
    }
    await expect(opt.stepAsync()).rejects.toThrow('AdamW.stepAsync must wait for stepAsync')
    expect(await step).toMatchObject({ step: 1 })
    expect(opt.groups[0].lr).toBe(0.1)
    expect(opt.step()).toMatchObject({ step: 2 })
  })

  test('nor what wrappers do with the weights', async () => {
    const opt = create()
    const ema = new EMA(opt, { decay: 0.5 })
    opt.grads.w.fill(2)
    ema.step()
    const step = opt.stepAsync()
    const refused = 'must wait for stepAsync: a step is in flight'
    expectError(() => ema.swap(), Error, `EMA.swap ${refused}`)
    expectError(() => ema.withAverage(() => 0), Error, `EMA.swap ${refused}`)
    expectError(() => ema.step(), Error, `EMA.step ${refused}`)
    await step
    expect(ema.withAverage(() => opt.params.w[0])).not.toBe(opt.params.w[0])
  })

  test('a step that is refused leaves the optimizer free', async () => {
    const opt = create()
    await expect(opt.stepAsync(null, { clipNorm: -1 })).rejects.toThrow(RangeError)
    const failing = () => {
      throw new Error('no loss')
    }
    await expect(opt.stepAsync(failing)).rejects.toThrow('no loss')
    expect(opt.step().step).toBe(1)
  })

  test('takes no arrays of yours', async () => {
    const own = use(() => new AdamW({ w: new Float32Array(4) }))
    await expect(own.stepAsync()).rejects.toThrow(
      new TypeError('AdamW.stepAsync: parameters must be owned, given as shapes, got your own arrays'),
    )
    await expect(create().stepAsync({ w: new Float32Array(2000) } as never)).rejects.toThrow(TypeError)
  })
})

test.skipIf(!hasNative)(
  'the event loop keeps turning during a large step',
  async () => {
    const opt = new AdamW([[1 << 26]], { backend: 'native', threads: 2 })
    let turns = 0
    let running = true
    const turn = () => {
      turns++
      if (running) setImmediate(turn)
    }
    setImmediate(turn)
    await opt.stepAsync()
    running = false
    expect(turns).toBeGreaterThan(10)
    expect((opt.params[0] as Float32Array)[0]).toBe(0)
  },
  60_000,
)

test.skipIf(!hasNative)('several optimizers at once have the bits of each alone', async () => {
  const make = () => {
    const opt = withCutover('0', () => new AdamW([[50_000]], { backend: 'native', threads: 2, lr: 0.1 }))
    opt.grads[0].set(values('normal', 'float32', 50_000, 3))
    return opt
  }
  const [alone, ...others] = Array.from({ length: 5 }, make)
  for (let t = 0; t < 20; t++) {
    alone.step()
    await Promise.all(others.map((opt) => opt.stepAsync()))
  }
  for (const opt of others) expectSameBits('parameter', opt.params[0], alone.params[0])
})

test.skipIf(!hasNative)('a worker is terminated in the middle of a step', async () => {
  const dist = new URL('../dist/index.js', import.meta.url).pathname
  const script = `
    const { AdamW } = require(${JSON.stringify(dist)})
    const { parentPort } = require('node:worker_threads')
    const opt = new AdamW([[1 << 22]], { backend: 'native', threads: 3 })
    const loop = async () => { for (;;) await opt.stepAsync() }
    loop()
    parentPort.postMessage('running')
  `
  for (let n = 0; n < 3; n++) {
    const worker = new Worker(script, { eval: true })
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
  }
  const opt = new AdamW([[1 << 20]], { backend: 'native', threads: 2 })
  expect((await opt.stepAsync()).step).toBe(1)
})
