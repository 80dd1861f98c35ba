// minimize: known minima are found, every way of not ending is closed, and the result says why it stopped.
import {
  EMA,
  type FloatArray,
  type MinimizeOptions,
  minimize,
  PolyakSGD,
  type Problem,
  SAM,
  ScheduleFreeSGD,
  SGD,
} from 'cauchy'
import { describe, expect, it } from 'vitest'

/** (x − 3)² + 10·(y + 1)², least at (3, −1). */
function bowl(x: Float64Array | Float32Array, g: Float64Array | Float32Array): number {
  g[0] = 2 * (x[0] - 3)
  g[1] = 20 * (x[1] + 1)
  return (x[0] - 3) ** 2 + 10 * (x[1] + 1) ** 2
}

/** ½·λ·x² */
const parabola = (lambda: number) => (x: Float64Array, g: Float64Array) => {
  g[0] = lambda * x[0]
  return (lambda * x[0] * x[0]) / 2
}

const sgd = (lr: number): MinimizeOptions => ({ optimizer: (params) => new SGD(params, { lr }) })

describe('minimize', () => {
  it('finds the least point with its default optimizer and leaves x0 alone', () => {
    const x0 = [0, 0]
    const result = minimize(bowl, x0)
    expect(result.reason).toBe('gradient')
    expect(result.x).toBeInstanceOf(Float64Array)
    expect(result.x[0]).toBeCloseTo(3, 6)
    expect(result.x[1]).toBeCloseTo(-1, 6)
    expect(result.gradNorm).toBeLessThanOrEqual(1e-6)
    expect(x0).toEqual([0, 0])
  })

  it('gives a loss and gradient norm that belong to x', () => {
    for (const maxSteps of [0, 1, 7, 1000]) {
      const { x, loss, gradNorm, steps, evaluations } = minimize(bowl, [9, 9], { maxSteps })
      const g = new Float64Array(2)
      expect(loss).toBe(bowl(x, g))
      expect(gradNorm).toBeCloseTo(Math.hypot(g[0], g[1]), 12)
      expect(evaluations).toBe(steps + 1)
    }
  })

  it('is gradient descent by hand: x after t steps is x₀·(1 − lr·λ)^t', () => {
    const { x, steps, reason } = minimize(parabola(2), [8], { ...sgd(0.25), maxSteps: 5 })
    // 1 − 0.25·2 = ½, exact in binary: 8 / 2⁵
    expect([x[0], steps, reason]).toEqual([0.25, 5, 'max-steps'])
  })

  it('stops at the first point whose gradient is within the tolerance', () => {
    // |2·8/2^t| ≤ 0.25 from t = 6 on
    const { steps, x, message } = minimize(parabola(2), [8], { ...sgd(0.25), gradTolerance: 0.25 })
    expect([steps, x[0]]).toEqual([6, 0.125])
    expect(message).toBe("The gradient's norm is 0.25 after 6 steps; 0.25 is the tolerance.")
  })

  it('takes Float32Array, Float64Array and records, and returns the same form', () => {
    const single = minimize(bowl, Float32Array.of(0, 0), { gradTolerance: 1e-3 })
    expect(single.x).toBeInstanceOf(Float32Array)
    expect(single.x[1]).toBeCloseTo(-1, 3)
    const record = minimize(
      ({ a, b }, g) => {
        g.a[0] = a[0] - 1
        g.b[0] = b[0] + 2
        return ((a[0] - 1) ** 2 + (b[0] + 2) ** 2) / 2
      },
      { a: [0], b: Float32Array.of(0) },
    )
    expect(record.x.a).toBeInstanceOf(Float64Array)
    expect(record.x.b).toBeInstanceOf(Float32Array)
    expect(record.x.a[0]).toBeCloseTo(1, 5)
    expect(record.x.b[0]).toBeCloseTo(-2, 5)
  })

  it('takes a problem without data', () => {
    const problem: Problem = {
      name: 'parabola',
      params: (seed) => ({ x: Float64Array.of(seed) }),
      lossAndGrad: ({ x }, g) => parabola(1)(x as Float64Array, g.x as Float64Array),
    }
    expect(minimize(problem, { seed: 4, maxSteps: 0 }).x.x[0]).toBe(4)
    expect(minimize(problem, { seed: 4 }).x.x[0]).toBeCloseTo(0, 5)
    expect(() => minimize({ ...problem, data: { train: 3 } })).toThrow(
      'minimize: problem must be one without data (fit trains those with), got "parabola"',
    )
  })

  it('sets the rate from the schedule before every step', () => {
    const rates = [0.5, 0.25, 0.125]
    const { x } = minimize(parabola(1), [1], { ...sgd(1), schedule: (t) => rates[t], maxSteps: 3 })
    expect(x[0]).toBe(0.5 * 0.75 * 0.875)
  })

  it('clips by norm', () => {
    // ‖g‖ = 100, clipped to 100 · 1 / (100 + 1e-6)
    const { x } = minimize(parabola(1), [100], { ...sgd(1), clipNorm: 1, maxSteps: 1 })
    expect(x[0]).toBeCloseTo(99, 6)
  })

  it('gives a closure to optimizers that need one, and counts its calls', () => {
    const polyak = minimize(parabola(1), [1], { optimizer: (p) => new PolyakSGD(p), maxSteps: 3 })
    expect([polyak.x[0], polyak.steps, polyak.evaluations]).toEqual([1 / 8, 3, 4])
    const sam = (params: Record<string, FloatArray>) => new SAM(new SGD(params, { lr: 0.25 }), { rho: 0.5 })
    const seen: number[] = []
    const watched = (x: Float64Array, g: Float64Array) => {
      seen.push(x[0])
      return parabola(1)(x, g)
    }
    const { steps, evaluations } = minimize(watched, [1], { optimizer: sam, maxSteps: 2 })
    expect([steps, evaluations]).toEqual([2, 5])
    expect(seen).toEqual([1, 1.5, 0.625, 1.125, 0.34375])
  })

  it('visits the point that eval() shows, and returns it where its loss is lowest', () => {
    // z and y jump to and fro over the minimum at 0, and their average stays close to it.
    const points: number[] = []
    const f = (x: Float64Array, g: Float64Array) => {
      points.push(x[0])
      g[0] = Math.sign(x[0])
      return Math.abs(x[0])
    }
    let opt: ScheduleFreeSGD | undefined
    const optimizer = (params: object) => {
      opt = new ScheduleFreeSGD(params as never, { lr: 1, momentum: 0.5 })
      return opt
    }
    const { x, loss, gradNorm, steps, evaluations, reason } = minimize(f, [0.75], { optimizer, maxSteps: 5 })
    expect([reason, steps, evaluations, points.length]).toEqual(['max-steps', 5, 7, 7])
    // By hand: z = 0.75, −0.25, 0.75, −0.25, −1.25 …: the rule of the paper, with equal weights.
    let [z, average] = [0.75, 0.75]
    const trained: number[] = []
    for (let t = 1; t <= 5; t++) {
      const y = (z + average) / 2
      trained.push(y)
      z -= Math.sign(y)
      average += (z - average) / t
    }
    trained.push((z + average) / 2)
    trained.forEach((y, t) => void expect(points[t]).toBeCloseTo(y, 12))
    expect(points[6]).toBeCloseTo(average, 12)
    const best = points.reduce((least, point) => (Math.abs(point) < Math.abs(least) ? point : least))
    expect([x[0], loss, gradNorm]).toEqual([best, Math.abs(best), 1])
    // The optimizer goes on where it was.
    expect((opt as unknown as { params: { x: Float64Array } }).params.x[0]).toBe(points[5])
    const ema = minimize(parabola(3), [1], {
      optimizer: (params) => new EMA(new SGD(params, { lr: 0.6 }), { decay: 0.5 }),
      maxSteps: 6,
    })
    // p = (−0.8)ᵗ turns about 0; the average of the first is lower than the last.
    let mean = -0.8
    for (let t = 2; t <= 6; t++) mean += 0.5 * ((-0.8) ** t - mean)
    expect(ema.x[0]).toBeCloseTo(mean, 12)
    expect(ema.loss).toBeCloseTo((3 * mean * mean) / 2, 12)
    expect(ema.evaluations).toBe(8)
  })

  describe('ends', () => {
    it('diverged, when lr·λ > 2, keeping the best point', () => {
      const { reason, x, loss, steps, message } = minimize(parabola(10), [1], { ...sgd(1), maxSteps: 1e6 })
      expect(reason).toBe('diverged')
      expect([x[0], loss]).toEqual([1, 5])
      // |x| grows ninefold a step: x² passes 1.8e308 after 161 or so.
      expect(steps).toBeLessThan(170)
      expect(message).toMatch(/^The (loss|gradient's norm) became Infinity after \d+ steps\.$/)
    })

    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'diverged, at once, on a loss of %d',
      (loss) => {
        const result = minimize(() => loss, [1])
        expect(result).toMatchObject({ reason: 'diverged', steps: 0, evaluations: 1 })
        expect(result.x).toEqual(Float64Array.of(1))
      },
    )

    it('diverged, on a gradient that is not finite', () => {
      const result = minimize(
        (_, g) => {
          g[0] = Number.NaN
          return 1
        },
        [1],
      )
      expect(result.reason).toBe('diverged')
    })

    it.each([
      ['at all', () => 1, 0],
      ['in part', (_: Float64Array, g: Float64Array) => (g[0] = 1), 1],
    ])('diverged, where f does not write the gradient %s', (_, f, element) => {
      const { reason, steps, message } = minimize(f, [1, 2])
      expect([reason, steps]).toEqual(['diverged', 0])
      expect(message).toBe(
        `Element ${element} of the gradient of x is NaN at the start, or f did not write it.`,
      )
    })

    it('early-stopping, after patience steps without an improvement above minDelta', () => {
      // Losses ½·4^−t: the decrease from step 2 to step 3 is the first below 0.05.
      const options = { ...sgd(0.5), patience: 2, minDelta: 0.05 }
      const { reason, steps, message } = minimize(parabola(1), [1], options)
      expect([reason, steps]).toEqual(['early-stopping', 4])
      expect(message).toBe('The loss did not improve for 2 steps.')
    })

    it('aborted, when onStep returns false', () => {
      const seen: number[] = []
      const options = { ...sgd(0.5), onStep: ({ step }: { step: number }) => seen.push(step) < 3 }
      expect(minimize(parabola(1), [1], options)).toMatchObject({ reason: 'aborted', steps: 2 })
      expect(seen).toEqual([0, 1, 2])
    })

    it('max-steps, by default after 1000', () => {
      const constantSlope = (_: Float64Array, g: Float64Array) => {
        g[0] = 1
        return 1
      }
      expect(minimize(constantSlope, [0])).toMatchObject({ reason: 'max-steps', steps: 1000 })
    })

    it('gradient, at the stationary point even where a point visited before was lower', () => {
      const ridge = (x: Float64Array, g: Float64Array) => {
        g[0] = x[0] === 1 ? 1 : 0
        return x[0] === 1 ? -5 : 0
      }
      const { reason, x, loss } = minimize(ridge, [1], sgd(0.5))
      expect([reason, x[0], loss]).toEqual(['gradient', 0.5, 0])
    })

    it('gradient, without a step, at a stationary point', () => {
      expect(minimize(bowl, [3, -1])).toMatchObject({ reason: 'gradient', steps: 0, loss: 0, gradNorm: 0 })
    })
  })

  it.each<[() => unknown, ErrorConstructor, string]>([
    [() => minimize(null as never), TypeError, 'minimize: problem must be a Problem, got null'],
    [() => minimize(bowl, 'x' as never), TypeError, 'minimize: x0 must be'],
    [() => minimize(bowl, { a: ['1'] } as never), TypeError, 'minimize: x0.a must be'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    [() => minimize(bowl, [, 1] as never), TypeError, 'minimize: x0 must be'],
    [() => minimize(bowl, [0, 0], { steps: 3 } as never), TypeError, 'unknown option "steps"'],
    [() => minimize(bowl, [0, 0], { maxStep: 3 } as never), TypeError, 'did you mean "maxSteps"?'],
    [
      () => minimize(bowl, [0, 0], { maxSteps: -1 }),
      RangeError,
      'minimize: maxSteps must be an integer ≥ 0, got -1',
    ],
    [() => minimize(bowl, [0, 0], { gradTolerance: Number.NaN }), RangeError, 'minimize: gradTolerance'],
    [() => minimize(bowl, [0, 0], { patience: 0 }), RangeError, 'minimize: patience'],
    [() => minimize(bowl, [0, 0], { ...sgd(1), lr: 1 }), TypeError, 'minimize: lr belongs to the default'],
    [
      () => minimize((() => {}) as never, [0]),
      TypeError,
      'the loss returned must be a number, got undefined',
    ],
    [
      () => minimize(bowl, [0, 0], { optimizer: () => new SGD([new Float64Array(2)], { lr: 1 }) }),
      TypeError,
      'minimize: optimizer must return an optimizer over the very params it is given',
    ],
  ])('rejects wrong arguments (%#)', (call, kind, message) => {
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})
