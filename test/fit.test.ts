// fit: batches, accumulation and schedulers against hand computation, and a live event loop.
import {
  type FitOptions,
  type FitProgress,
  type Problem,
  ReduceLROnPlateau,
  SGD,
  StepLR,
  fit as train,
} from 'cauchy'
import { describe, expect, it } from 'vitest'
import { mean, N, parabola, regression, run, scripted, sgd, xs, ys } from './fit-problems'

describe('batches', () => {
  it('descends the full batch as the recursion by hand does', async () => {
    const { problem } = regression()
    const { optimizer, history } = await run(problem, { batchSize: 'full', epochs: 20 })
    let [w, b] = [0, 0]
    for (const row of history) {
      const errors = Array.from(xs, (x, i) => w * x + b - ys[i])
      expect(row.loss).toBeCloseTo(mean(errors.map((e) => (e * e) / 2)), 12)
      w -= 0.5 * mean(errors.map((e, i) => e * xs[i]))
      b -= 0.5 * mean(errors)
    }
    expect(optimizer.params.w[0]).toBeCloseTo(w, 12)
    expect(optimizer.params.b[0]).toBeCloseTo(b, 12)
  })

  it.each<[FitOptions['batchSize'], number[]]>([
    ['full', [37]],
    [16, [16, 16, 5]],
    [1, Array(37).fill(1)],
    [1000, [37]],
    [undefined, [32, 5]],
  ])('of size %s has batches of %j', async (batchSize, sizes) => {
    const { problem, batches } = regression()
    const result = await run(problem, { ...(batchSize && { batchSize }), epochs: 1 })
    expect(batches.map((batch) => batch.length)).toEqual(sizes)
    expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from(xs, (_, i) => i))
    expect(result).toMatchObject({ reason: 'completed', epochs: 1, steps: sizes.length })
  })

  it('come in the same order for the same seed, another for another seed and for the next epoch', async () => {
    const order = async (options: FitOptions) => {
      const { problem, batches } = regression()
      await run(problem, { batchSize: 7, epochs: 2, ...options })
      const all = batches.flat()
      return { first: all.slice(0, N), second: all.slice(N) }
    }
    const [a, b, c] = [await order({ seed: 1 }), await order({ seed: 1 }), await order({ seed: 2 })]
    expect(a).toEqual(b)
    expect(a.first).not.toEqual(c.first)
    expect(a.first).not.toEqual(a.second)
    const plain = await order({ shuffle: false })
    expect(plain.first).toEqual(Array.from(xs, (_, i) => i))
    expect(plain.second).toEqual(plain.first)
  })

  it('keep the order of the data where one batch is all of it', async () => {
    const { problem, batches } = regression()
    await run(problem, { batchSize: 'full', epochs: 2 })
    expect(batches).toEqual(Array(2).fill(Array.from(xs, (_, i) => i)))
  })

  it('reports the mean loss over the examples, not over the batches', async () => {
    const { problem } = regression({ lossAndGrad: (_, __, batch) => (batch?.length === 5 ? 1 : 0) })
    const { loss } = await run(problem, { batchSize: 32, epochs: 1 })
    expect(loss).toBeCloseTo(5 / 37, 12)
  })
})

describe('accumulate', () => {
  it.each([
    [16, 2, 32],
    [5, 3, 15],
    [10, 4, 'full'],
    [16, 100, 'full'],
  ] as const)('%i × %i equals batches of %s, element by element', async (batchSize, accumulate, whole) => {
    const { problem } = regression()
    const options = { shuffle: false, epochs: 3 }
    const parts = await run(problem, { ...options, batchSize, accumulate })
    const once = await run(problem, { ...options, batchSize: whole })
    expect(parts.steps).toBe(once.steps)
    expect(parts.loss).toBeCloseTo(once.loss, 12)
    expect(parts.optimizer.params.w[0]).toBeCloseTo(once.optimizer.params.w[0], 12)
    expect(parts.optimizer.params.b[0]).toBeCloseTo(once.optimizer.params.b[0], 12)
  })
})

describe('optimizers', () => {
  it('may own their arrays: fit fills their gradients', async () => {
    const { problem } = regression()
    const owner = new SGD({ w: [1], b: [1] }, { lr: 0.5, dtype: 'float64' })
    await train(problem, owner, { epochs: 3 })
    const { optimizer } = await run(problem, { epochs: 3 })
    expect(owner.params.w[0]).toBe(optimizer.params.w[0])
    expect(owner.params.b[0]).toBe(optimizer.params.b[0])
    expect(owner.grads.w[0]).not.toBe(0)
  })

  it('may hold a list: tensors are named 0, 1, …', async () => {
    const problem: Problem = {
      name: 'list',
      params: () => ({ 0: Float64Array.of(1), 1: Float64Array.of(1) }),
      lossAndGrad(params, grads) {
        grads[0][0] = params[0][0]
        grads[1][0] = 2 * params[1][0]
        return params[0][0] ** 2 / 2 + params[1][0] ** 2
      },
    }
    const optimizer = new SGD([Float64Array.of(1), Float64Array.of(1)], { lr: 0.25 })
    await train(problem, optimizer, { epochs: 2 })
    expect([optimizer.params[0][0], optimizer.params[1][0]]).toEqual([0.75 ** 2, 0.5 ** 2])
  })

  it('are in evaluation mode while the problem validates, else in training mode', async () => {
    const calls: string[] = []
    const problem = parabola(1, {
      validate() {
        calls.push('validate')
        return {}
      },
    })
    const optimizer = sgd(problem)
    optimizer.eval = () => calls.push('eval')
    optimizer.train = () => calls.push('train')
    await train(problem, optimizer, { epochs: 1 })
    // Once before training, for the metrics' names, and once after the epoch.
    expect(calls).toEqual(['eval', 'validate', 'train', 'eval', 'validate', 'train'])
  })

  it('get the clipping options', async () => {
    const { optimizer } = await run(parabola(1), { epochs: 1, gradScale: 8, clipValue: 0.25 }, 1)
    expect(optimizer.params.x[0]).toBe(0.75)
    const byNorm = await run(parabola(100), { epochs: 1, clipNorm: 0.5 }, 1)
    expect(byNorm.optimizer.params.x[0]).toBeCloseTo(0.5, 6)
    expect(byNorm.history[0].gradNorm).toBe(100)
  })
})

describe('schedulers', () => {
  it('step after every epoch, or after every step', async () => {
    for (const schedulerInterval of ['epoch', 'step'] as const) {
      const { problem } = regression()
      const optimizer = sgd(problem, 1)
      const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })
      const { history } = await train(problem, optimizer, {
        scheduler,
        schedulerInterval,
        batchSize: 10,
        epochs: 3,
      })
      // Four steps an epoch; a row shows the rate of the epoch's last step.
      const wanted = schedulerInterval === 'epoch' ? [1, 0.5, 0.25] : [2 ** -3, 2 ** -7, 2 ** -11]
      expect(history.map((row) => row.lr)).toEqual(wanted)
    }
  })

  it('do not step after part of an epoch', async () => {
    const { problem } = regression()
    let calls = 0
    await run(problem, { scheduler: { step: () => calls++ }, batchSize: 10, maxSteps: 6 })
    expect(calls).toBe(1)
  })

  it('get the monitored metric after epochs when they take one', async () => {
    const metrics = scripted([1, 1, 1, 1])
    const optimizer = sgd(metrics)
    const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 0 })
    const { history } = await train(metrics, optimizer, { scheduler, epochs: 4 })
    // The first value is the best; each that is not better halves the rate for the epoch after.
    expect(history.map((row) => row.lr)).toEqual([0.5, 0.5, 0.25, 0.125])
    await expect(train(metrics, optimizer, { scheduler, schedulerInterval: 'step' })).rejects.toThrow(
      'fit: schedulerInterval must be \'epoch\' for a scheduler whose step takes a metric, got "step"',
    )
  })
})

describe('the event loop', () => {
  it('stays alive, within epochs and between them', async () => {
    const busy = (members: Partial<Problem>): Problem =>
      parabola(0, {
        ...members,
        lossAndGrad(_, grads) {
          grads.x[0] = 0
          const end = performance.now() + 1
          while (performance.now() < end);
          return 0
        },
      })
    for (const problem of [busy({}), busy({ data: { train: 2 ** 20 } })]) {
      let ticks = 0
      const timer = setInterval(() => ticks++, 1)
      const shown: FitProgress[] = []
      const onProgress = (progress: FitProgress) => shown.push(progress)
      await run(problem, { maxSteps: 300, epochs: 300, batchSize: 1, onProgress })
      clearInterval(timer)
      // 300 ms of work in slices of at most 16 ms.
      expect(ticks).toBeGreaterThan(10)
      expect(shown.filter((progress) => progress.row === null).length).toBeGreaterThan(10)
    }
  })

  it('hears of progress after every epoch', async () => {
    const { problem } = regression()
    const shown: FitProgress[] = []
    const onProgress = (progress: FitProgress) => shown.push(progress)
    const { history } = await run(problem, { epochs: 3, batchSize: 10, onProgress })
    const rows = shown.filter((progress) => progress.row !== null)
    expect(rows.map(({ row }) => row)).toEqual(history)
    expect(rows.map(({ epoch, epochs, step, steps }) => [epoch, epochs, step, steps])).toEqual([
      [1, 3, 4, 12],
      [2, 3, 8, 12],
      [3, 3, 12, 12],
    ])
    expect(rows[2].eta).toBe(0)
  })
})
