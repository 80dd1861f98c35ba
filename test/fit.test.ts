// fit: batches, accumulation and schedulers against hand computation, and a live event loop.
import {
  AdamW,
  EMA,
  type FitOptions,
  type FitProgress,
  GradientAccumulator,
  type Params,
  PolyakSGD,
  type Problem,
  ReduceLROnPlateau,
  SAM,
  ScheduleFreeAdamW,
  ScheduleFreeSGD,
  SGD,
  StepLR,
  SWA,
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
    const { problem } = regression({
      lossAndGrad(_, grads, batch) {
        for (const name in grads) grads[name].fill(0)
        return batch?.length === 5 ? 1 : 0
      },
    })
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
    expect(calls).toEqual(['train', 'eval', 'validate', 'train', 'eval', 'validate', 'train'])
  })

  it('get the clipping options', async () => {
    const { optimizer } = await run(parabola(1), { epochs: 1, gradScale: 8, clipValue: 0.25 }, 1)
    expect(optimizer.params.x[0]).toBe(0.75)
    const byNorm = await run(parabola(100), { epochs: 1, clipNorm: 0.5 }, 1)
    expect(byNorm.optimizer.params.x[0]).toBeCloseTo(0.5, 6)
    expect(byNorm.history[0].gradNorm).toBe(100)
  })
})

describe('optimizers that need a closure', () => {
  it('PolyakSGD gets the loss', async () => {
    const problem = parabola(1)
    const optimizer = new PolyakSGD(problem.params(0))
    // ½x²: x − (½x²/x²)·x halves x.
    const { steps } = await train(problem, optimizer, { epochs: 3 })
    expect([steps, optimizer.params.x[0]]).toEqual([3, 1 / 8])
  })

  it('PolyakSGD gets the mean loss of accumulated batches', async () => {
    const { problem } = regression()
    const options = { batchSize: 10, accumulate: 2, shuffle: false, epochs: 2 }
    const optimizer = new PolyakSGD(problem.params(0), { maxLearningRate: 0.9 })
    await train(problem, optimizer, options)
    const by = { w: 0, b: 0 }
    for (const [from, to] of [0, 1].flatMap(() => [
      [0, 20],
      [20, N],
    ])) {
      const errors = Array.from(xs.subarray(from, to), (x, i) => by.w * x + by.b - ys[from + i])
      const loss = mean(errors.map((e) => (e * e) / 2))
      const [dw, db] = [mean(errors.map((e, i) => e * xs[from + i])), mean(errors)]
      const rate = Math.min(loss / (dw * dw + db * db), 0.9)
      by.w -= rate * dw
      by.b -= rate * db
    }
    expect(optimizer.params.w[0]).toBeCloseTo(by.w, 12)
    expect(optimizer.params.b[0]).toBeCloseTo(by.b, 12)
  })

  it('SAM sees the same accumulated batches again, at the worst point nearby', async () => {
    const { problem, batches } = regression()
    const options = { batchSize: 10, accumulate: 2, shuffle: false, epochs: 1 }
    const optimizer = new EMA(new SAM(sgd(problem, 0.25), { rho: 0.5 }))
    await train(problem, optimizer, options)
    const starts = batches.map(([first]) => first)
    expect(starts).toEqual([0, 10, 0, 10, 20, 30, 20, 30])
    const by = [0, 0]
    const gradient = (from: number, to: number, [w, b]: number[]) => {
      const errors = Array.from(xs.subarray(from, to), (x, i) => w * x + b - ys[from + i])
      return [mean(errors.map((e, i) => e * xs[from + i])), mean(errors)]
    }
    for (const [from, to] of [
      [0, 20],
      [20, N],
    ]) {
      const g = gradient(from, to, by)
      const worst = by.map((p, k) => p + (0.5 * g[k]) / Math.hypot(...g))
      gradient(from, to, worst).forEach((d, k) => {
        by[k] -= 0.25 * d
      })
    }
    expect(optimizer.params.w[0]).toBeCloseTo(by[0], 12)
    expect(optimizer.params.b[0]).toBeCloseTo(by[1], 12)
  })
})

describe('evaluation mode', () => {
  const spied = () => {
    const seen: number[] = []
    const values = [9, 3, 1, 2, 2, 2]
    const problem = regression({
      validate({ w }) {
        seen.push(w[0])
        return { loss: values.shift() ?? 2 }
      },
    }).problem
    return { problem, seen }
  }
  const optimizers = {
    ScheduleFreeSGD: (p: Params) => new ScheduleFreeSGD(p, { lr: 0.3 }),
    ScheduleFreeAdamW: (p: Params) => new ScheduleFreeAdamW(p, { lr: 0.3 }),
    EMA: (p: Params) => new EMA(new AdamW(p, { lr: 0.3 }), { decay: 0.7 }),
    SWA: (p: Params) => new SWA(new SGD(p, { lr: 0.3, momentum: 0.9 })),
  }

  it.each(Object.entries(optimizers))('of %s is what is validated and restored', async (_name, make) => {
    const { problem, seen } = spied()
    const optimizer = make(problem.params(0)) as EMA<AdamW>
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })
    const earlyStopping = { patience: 3, restoreBestWeights: true }
    const { reason, best } = await train(problem, optimizer, { earlyStopping, scheduler, batchSize: 10 })
    expect([reason, best?.epoch]).toEqual(['early-stopping', 2])
    const params = optimizer.params as unknown as Record<string, Float64Array>
    expect(optimizer.mode).toBe('train')
    // The best epoch's evaluated parameters come back, and with them where training goes on.
    optimizer.eval()
    expect(params.w[0]).toBe(seen[2])
    optimizer.train()
    expect(params.w[0]).not.toBe(seen[2])
    expect(optimizer.stepCount).toBe(8)
    // The schedule goes on from where it is, not from the best epoch's rate.
    expect(optimizer.groups[0].lr).toBe(0.3 * 0.5 ** 5)
    expect(scheduler.lastLr).toEqual([optimizer.groups[0].lr])
  })

  it.each(Object.entries(optimizers))('of %s leaves no trace in what is trained', async (_name, make) => {
    const run = async (members: Partial<Problem>) => {
      const { problem } = regression(members)
      const optimizer = make(problem.params(0)) as EMA<AdamW>
      await train(problem, optimizer, { epochs: 7, batchSize: 10 })
      return structuredClone([optimizer.params, optimizer.stateDict()])
    }
    expect(await run({ validate: () => ({ loss: 1 }) })).toEqual(await run({}))
  })

  it('is left when validate throws', async () => {
    const { problem } = regression({
      validate: () => {
        throw new Error('no data')
      },
    })
    const optimizer = new ScheduleFreeSGD(problem.params(0))
    await expect(train(problem, optimizer)).rejects.toThrow('no data')
    expect(optimizer.mode).toBe('train')
  })

  it('at the start is left for training', async () => {
    const { problem } = regression()
    const make = () => new ScheduleFreeSGD(problem.params(0), { lr: 0.3 })
    const [a, b] = [make(), make()]
    for (const optimizer of [a, b]) await train(problem, optimizer, { epochs: 1 })
    a.eval()
    for (const optimizer of [a, b]) await train(problem, optimizer, { epochs: 1 })
    expect(a.mode).toBe('train')
    expect(a.params.w[0]).toBeCloseTo(b.params.w[0], 12)
  })
})

describe('schedulers', () => {
  it('count the steps taken: accumulated batches make one, skipped steps none', async () => {
    const bad = new Set([2, 3, 9])
    let calls = 0
    const { problem } = regression({
      lossAndGrad(_, grads) {
        grads.w[0] = grads.b[0] = bad.has(calls++) ? Number.NaN : 1
        return 1
      },
    })
    const optimizer = sgd(problem, 1)
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })
    const options = { scheduler, schedulerInterval: 'step', accumulate: 2, skipNonFinite: true } as const
    const { steps, skipped } = await train(problem, optimizer, { ...options, batchSize: 5, epochs: 2 })
    // Eight batches and four steps an epoch; batches 2 and 3 spoil the second step, 9 the fifth.
    expect([steps, skipped]).toEqual([6, 2])
    expect(optimizer.groups[0].lr).toBe(2 ** -6)
    expect(scheduler.stateDict()).toMatchObject({ t: 6 })
    // 1 + ½ + ¼ …: every step at its own rate.
    expect(optimizer.params.w[0]).toBe(-(2 - 2 ** -5))
  })

  it('count so by hand, too', () => {
    const optimizer = new SGD({ w: Float64Array.of(0) }, { lr: 1 })
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 })
    const accumulator = new GradientAccumulator(2)
    for (const g of [1, 1, Number.NaN, 1, 1, 1, 1]) {
      const gradient = accumulator.add({ w: Float64Array.of(g) })
      if (gradient && !optimizer.step(gradient, { skipNonFinite: true }).skipped) scheduler.step()
    }
    expect([optimizer.stepCount, optimizer.groups[0].lr, optimizer.params.w[0]]).toEqual([2, 0.25, -1.5])
  })

  it('get a metric where they say so, whatever the shape of their step', async () => {
    const got: unknown[] = []
    const problem = scripted([5, 4])
    const takes = { needsMetric: true, step: (...args: unknown[]) => got.push(args) }
    await train(problem, sgd(problem), { scheduler: takes, epochs: 2 })
    expect(got).toEqual([[5], [4]])
    got.length = 0
    const not = { step: (metric?: number, ...rest: unknown[]) => got.push([metric, ...rest]) }
    const again = scripted([5, 4])
    await train(again, sgd(again), { scheduler: not, epochs: 2, schedulerInterval: 'step' })
    expect(got).toEqual([[undefined], [undefined]])
  })

  it('of another optimizer are refused; of the one within a wrapper they are not', async () => {
    const { problem } = regression()
    const [inner, other] = [sgd(problem), sgd(problem)]
    const scheduler = new StepLR(inner, { stepSize: 1 })
    await expect(train(problem, other, { scheduler })).rejects.toThrow(
      new RangeError('fit: scheduler must schedule the optimizer that is trained, got one of another'),
    )
    expect([...other.params.w, ...other.params.b]).toEqual([0, 0])
    await train(problem, new EMA(inner), { scheduler, epochs: 1 })
    expect(inner.groups[0].lr).toBeCloseTo(0.05, 12)
  })

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
      'fit: schedulerInterval must be \'epoch\' for a scheduler that needs a metric, got "step"',
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
