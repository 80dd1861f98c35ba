// Every optimizer finds two minima in 10 000 steps: of a parabola in three variables and of Rosenbrock's valley.
import { describe, expect, test } from 'vitest'
import { type AnyOptimizer, classes, type Options } from './catalogue'

const STEPS = 10_000
const TOLERANCE = 3e-2

interface Valley {
  start: readonly number[]
  minimum: readonly number[]
  /** Fills the gradient, returns the value. */
  gradient(x: Float64Array, g: Float64Array): number
}

const parabola: Valley = {
  start: [-1, 10, 1],
  minimum: [1, -1, 1],
  // f = Σ (x − minimum)²
  gradient(x, g) {
    let value = 0
    for (const [i, minimum] of this.minimum.entries()) {
      g[i] = 2 * (x[i] - minimum)
      value += (x[i] - minimum) ** 2
    }
    return value
  },
}

const rosenbrock: Valley = {
  start: [0, 0],
  minimum: [1, 1],
  // f = (1 − x)² + 100·(y − x²)²
  gradient([x, y], g) {
    g[0] = -2 * (1 - x) - 400 * x * (y - x * x)
    g[1] = 200 * (y - x * x)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2
  },
}

type Row = [optimizer: string, parabola: Options, rosenbrock: Options | 'exempt']

// The rate for each valley; weight decay, which moves the minimum, is 0. Exempt on Rosenbrock's: sign descent, whose
// steps do not shrink along the valley's floor, where the gradient's sign across it alternates.
const rows: Row[] = [
  ['SGD', { lr: 0.1 }, { lr: 2e-3 }],
  ['SGD', { lr: 0.1, momentum: 0.9 }, { lr: 1e-3, momentum: 0.9 }],
  ['SGD', { lr: 0.1, momentum: 0.9, nesterov: true }, { lr: 1e-3, momentum: 0.9, nesterov: true }],
  ['Adagrad', { lr: 1 }, { lr: 0.1 }],
  ['RMSprop', { lr: 1e-2 }, { lr: 1e-3 }],
  ['RMSprop', { lr: 1e-3, momentum: 0.9, centered: true }, { lr: 3e-4, momentum: 0.9, centered: true }],
  ['Adam', { lr: 1e-2 }, { lr: 1e-3 }],
  ['Adam', { lr: 1e-2, amsgrad: true }, { lr: 1e-2, amsgrad: true }],
  ['AdamW', { lr: 1e-2 }, { lr: 1e-3 }],
  ['LAMB', { lr: 2e-3 }, { lr: 1e-3 }],
  ['Lion', { lr: 2e-3 }, { lr: 3e-4 }],
  ['SignSGD', { lr: 2e-3 }, 'exempt'],
  ['SignSGD', { lr: 2e-3, momentum: 0.9 }, 'exempt'],
  ['AdaBelief', { lr: 1e-2 }, { lr: 1e-3 }],
  ['AdaBelief', { lr: 1e-2, nesterov: true }, { lr: 1e-3, nesterov: true }],
  ['Yogi', { lr: 3e-2 }, { lr: 1e-2 }],
  ['Adan', { lr: 1e-2 }, { lr: 1e-3 }],
  ['AdEMAMix', { lr: 3e-2 }, { lr: 3e-3 }],
  ['AdEMAMix', { lr: 3e-2, tAlpha: STEPS, tBeta3: STEPS }, { lr: 1e-3, tAlpha: STEPS, tBeta3: STEPS }],
  ['ADOPT', { lr: 3e-2 }, { lr: 1e-2 }],
  ['ADOPT', { lr: 3e-2, nesterov: true }, { lr: 1e-2, nesterov: true }],
  ['MADGRAD', { lr: 1e-2 }, { lr: 2e-3 }],
  ['ASGD', { lr: 0.1 }, { lr: 2e-3 }],
  ['Adadelta', { lr: 1 }, { lr: 0.03 }],
  ['Adamax', { lr: 0.1 }, { lr: 1e-2 }],
  ['NAdam', { lr: 0.03 }, { lr: 1e-3 }],
  ['RAdam', { lr: 0.03 }, { lr: 3e-3 }],
  ['SparseAdam', { lr: 1e-2 }, { lr: 1e-3 }],
  ['Rprop', { lr: 0.01 }, { lr: 0.01 }],
  ['LARS', { lr: 0.3 }, { lr: 0.1 }],
  ['NovoGrad', { lr: 1e-3 }, { lr: 3e-4 }],
  ['PolyakSGD', { lr: 0.1 }, { lr: 0.1 }],
  ['LBFGS', { lr: 0.1 }, { lr: 0.1 }],
  ['LBFGS', { lineSearchFn: 'strongWolfe' }, { lineSearchFn: 'strongWolfe' }],
  ['LBFGS', { lr: 0.1, maxIter: 1, historySize: 1 }, { lr: 0.03, maxIter: 1, historySize: 1 }],
  ['Prodigy', { lr: 1 }, { lr: 0.3 }],
  ['Adafactor', { lr: 0.1 }, { lr: 0.1 }],
  ['SM3', { lr: 0.5 }, { lr: 0.1 }],
  ['Muon', { lr: 2e-3 }, { lr: 1e-3 }],
  ['ScheduleFreeSGD', { lr: 0.1 }, { lr: 0.01 }],
  ['ScheduleFreeAdamW', { lr: 0.1 }, { lr: 3e-3 }],
]

test('no optimizer is left out', () => {
  expect([...new Set(rows.map(([name]) => name))].sort()).toEqual(Object.keys(classes).sort())
})

/** How far from the minimum the steps end, in the worst variable. */
function distance(valley: Valley, create: (x: Float64Array) => AnyOptimizer): number {
  const x = Float64Array.from(valley.start)
  const opt = create(x)
  for (let t = 0; t < STEPS; t++) opt.step((grads) => valley.gradient(x, (grads as Float64Array[])[0]))
  opt.eval()
  return Math.max(...valley.minimum.map((value, i) => Math.abs(x[i] - value)))
}

describe.each(rows)('%s %o %o', (name, onParabola, onRosenbrock) => {
  const create = (options: Options) => (x: Float64Array) =>
    new classes[name]([x], {
      ...('weightDecay' in new classes[name]([[1]]).groups[0] && { weightDecay: 0 }),
      ...options,
    })

  test('parabola', () => {
    expect(distance(parabola, create(onParabola))).toBeLessThan(TOLERANCE)
  })

  test.skipIf(onRosenbrock === 'exempt')('Rosenbrock', () => {
    expect(distance(rosenbrock, create(onRosenbrock as Options))).toBeLessThan(TOLERANCE)
  })
})
