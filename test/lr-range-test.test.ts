// The learning-rate range test: its zones against the stability limits of quadratics, and that it always ends.
import {
  createRandom,
  LBFGS,
  type LRRange,
  type LRRangeTestOptions,
  type LRRangeTestResult,
  lrRangeTest,
  type Problem,
  ScheduleFreeSGD,
  SGD,
  type Tensors,
} from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { parabola } from './fit-problems'

const sgd = (params: Tensors) => new SGD(params, { lr: 0.1 })
const rates = { minLr: 1e-4, maxLr: 100, steps: 300 }

function justRight({ justRight }: LRRangeTestResult): LRRange {
  if (justRight === null) throw new Error('no rate lowered the loss')
  return justRight
}

/** y = 2·x + noise over 64 examples, from w = 0; `spoil` replaces the loss or the gradient of a call. */
function line(spoil: (call: number) => { loss?: number; grad?: number } = () => ({})): Problem {
  let call = 0
  return {
    name: 'line',
    data: { train: 64 },
    params: () => ({ w: new Float32Array(1) }),
    lossAndGrad({ w }, grads, batch = new Uint32Array()) {
      let [loss, dw] = [0, 0]
      for (const i of batch) {
        const x = (i % 7) - 3
        const error = w[0] * x - 2 * x - ((i % 5) - 2)
        loss += (0.5 * error * error) / batch.length
        dw += (error * x) / batch.length
      }
      const wrong = spoil(call++)
      grads.w[0] = wrong.grad ?? dw
      return wrong.loss ?? loss
    },
  }
}

describe.each(backends)('$label', ({ use }) => {
  // Plain descent on curvature λ shrinks the error while lr·λ < 2.
  test.each([0.5, 3, 40])('descent on a parabola of curvature %d: too high begins at 2 / λ', (lambda) => {
    const result = use(() => lrRangeTest(parabola(lambda), { ...rates, optimizer: sgd }))
    const ratio = result.points[1].lr / result.points[0].lr
    expect(result.reason).toBe('diverged')
    const [low, high] = justRight(result)
    expect(high).toBeLessThanOrEqual(2 / lambda)
    expect(high * ratio * (1 + 1e-9)).toBeGreaterThan(2 / lambda)
    expect(result.tooLow).toEqual([rates.minLr, low])
    expect(result.tooHigh).toEqual([high, rates.maxLr])
    expect(result.suggestion).toBeGreaterThanOrEqual(low)
    expect(result.suggestion).toBeLessThanOrEqual(high)
    // ½·λ·x² with x ← (1 − lr·λ)·x: the loss at every rate, by hand.
    let x = 1
    for (const { lr, loss, smoothed } of result.points) {
      expect(loss).toBeCloseTo((lambda * x * x) / 2, 9)
      expect(smoothed).toBeCloseTo(loss, 12)
      x *= 1 - lr * lambda
      if (loss > 1e6) break
    }
  })
})

test('rates grow exponentially from minLr to maxLr, in every group', () => {
  const seen: number[][] = []
  const problem: Problem = {
    name: 'two',
    params: () => ({ a: new Float64Array(1), b: new Float64Array(1) }),
    lossAndGrad(_, grads) {
      grads.a[0] = grads.b[0] = 1
      return 1
    },
  }
  const optimizer = ({ a, b }: Tensors) => {
    const opt = new SGD([{ params: { a } }, { params: { b }, lr: 3 }], { lr: 1 })
    const step = opt.step.bind(opt)
    opt.step = (...rest: Parameters<typeof step>) => {
      seen.push(opt.groups.map(({ lr }) => lr))
      return step(...rest)
    }
    return opt
  }
  const { points, reason, justRight, tooLow, tooHigh } = lrRangeTest(problem, {
    optimizer,
    minLr: 1e-3,
    maxLr: 10,
    steps: 5,
  })
  expect(reason).toBe('completed')
  expect(seen.map(([a]) => a)).toEqual(points.map(({ lr }) => lr))
  for (const [k, [a, b]] of seen.entries()) {
    expect(a).toBeCloseTo(10 ** (k - 3), 12)
    expect(b).toBe(a)
  }
  expect([justRight, tooLow, tooHigh]).toEqual([null, [1e-3, 10], null]) // a plateau
})

test.each([
  ['the loss is NaN', { loss: Number.NaN }, 'The loss became NaN in step 8 of 50'],
  ['the loss is infinite', { loss: Number.POSITIVE_INFINITY }, 'The loss became Infinity in step 8 of 50'],
  ['the gradient is NaN', { grad: Number.NaN }, 'The gradient was not finite in step 8 of 50'],
  ['a parameter overflows', { grad: 3e38 }, 'A parameter stopped being finite in step 8 of 50'],
])('stops at once where %s', (_, wrong, message) => {
  const problem = line((call) => (call === 7 ? wrong : { grad: 0 }))
  const result = lrRangeTest(problem, { optimizer: sgd, steps: 50, minLr: 2, maxLr: 9, batchSize: 8 })
  expect(result.reason).toBe('diverged')
  expect(result.message).toContain(message)
  expect(result.points).toHaveLength(8)
})

test('a gradient that is never written is not a gradient of zero', () => {
  const problem = parabola(1, { lossAndGrad: () => 1 })
  expect(lrRangeTest(problem, { optimizer: sgd })).toMatchObject({ reason: 'diverged', justRight: null })
})

test.each([
  [{ loss: Number.NaN }, 'The loss is NaN at the start.'],
  [{ grad: Number.NaN }, 'Element 0 of the gradient of w is NaN at the start, or never written.'],
  [{ grad: Number.POSITIVE_INFINITY }, 'The gradient is not finite at the start.'],
])('what is wrong at the start (%o) no rate has caused: there are no zones', (wrong, message) => {
  const result = lrRangeTest(
    line((call) => (call === 0 ? wrong : {})),
    { optimizer: sgd },
  )
  expect(result).toMatchObject({ reason: 'diverged', message, tooLow: null, justRight: null, tooHigh: null })
  expect(result.suggestion).toBeNull()
  expect(result.points).toHaveLength(1)
})

/** ½·(w − 1)² + offset, and noise in loss and gradient; the first loss lies `outlier` above the others. */
function noisy(seed: number, noise: number, outlier: number, offset = 0): Problem {
  const random = createRandom(seed)
  let first = true
  return {
    name: 'noisy',
    params: () => ({ w: new Float64Array(1) }),
    lossAndGrad({ w }, grads) {
      grads.w[0] = w[0] - 1 + noise * random.normal()
      const loss = 0.5 * (w[0] - 1) ** 2 + noise * random.normal() + offset + (first ? outlier : 0)
      first = false
      return loss
    },
  }
}

const averaged = { optimizer: sgd, minLr: 1e-6, maxLr: 10, steps: 200, smoothing: 0.9 }

test.each([0.5, -0.4, 0])(
  'a first batch that is off by %d moves neither zones nor suggestion far',
  (outlier) => {
    for (let seed = 1; seed <= 20; seed++) {
      const result = lrRangeTest(noisy(seed, 0.05, outlier), averaged)
      // The error is about e^−Σlr, and Σlr about 12·lr: the loss has lost a tenth at 0.004, half at 0.03.
      const [low, high] = justRight(result)
      expect(low).toBeGreaterThan(0.001)
      expect(low).toBeLessThan(0.03)
      expect(result.suggestion).toBeGreaterThan(0.005)
      expect(result.suggestion).toBeLessThan(0.15)
      expect(high).toBeGreaterThan(0.5)
      expect(high).toBeLessThanOrEqual(2.5) // 2 / λ = 2, seen late
    }
  },
)

test('with data, too, rates that are all too high end the test soon', () => {
  const result = lrRangeTest(line(), { optimizer: sgd, minLr: 10, maxLr: 100 })
  expect(result).toMatchObject({ reason: 'diverged', justRight: null, tooLow: [10, 10], tooHigh: [10, 100] })
  expect(result.points.length).toBeLessThan(10)
})

test('noise alone lowers nothing', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const flat: Problem = { ...noisy(seed, 0.3, 0, 3), params: () => ({ w: Float64Array.of(1) }) }
    const result = lrRangeTest(flat, {
      ...averaged,
      maxLr: 0.05,
    })
    expect(result).toMatchObject({ tooLow: [1e-6, 0.05], justRight: null, tooHigh: null, suggestion: null })
  }
})

test('the zones join from the lowest rate to the highest', () => {
  for (const maxLr of [1e-3, 0.1, 1, 10, 100]) {
    for (const problem of [parabola(1), line(), noisy(1, 0.05, 0), parabola(1e6)]) {
      const { tooLow, justRight, tooHigh } = lrRangeTest(problem, {
        optimizer: sgd,
        minLr: 1e-5,
        maxLr,
        steps: 80,
      })
      const zones = [tooLow, justRight, tooHigh].filter((zone) => zone !== null)
      expect(zones[0][0]).toBe(1e-5)
      expect(zones[zones.length - 1][1]).toBe(maxLr)
      for (let i = 1; i < zones.length; i++) expect(zones[i][0]).toBe(zones[i - 1][1])
    }
  }
})

test('a gradient that breaks while the loss is flat makes rates too high, not too low', () => {
  const problem = line((call) => ({ loss: 1, grad: call < 7 ? 0 : Number.NaN }))
  const { points, tooLow, tooHigh } = lrRangeTest(problem, { optimizer: sgd, steps: 50, minLr: 2, maxLr: 9 })
  expect(tooLow).toEqual([2, points[5].lr])
  expect(tooHigh).toEqual([points[5].lr, 9])
})

test('data: losses are of seeded batches, smoothed with correction, and the zones lie around 2 / λ', () => {
  const options: LRRangeTestOptions = { optimizer: sgd, ...rates, batchSize: 16, smoothing: 0.8, seed: 3 }
  const result = lrRangeTest(line(), options)
  let [average, weight] = [0, 0]
  for (const { loss, smoothed } of result.points) {
    average = 0.8 * average + 0.2 * loss
    weight = 0.8 * weight + 0.2
    expect(smoothed).toBeCloseTo(average / weight, 12)
  }
  const [low, high] = justRight(result) // the mean of x² is 4
  expect(low).toBeLessThan(0.1)
  expect(high).toBeGreaterThan(0.2)
  expect(high).toBeLessThan(1)
  expect(lrRangeTest(line(), options)).toEqual(result)
  expect(lrRangeTest(line(), { ...options, seed: 4 }).points).not.toEqual(result.points)
})

test('a loss below zero: divergence is measured by its fall', () => {
  const shifted = parabola(1, {
    lossAndGrad({ x }, grads) {
      grads.x[0] = x[0]
      return x[0] ** 2 / 2 - 1
    },
  })
  const result = lrRangeTest(shifted, { ...rates, optimizer: sgd })
  expect(result.reason).toBe('diverged')
  const [, high] = justRight(result) // x² / 2 is lost beside 1 soon: nothing falls any more
  expect(high).toBeGreaterThan(0.3)
  expect(high).toBeLessThanOrEqual(2)
})

test('every rate too high', () => {
  const result = lrRangeTest(parabola(1000), { optimizer: sgd, minLr: 0.01, maxLr: 1 })
  expect(result).toMatchObject({
    reason: 'diverged',
    tooLow: [0.01, 0.01],
    justRight: null,
    tooHigh: [0.01, 1],
    suggestion: null,
  })
})

test.each([
  ['LBFGS', (params: Tensors) => new LBFGS(params)],
  ['ScheduleFreeSGD', (params: Tensors) => new ScheduleFreeSGD(params, { lr: 0.1 })],
])('%s can be tested', (_, optimizer) => {
  expect(lrRangeTest(parabola(2), { optimizer, maxLr: 1 }).justRight).not.toBeNull()
})

test.each([
  [{ minLr: 0 }, RangeError, 'lrRangeTest: minLr must be in (0, Infinity), got 0'],
  [{ minLr: 1, maxLr: 1 }, RangeError, 'lrRangeTest: maxLr must be above minLr (1), got 1'],
  [{ maxLr: Number.NaN }, RangeError, 'lrRangeTest: maxLr must be a finite number, got NaN'],
  [{ steps: 1 }, RangeError, 'lrRangeTest: steps must be an integer ≥ 2, got 1'],
  [{ batchSize: 0 }, RangeError, 'lrRangeTest: batchSize must be an integer ≥ 1, got 0'],
  [{ smoothing: 1 }, RangeError, 'lrRangeTest: smoothing must be in [0, 1), got 1'],
  [{ divergence: 0 }, RangeError, 'lrRangeTest: divergence must be in (0, Infinity), got 0'],
  [{ seed: -1 }, RangeError, 'lrRangeTest: seed must be an integer ≥ 0, got -1'],
  [{ optimizer: 3 }, TypeError, 'lrRangeTest: optimizer must be a function, got 3'],
  [{ maxLR: 3 }, TypeError, 'lrRangeTest: unknown option "maxLR"; did you mean "maxLr"?'],
])('%o is refused', (options, kind, message) => {
  const problem = parabola(1, { params: () => expect.fail('asked the problem') })
  const call = () => lrRangeTest(problem, options as LRRangeTestOptions)
  expect(call).toThrow(kind)
  expect(call).toThrow(message)
})

test('an optimizer over other parameters, a problem that is none', () => {
  expect(() => lrRangeTest(parabola(1), { optimizer: () => sgd({ x: new Float64Array(1) }) })).toThrow(
    'lrRangeTest: optimizer must return an optimizer over the very params it is given, got others',
  )
  expect(() => lrRangeTest({} as Problem)).toThrow(
    'lrRangeTest: problem.name must be a string, got undefined',
  )
})
