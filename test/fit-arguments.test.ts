// fit rejects wrong arguments before anything is written, and says what was wanted.
import { type FitOptions, SGD, fit as train } from 'cauchy'
import { describe, expect, it } from 'vitest'
import { regression, sgd } from './fit-problems'

describe('wrong arguments', () => {
  const good = regression({ validate: () => ({ loss: 1, accuracy: 1 }) }).problem
  const monitored = { monitor: 'validation.acuracy' }
  it.each<[Partial<Record<keyof FitOptions, unknown>>, string]>([
    [{ epochs: 0 }, 'fit: epochs must be an integer ≥ 1, got 0'],
    [{ epocs: 3 } as never, 'fit: unknown option "epocs"; did you mean "epochs"?'],
    [{ batchSize: 'all' }, 'fit: batchSize must be \'full\' or an integer ≥ 1, got "all"'],
    [{ batchSize: 2.5 }, 'fit: batchSize must be an integer ≥ 1, got 2.5'],
    [{ accumulate: 0 }, 'fit: accumulate must be an integer ≥ 1, got 0'],
    [{ clipNorm: 0 }, 'fit: clipNorm must be in (0, Infinity), got 0'],
    [{ scheduler: {} }, 'fit: scheduler.step must be a function, got undefined'],
    [{ schedulerInterval: 'batch' }, 'fit: schedulerInterval must be one of "step", "epoch", got "batch"'],
    [
      { earlyStopping: { patienc: 1 } },
      'fit: earlyStopping: unknown option "patienc"; did you mean "patience"?',
    ],
    [
      { earlyStopping: monitored },
      'unknown metric "validation.acuracy"; did you mean "validation.accuracy"?',
    ],
    [{ target: { metric: 'los', value: 1, mode: 'min' } }, 'fit: target.metric: unknown metric "los"'],
    [{ target: { metric: 'loss', value: 1 } }, 'fit: target.mode must be one of'],
    [{ signal: {} }, 'fit: signal must be an AbortSignal, got Object'],
    [{ seed: -1 }, 'fit: seed must be an integer ≥ 0, got -1'],
  ])('%j', async (options, message) => {
    const optimizer = sgd(good)
    await expect(train(good, optimizer, options as FitOptions)).rejects.toThrow(message)
    expect([...optimizer.params.w, ...optimizer.params.b]).toEqual([0, 0])
  })

  it('of the problem and the optimizer', async () => {
    const optimizer = sgd(good)
    await expect(train({} as never, optimizer)).rejects.toThrow('fit: problem.name must be a string')
    await expect(train(good, {} as never)).rejects.toThrow('fit: optimizer.step must be a function')
    const other = new SGD({ w: new Float64Array(2), b: new Float64Array(1) }, { lr: 1 })
    await expect(train(good, other)).rejects.toThrow(
      'fit: optimizer.params must be those of regression, where "w" has 1 element, got 2 elements',
    )
    const forgetful = regression({ lossAndGrad: (() => {}) as never }).problem
    await expect(train(forgetful, optimizer)).rejects.toThrow(
      'the loss returned must be a number, got undefined',
    )
  })
})
