// Adafactor: options, the factored second moment, coefficients of its passes, documentation.
import { checkNumber, kindError } from '../check'
import { pow } from '../math/functions'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, number, rate } from '../options'
import type { CommonOptions, Rule, TensorStep } from '../rule'
import { flushTiny } from '../tiny'
import type { FloatArray, ParamsInput, Shape } from '../types'

export interface AdafactorOptions extends CommonOptions {
  beta2Decay: number
  eps: readonly [number | null, number]
  d: number
  weightDecay: number
}

const isFactored = (shape: Shape) => shape.length > 1

function total(array: FloatArray): number {
  let sum = 0
  for (const x of array) sum += x
  return sum
}

/** The machine epsilon of the tensor's type stands in for ε₁ = null. */
function eps1Of({ eps: [eps1] }: AdafactorOptions, { state }: TensorStep): number {
  return eps1 ?? (state[0].BYTES_PER_ELEMENT === 4 ? 2 ** -23 : Number.EPSILON)
}

/** Takes the sums of g² along rows and columns into their averages, and prepares each row's factor of v. */
function factor(options: AdafactorOptions, tensor: TensorStep): void {
  const [rows, columns] = tensor.shape.slice(-2)
  const [rowVar, colVar] = tensor.state
  const [rowSums, columnSums, rowFactor] = tensor.work
  const weight = pow(tensor.t, options.beta2Decay)
  const average = (old: number, mean: number) => flushTiny(rowVar, old + weight * (mean - old))
  tensor.sums[0] = 0
  rowVar.forEach((old, r) => {
    tensor.sums[0] += rowSums[2 * r]
    rowVar[r] = average(old, rowSums[2 * r + 1] / columns)
  })
  colVar.forEach((old, c) => {
    colVar[c] = average(old, columnSums[c] / rows)
  })
  const eps1 = eps1Of(options, tensor)
  for (let first = 0; first < rowVar.length; first += rows) {
    const matrix = rowVar.subarray(first, first + rows)
    const mean = total(matrix) / rows
    matrix.forEach((x, r) => {
      rowFactor[first + r] = flushTiny(rowFactor, x / (mean < eps1 ? eps1 : mean))
    })
  }
}

export const adafactor: Rule<AdafactorOptions> = {
  name: 'Adafactor',
  options: {
    lr: rate(1e-2),
    beta2Decay: number(-0.8, { max: 0 }),
    eps: {
      default: Object.freeze([null, 1e-3] as const),
      check(who, got) {
        if (!Array.isArray(got) || got.length !== 2) {
          throw kindError(who, 'a number or null, and a number', got)
        }
        const eps1 = got[0] === null ? null : checkNumber(`${who}[0]`, got[0], { min: 0 })
        return Object.freeze([eps1, checkNumber(`${who}[1]`, got[1], { min: 0 })] as const)
      },
    },
    d: number(1, { min: 1 }),
    weightDecay: rate(0),
    maximize: flag(false),
  },
  structural: [],
  matrix: (shape) => [shape.at(-2) ?? 1, shape.at(-1) ?? 1],
  state: (_options, shape) => (isFactored(shape) ? ['rowVar', 'colVar'] : ['variance']),
  extent(slot, shape) {
    const without =
      slot === 'rowVar' ? shape.slice(0, -1) : slot === 'colVar' ? shape.toSpliced(-2, 1) : shape
    return without.reduce((product, size) => product * size, 1)
  },
  work(shape, dtype) {
    if (!isFactored(shape)) return []
    const [rows, columns] = ['rowVar', 'colVar'].map((slot) => adafactor.extent?.(slot, shape) ?? 0)
    return [
      { dtype: 'float64', length: 2 * rows },
      { dtype: 'float64', length: columns },
      { dtype, length: rows },
    ]
  },
  passes: (_options, shape) =>
    isFactored(shape)
      ? ['adafactorSquares', 'adafactorNorms', 'adafactorUpdate']
      : ['adafactorVector', 'adafactorVectorUpdate'],
  combine(pass, options, tensors) {
    for (const tensor of tensors) {
      if (!isFactored(tensor.shape)) continue
      if (pass === 0) tensor.work[1].fill(0)
      else if (pass === 1) factor(options, tensor)
      else tensor.sums[1] = total(tensor.work[0].subarray(0, tensor.state[0].length))
    }
  },
  coefficients(_pass, options, tensor, c, k) {
    const { lr, beta2Decay, eps, d, weightDecay } = options
    const { t, length, sums } = tensor
    const weight = pow(t, beta2Decay)
    const root = Math.sqrt(length)
    const scale = Math.max(eps[1], Math.sqrt(sums[0]) / root) * Math.min(lr, 1 / Math.sqrt(t))
    c[k] = 1 - weight
    c[k + 1] = weight
    c[k + 2] = eps1Of(options, tensor) ** 2
    c[k + 3] = 1 - lr * weightDecay
    c[k + 4] = scale / Math.max(1, Math.sqrt(sums[1]) / (root * d))
  },
}

/**
 * Adafactor: Adam without momentum, its second moment kept as one average per row and one per column.
 *
 * ```text
 * β₂ = 1 − t^γ
 * r ← β₂·r + (1 − β₂)·mean of g² along each row      c ← β₂·c + (1 − β₂)·mean of g² along each column
 * v = r·cᵀ / max(mean(r), ε₁)                        vectors and scalars: v ← β₂·v + (1 − β₂)·g²
 * u = g / √max(v, ε₁²)
 * p ← (1 − η·λ)·p
 * p ← p − α·u / max(1, RMS(u)/d)                     α = max(ε₂, RMS(p))·min(η, 1/√t), RMS(p) before the decay
 * ```
 *
 * Rows and columns are those of the last two dimensions; further dimensions count matrices of their own.
 *
 * Options: `lr` η ≥ 0, default 1e-2 · `beta2Decay` γ ≤ 0, default -0.8 · `eps` [ε₁, ε₂] each ≥ 0, ε₁ null for the
 * machine epsilon of the parameter's type, default [null, 1e-3] · `d` ≥ 1, the greatest root mean square of an update,
 * default 1 · `weightDecay` λ ≥ 0, default 0 · `maximize`, default false.
 *
 * State: `rowVar` r (the parameter's shape without its last dimension) and `colVar` c (without the one before), or
 * `variance` v (the parameter's shape) for vectors and scalars.
 *
 * Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost" (2018), with
 * `torch.optim.Adafactor`'s definitions and defaults.
 *
 * Deviations: sums along rows and columns, norms and averages are taken in double and rounded once. Gradients below
 * 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, averages below it too, factors of v and gradients of vectors below 2⁻⁵⁸ (2⁻⁵⁰⁰)
 * in v, elements below 2⁻¹²⁶ (2⁻⁵⁰⁰) in norms. With ε₁ = 0 a gradient of zeros divides by zero.
 *
 * @example
 * ```ts
 * import { Adafactor } from 'cauchy'
 * const w = Float64Array.of(3, 4)
 * new Adafactor({ w }, { lr: 0.1 }).step({ w: Float64Array.of(2, -1) })
 * w[0] // → 2.6464466094067265: 3 − 0.1·√((9 + 16)/2)·1
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export class Adafactor<
  const P extends ParamsInput<AdafactorOptions> = ParamsInput<AdafactorOptions>,
> extends Optimizer<AdafactorOptions, P> {
  constructor(params: P, options?: Partial<AdafactorOptions> & OptimizerOptions) {
    super(adafactor, params, options)
  }
}
