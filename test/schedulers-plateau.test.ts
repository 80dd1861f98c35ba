// ReduceLROnPlateau: what counts as bad, the lowest rates, thresholds, infinite metrics, its state and errors.
import { ReduceLROnPlateau } from 'cauchy'
import { describe, expect, it } from 'vitest'
import { expectClose, type Optimizer, rates, sgd } from './schedulers'

describe('ReduceLROnPlateau', () => {
  const run = (optimizer: Optimizer, options: object, metrics: readonly number[]) => {
    const scheduler = new ReduceLROnPlateau(optimizer, options)
    return metrics.map((metric) => ({ ...scheduler.step(metric), rates: rates(optimizer) }))
  }
  const lrs = (options: object, metrics: readonly number[]) =>
    run(sgd(0.1), options, metrics).map((row) => row.rates[0])

  // The first three of these sequences of rates were printed by PyTorch 2.13.
  it('counts NaN as bad, and says so', () => {
    const rows = run(sgd(0.1), { factor: 0.5, patience: 1 }, [
      1,
      Number.NaN,
      Number.NaN,
      0.5,
      Number.NaN,
      0.4,
    ])
    expect(rows.map((row) => row.rates[0])).toEqual([0.1, 0.1, 0.05, 0.05, 0.05, 0.05])
    expect(rows.map((row) => row.nan)).toEqual([false, true, true, false, true, false])
    expect(rows.map((row) => row.improved)).toEqual([true, false, false, true, false, true])
    expect(rows.map((row) => row.reduced)).toEqual([false, false, true, false, false, false])
  })

  it('has a lowest rate for every group', () => {
    const rows = run(sgd(0.1, 0.01), { patience: 0, minLr: [0.02, 0.005] }, [1, 1, 1, 1])
    expect(rows.map((row) => row.rates)).toEqual([
      [0.1, 0.01],
      [0.02, 0.005],
      [0.02, 0.005],
      [0.02, 0.005],
    ])
    expect(rows.map((row) => row.reduced)).toEqual([false, true, false, false])
    expect(run(sgd(0.1, 0.01), { patience: 0, minLr: 0.02 }, [1, 1])[1].rates).toEqual([0.02, 0.01])
  })

  it('makes no reduction of eps or less', () => {
    const rows = run(sgd(0.1, 0.01), { patience: 0, eps: 0.05, cooldown: 1 }, [1, 1, 1, 1])
    expect(rows.map((row) => row.rates[1])).toEqual([0.01, 0.01, 0.01, 0.01])
    expectClose(
      rows.map((row) => row.rates[0]),
      [0.1, 0.01, 0.01, 0.01],
    )
  })

  it('measures relative to the size of a negative metric with rel-abs', () => {
    const falling = [-1, -1.05, -1.08, -1.09]
    const options = { factor: 0.5, patience: 1, threshold: 0.1 }
    // PyTorch's 'rel' asks for less than −0.9, then −0.945 …, which a metric that gets worse also meets.
    expect(lrs(options, [-1, -0.95, -0.9, -0.85])).toEqual([0.1, 0.1, 0.1, 0.1])
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, falling)).toEqual([0.1, 0.1, 0.05, 0.05])
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, [-1, -1.2, -1.4, -1.6])).toEqual([
      0.1, 0.1, 0.1, 0.1,
    ])
    const max = { ...options, mode: 'max', thresholdMode: 'rel-abs' }
    expect(lrs(max, [-2, -1.75, -1.5, -1.3])).toEqual([0.1, 0.1, 0.1, 0.1])
    expect(lrs(max, [-2, -1.85, -1.81, -1.9])).toEqual([0.1, 0.1, 0.05, 0.05])
    // On a positive metric it is 'rel'.
    const positive = [2, 1.85, 1.75, 1.7, 1.6]
    expect(lrs({ ...options, thresholdMode: 'rel-abs' }, positive)).toEqual(lrs(options, positive))
  })

  it('takes infinite metrics', () => {
    const infinity = Number.POSITIVE_INFINITY
    const metrics = [infinity, 5, infinity, infinity]
    for (const thresholdMode of ['rel', 'abs', 'rel-abs']) {
      expect(lrs({ factor: 0.5, patience: 1, thresholdMode }, metrics)).toEqual([0.1, 0.1, 0.1, 0.05])
    }
  })

  it('lowers the rate that a group has', () => {
    const optimizer = sgd(0.1)
    const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 0 })
    scheduler.step(1)
    optimizer.groups[0].lr = 0.8
    scheduler.step(1)
    expect([rates(optimizer), scheduler.lastLr, scheduler.best, scheduler.badSteps]).toEqual([
      [0.4],
      [0.4],
      1,
      0,
    ])
  })
})

describe('resumption', () => {
  it('of a plateau keeps an infinite best', () => {
    const make = (mode: 'min' | 'max') => new ReduceLROnPlateau(sgd(0.1), { mode })
    for (const mode of ['min', 'max'] as const) {
      const again = make(mode)
      again.step(1)
      again.loadStateDict(JSON.parse(JSON.stringify(make(mode).stateDict())))
      expect(again.best).toBe(make(mode).best)
    }
  })

  it('of a plateau refuses a wrong best', () => {
    const scheduler = new ReduceLROnPlateau(sgd(0.1))
    expect(() => scheduler.loadStateDict({ ...scheduler.stateDict(), best: 'NaN' })).toThrow(
      'ReduceLROnPlateau: state.best must be a finite number, got "NaN"',
    )
  })
})

describe('errors', () => {
  it('of a metric that is no number', () => {
    const scheduler = new ReduceLROnPlateau(sgd(0.1))
    const step = (metric?: unknown) => () => (scheduler as { step(metric: unknown): unknown }).step(metric)
    expect(step()).toThrow(new TypeError('ReduceLROnPlateau: metric must be a number, got undefined'))
    expect(step('1')).toThrow(TypeError)
  })
})
