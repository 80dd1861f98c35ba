// Matrix factorisation: the hidden entries of a noisy matrix of low rank, from a third of them.
import { createRandom, init } from 'cauchy'
import type { BenchProblem, ProblemEntry } from './entry'

const ROWS = 60
const COLUMNS = 40
const RANK = 4
const NOISE = 0.1
const OBSERVED = 1000
const HELD = 400
/** Decides the matrix and which of its entries are known. */
const SEED = 1847

/**
 * ℓ = ½·(uᵢ·vⱼ − mᵢⱼ)² of an observed entry (i, j): no convex problem, and a batch touches few rows of either factor.
 * Parameters in float32: `u` [60 × 4], `v` [40 × 4]. M = U·Vᵀ + noise of deviation 0.1, its entries of variance 1.
 */
export const factorization: ProblemEntry = {
  name: 'matrix-factorization',
  kind: 'data',
  summary: 'The hidden entries of a noisy 60 × 40 matrix of rank 4, from 1000 of them',
  create: createFactorization,
}

function createFactorization(): BenchProblem {
  const { entries, values } = observe()

  const errorAt = (u: ArrayLike<number>, v: ArrayLike<number>, example: number) => {
    const [row, column] = place(entries[example])
    let product = 0
    for (let k = 0; k < RANK; k++) product += u[row + k] * v[column + k]
    return product - values[example]
  }

  return {
    name: factorization.name,
    data: { train: OBSERVED },
    shapes: { u: [ROWS, RANK], v: [COLUMNS, RANK] },
    length: 60,
    target: { metric: 'validation.rmse', value: 0.15, mode: 'min' },
    params(seed) {
      const random = createRandom(seed)
      return {
        u: init.normal(new Float32Array(ROWS * RANK), { std: 0.3, random }),
        v: init.normal(new Float32Array(COLUMNS * RANK), { std: 0.3, random }),
      }
    },
    lossAndGrad({ u, v }, grads, batch = new Uint32Array()) {
      grads.u.fill(0)
      grads.v.fill(0)
      let sum = 0
      for (const example of batch) {
        const error = errorAt(u, v, example)
        const [row, column] = place(entries[example])
        sum += (error * error) / 2
        for (let k = 0; k < RANK; k++) {
          grads.u[row + k] += (error * v[column + k]) / batch.length
          grads.v[column + k] += (error * u[row + k]) / batch.length
        }
      }
      return sum / batch.length
    },
    validate({ u, v }) {
      let sum = 0
      for (let example = OBSERVED; example < OBSERVED + HELD; example++) sum += errorAt(u, v, example) ** 2
      return { loss: sum / HELD / 2, rmse: Math.sqrt(sum / HELD) }
    },
  }
}

/** Where the factors of an entry begin in `u` and `v`. */
const place = (entry: number) => [Math.floor(entry / COLUMNS) * RANK, (entry % COLUMNS) * RANK] as const

/** The known entries, those for training first, and their values. */
function observe() {
  const random = createRandom(SEED)
  const factor = (rows: number) => Float64Array.from({ length: rows * RANK }, () => random.normal())
  const [u, v] = [factor(ROWS), factor(COLUMNS)]
  const all = random.shuffle(Uint32Array.from({ length: ROWS * COLUMNS }, (_, entry) => entry))
  const entries = all.subarray(0, OBSERVED + HELD)
  const values = Float64Array.from(entries, (entry) => {
    const [row, column] = place(entry)
    let product = 0
    for (let k = 0; k < RANK; k++) product += u[row + k] * v[column + k]
    return product / Math.sqrt(RANK) + NOISE * random.normal()
  })
  return { entries, values }
}
