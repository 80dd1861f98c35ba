// Why fit stops: every reason in its place, and early stopping as Keras does it.
import { type FitOptions, type FitProgress, type Problem, fit as train } from 'cauchy'
import { describe, expect, it } from 'vitest'
import { parabola, regression, run, scripted, sgd } from './fit-problems'

describe('earlyStopping', () => {
  // Epochs until Keras' on_epoch_end sets stop_training, traced by hand through its source.
  it.each<[string, FitOptions['earlyStopping'], number[], number]>([
    ['patience 0: the first that is not better', {}, [3, 2, 2, 1], 3],
    ['never after the first epoch alone', {}, [Number.POSITIVE_INFINITY, 5, 6], 3],
    ['patience 2: two in a row', { patience: 2 }, [3, 4, 2, 3, 2.5, 1], 5],
    ['a tie is not an improvement', { patience: 1 }, [3, 3], 2],
    ['minDelta is added to the value', { patience: 2, minDelta: 0.5 }, [3, 2.6, 2.5, 2.4, 2.2], 3],
    ['better than minDelta resets', { patience: 2, minDelta: 0.5 }, [3, 2.6, 2.4, 2.3, 2.2], 5],
    ['the first epochs are not looked at', { startFromEpoch: 2 }, [1, 2, 3, 2, 2.5], 5],
    ['baseline never beaten: patience runs on', { patience: 3, baseline: 1 }, [4, 3, 2, 1.5, 1.6], 5],
    ['baseline beaten: patience restarts', { patience: 3, baseline: 2.5 }, [4, 3, 2, 3, 3, 3], 6],
    ['mode max', { patience: 1, mode: 'max' }, [1, 2, 3, 3], 4],
    ['NaN is never better', { patience: 2 }, [Number.NaN, Number.NaN, 1], 2],
  ])('%s', async (_, earlyStopping = {}, values, epochs) => {
    const result = await run(scripted(values), { earlyStopping, epochs: values.length + 1 })
    expect(result).toMatchObject({ reason: 'early-stopping', epochs })
  })

  it('takes names that end in accuracy as better when higher', async () => {
    const monitor = 'validation.accuracy'
    const { epochs, best } = await run(scripted([0.5, 0.7, 0.6], 'accuracy'), { earlyStopping: { monitor } })
    expect(epochs).toBe(3)
    expect(best).toEqual({ metric: monitor, value: 0.7, epoch: 2, step: 2 })
  })

  it('restores the best weights, whatever ended the run', async () => {
    const earlyStopping = { patience: 2, restoreBestWeights: true }
    const stopped = await run(scripted([3, 1, 2, 2]), { earlyStopping })
    expect([stopped.epochs, stopped.optimizer.params.x[0]]).toEqual([4, 2])
    const completed = await run(scripted([3, 1, 2]), { earlyStopping, epochs: 3 })
    expect([completed.reason, completed.optimizer.params.x[0]]).toEqual(['completed', 2])
    const neverBetter = await run(scripted([Number.NaN, Number.NaN]), { earlyStopping })
    expect([neverBetter.epochs, neverBetter.optimizer.params.x[0]]).toEqual([2, 1.5])
    const kept = await run(scripted([3, 1, 2, 2]), { earlyStopping: { patience: 2 } })
    expect(kept.optimizer.params.x[0]).toBe(3)
  })

  it('looks only where there was a validation', async () => {
    const options = { validateEvery: 3, epochs: 20, earlyStopping: { patience: 2 } }
    const { epochs, history } = await run(scripted([3, 2, 4, 4, 4]), options)
    expect(epochs).toBe(12)
    expect(history.map((row) => row.validation?.loss ?? 0)).toEqual([0, 0, 3, 0, 0, 2, 0, 0, 4, 0, 0, 4])
  })
})

describe('reasons to stop', () => {
  it('completed', async () => {
    const { reason, message, history } = await run(parabola(1), { epochs: 2 })
    expect([reason, message, history.length]).toEqual(['completed', 'All 2 epochs are done.', 2])
  })

  it('gradient, before a step where an epoch is one step', async () => {
    // x halves every step: |x| ≤ 1/8 after three.
    const result = await run(parabola(1), { gradTolerance: 0.125 })
    expect(result).toMatchObject({ reason: 'gradient', steps: 3, epochs: 4 })
    expect(result.optimizer.params.x[0]).toBe(0.125)
    expect(result.message).toBe("The gradient's norm is 0.125; 0.125 is the tolerance.")
  })

  it('gradient, when all of an epoch were small, not just one', async () => {
    const norms = [0, 1, 0, 0, 1, 0, 0, 0, 0]
    const { problem } = regression({
      data: { train: 3 },
      lossAndGrad(_, grads) {
        grads.w[0] = norms.shift() ?? 1
        grads.b[0] = 0
        return 1
      },
    })
    const { reason, epochs, steps } = await run(problem, { batchSize: 1, gradTolerance: 1e-3 })
    expect([reason, epochs, steps]).toEqual(['gradient', 3, 9])
  })

  it('target, by default the one of the problem', async () => {
    const target = { metric: 'validation.accuracy', value: 0.9, mode: 'max' } as const
    const problem = () => ({ ...scripted([0.5, 0.9, 1], 'accuracy'), target })
    const result = await run(problem(), { epochs: 3 })
    expect(result).toMatchObject({ reason: 'target', epochs: 2 })
    expect(result.message).toBe('validation.accuracy reached 0.9 in epoch 2; the target was 0.9.')
    expect(await run(problem(), { epochs: 3, target: false })).toMatchObject({ reason: 'completed' })
    const loss = { metric: 'loss', value: 0.01, mode: 'min' } as const
    expect(await run(parabola(1), { target: loss })).toMatchObject({ reason: 'target', epochs: 4 })
  })

  it('not target, for the training loss of part of an epoch', async () => {
    const target = { metric: 'loss', value: 1e9, mode: 'min' } as const
    const { problem } = regression({ target })
    expect(await run(problem, { batchSize: 10, maxSteps: 2 })).toMatchObject({ reason: 'max-steps' })
    expect(await run(problem, { batchSize: 10, maxSteps: 4 })).toMatchObject({ reason: 'target' })
  })

  it('in words that fit one and many', async () => {
    expect((await run(parabola(1), { epochs: 1 })).message).toBe('The one epoch is done.')
    expect((await run(parabola(1), { maxSteps: 1 })).message).toBe('The one allowed step is done.')
    expect((await run(parabola(1), { maxSteps: 3 })).message).toBe('All 3 allowed steps are done.')
  })

  it('max-steps, also in the middle of an epoch', async () => {
    const { problem } = regression({ validate: () => ({ loss: 1 }) })
    const { reason, steps, epochs, history } = await run(problem, { batchSize: 10, maxSteps: 6 })
    expect([reason, steps, epochs]).toEqual(['max-steps', 6, 1])
    expect(history.map(({ epoch, step, validation }) => [epoch, step, validation])).toEqual([
      [1, 4, { loss: 1 }],
      [2, 6, { loss: 1 }],
    ])
  })

  it('max-seconds', async () => {
    const result = await run(parabola(0), { epochs: 2 ** 40, maxSeconds: 0.05 })
    expect(result.reason).toBe('max-seconds')
    expect(result.steps).toBeGreaterThan(0)
    expect(await run(parabola(0), { maxSeconds: 0 })).toMatchObject({ reason: 'max-seconds', steps: 0 })
  })

  it('diverged, without taking the step with the loss that is not finite', async () => {
    const result = await run(parabola(1), { epochs: 1e6 }, 1e200)
    expect(result).toMatchObject({ reason: 'diverged', steps: 1 })
    expect(result.message).toBe('The loss became Infinity in epoch 2, after 1 step.')
    expect(result.optimizer.params.x[0]).toBe(-1e200)
    expect(result.history.at(-1)?.loss).toBe(Number.POSITIVE_INFINITY)
  })

  it('diverged, when parameters overflow but the loss hides it', async () => {
    const problem = parabola(0, {
      lossAndGrad(_, grads) {
        grads.x[0] = Number.NaN
        return 1
      },
    })
    expect(await run(problem, {})).toMatchObject({ reason: 'diverged', epochs: 1 })
  })

  it('diverged, where the first gradient was not written, before it is used', async () => {
    const lossAndGrad: Problem['lossAndGrad'] = (_, grads) => {
      grads.b[0] = 1
      return 1
    }
    for (const accumulate of [1, 2]) {
      const { problem } = regression({ lossAndGrad })
      const { optimizer, ...result } = await run(problem, { accumulate })
      expect(result).toMatchObject({ reason: 'diverged', steps: 0 })
      expect(result.message).toBe(
        'Element 0 of the gradient of w was NaN, or never written, in epoch 1, after 0 steps.',
      )
      expect([optimizer.params.w[0], optimizer.params.b[0]]).toEqual([0, 0])
    }
    const optimizer = sgd(regression().problem)
    optimizer.freeze('w')
    const { problem } = regression({ lossAndGrad })
    expect(await train(problem, optimizer, { epochs: 1, batchSize: 'full' })).toMatchObject({ steps: 1 })
    expect([optimizer.params.w[0], optimizer.params.b[0]]).toEqual([0, -0.5])
  })

  it('not where skipNonFinite tolerates it, unless no loss of an epoch was finite', async () => {
    const losses = [1, Number.NaN, 3]
    const problem = (values: number[]) =>
      regression({
        data: { train: 3 },
        lossAndGrad(_, grads) {
          const loss = values.shift() ?? Number.NaN
          grads.w[0] = loss
          grads.b[0] = 0
          return loss
        },
      }).problem
    const options = { batchSize: 1, skipNonFinite: true, epochs: 1 }
    const result = await run(problem(losses), options)
    expect(result).toMatchObject({ reason: 'completed', loss: 2, steps: 2, skipped: 1 })
    expect(await run(problem([]), options)).toMatchObject({ reason: 'diverged', steps: 0, skipped: 3 })
  })

  it('aborted, by resolving: at once, from a callback, or from another task', async () => {
    const before = await run(parabola(0), { signal: AbortSignal.abort() })
    expect(before).toMatchObject({ reason: 'aborted', steps: 0, epochs: 0, history: [] })
    const controller = new AbortController()
    const onProgress = ({ epoch }: FitProgress) => epoch === 3 && controller.abort()
    const within = await run(parabola(0), { signal: controller.signal, onProgress })
    expect(within).toMatchObject({
      reason: 'aborted',
      epochs: 3,
      message: 'The signal was aborted after 3 steps.',
    })
    const other = new AbortController()
    setTimeout(() => other.abort(), 30)
    expect(await run(parabola(0), { signal: other.signal, epochs: 2 ** 40 })).toMatchObject({
      reason: 'aborted',
    })
  })
})
