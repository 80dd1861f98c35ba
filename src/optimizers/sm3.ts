// SM3: options, its accumulators per dimension, coefficients of its pass, documentation.
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import { larger } from '../reduce'
import type { CommonOptions, Rule, TensorStep } from '../rule'
import type { FloatArray, ParamsInput, Shape } from '../types'

export interface SM3Options extends CommonOptions {
  momentum: number
  beta2: number
  eps: number
}

const isVector = (shape: Shape) => shape.length < 2

const rowsOf = (shape: Shape) => shape.slice(0, -1).reduce((product, size) => product * size, 1)

/** The last dimension's first, where the kernel finds it. */
const dimensions = (shape: Shape) =>
  isVector(shape) ? [0] : [shape.length - 1, ...Array.from(shape.slice(1), (_, k) => k)]

/** For every row, in order: its index along each dimension but the last, with that dimension's accumulator. */
function eachRow(
  { shape, state }: TensorStep,
  visit: (row: number, accumulator: FloatArray, index: number) => void,
): void {
  const rows = rowsOf(shape)
  let stride = rows
  for (let dimension = 0; dimension < shape.length - 1; dimension++) {
    const size = shape[dimension]
    stride /= size
    for (let row = 0; row < rows; row++) {
      visit(row, state[2 + dimension], Math.floor(row / stride) % size)
    }
  }
}

export const sm3: Rule<SM3Options> = {
  name: 'SM3',
  options: {
    lr: rate(1e-3),
    momentum: number(0.9, { min: 0, max: 1, openMax: true }),
    beta2: number(1, { min: 0, max: 1 }),
    eps: rate(1e-8),
    maximize: flag(false),
  },
  presets: { optax: {} },
  structural: [],
  matrix: (shape) => [rowsOf(shape), shape.at(-1) ?? 1],
  state: (_options, shape) => ['expAvg', ...dimensions(shape).map((k) => `accumulator${k}`)],
  extent(slot, shape) {
    if (slot === 'expAvg') return shape.reduce((product, size) => product * size, 1)
    return shape[Number(slot.replace('accumulator', ''))] ?? 1
  },
  work(shape, dtype) {
    if (isVector(shape)) return []
    const rows = rowsOf(shape)
    return [
      { dtype: 'float64', length: rows },
      { dtype, length: rows },
      { dtype, length: shape[shape.length - 1] },
    ]
  },
  passes: (_options, shape) => (isVector(shape) ? ['sm3Vector'] : ['sm3']),
  combine(_pass, _options, tensors) {
    for (const tensor of tensors) {
      if (isVector(tensor.shape)) continue
      const [, least, nextColumns] = tensor.work
      least.fill(Number.POSITIVE_INFINITY)
      eachRow(tensor, (row, accumulator, index) => {
        least[row] = Math.min(least[row], accumulator[index])
      })
      nextColumns.fill(0)
    }
  },
  finish(_options, tensor) {
    if (isVector(tensor.shape)) return
    const [greatest, , nextColumns] = tensor.work
    const [, lastAccumulator, ...accumulators] = tensor.state
    lastAccumulator.set(nextColumns)
    for (const accumulator of accumulators) accumulator.fill(0)
    eachRow(tensor, (row, accumulator, index) => {
      accumulator[index] = larger(accumulator[index], greatest[row])
    })
  },
  coefficients(_pass, { lr, momentum, beta2, eps }, _tensor, c, k) {
    c[k] = momentum
    c[k + 1] = 1 - momentum
    c[k + 2] = beta2
    c[k + 3] = beta2 === 1 ? 1 : 1 - beta2
    c[k + 4] = eps
    c[k + 5] = lr
  },
}

/**
 * SM3: Adagrad whose accumulators are kept per row and per column, per index of each dimension, instead of per element.
 *
 * ```text
 * v = β₂·min over the dimensions k of aₖ + w·g²       w = 1 − β₂, or 1 where β₂ = 1
 * aₖ ← max of v over all other dimensions
 * u = g / √(v + ε), 0 where v is
 * m ← μ·m + (1 − μ)·u
 * p ← p − η·m
 * ```
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `momentum` μ in [0, 1), default 0.9 · `beta2` β₂ in [0, 1], default 1: a sum ·
 * `eps` ε ≥ 0, default 1e-8 · `maximize`, default false · `preset` 'optax': the same.
 *
 * State: `expAvg` m (the parameter's shape), `accumulator0`, `accumulator1` … aₖ (one vector per dimension, of its size).
 *
 * Source: Anil, Gupta, Koren and Singer, "Memory-Efficient Adaptive Optimization" (2019), algorithm SM3-II, with
 * `optax.sm3`'s definitions and defaults (which leave the rate to the caller).
 *
 * Deviations: gradients, v and m below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, gradients below 2⁻⁵⁸ (2⁻⁵⁰⁰) in v. The
 * accumulators of matrices pass over NaN.
 *
 * @example
 * ```ts
 * import { SM3 } from 'cauchy'
 * const data = Float64Array.of(1, 1, 1, 1)
 * const opt = new SM3({ w: { data, shape: [2, 2] } }, { lr: 0.5, momentum: 0, eps: 0 })
 * opt.step({ w: Float64Array.of(3, 0, 4, 0) })
 * const { accumulator0 } = opt.stateDict().state.w
 * String(accumulator0) // → '9,16'
 * data[0] // → 0.5: 1 − 0.5·3/√9
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class SM3<const P extends ParamsInput<SM3Options> = ParamsInput<SM3Options>> extends Optimizer<
  SM3Options,
  P
> {
  constructor(params: P, options?: Partial<SM3Options> & OptimizerOptions) {
    super(sm3, params, options)
  }
}
