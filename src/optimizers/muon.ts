// Muon: options, working matrices, coefficients of its passes, documentation.
import { padded } from '../memory'
import { Optimizer, type OptimizerOptions } from '../optimizer'
import { flag, integer, number, oneOf, rate, tuple } from '../options'
import type { CommonOptions, Rule } from '../rule'
import type { ParamsInput, Shape } from '../types'

export interface MuonOptions extends CommonOptions {
  weightDecay: number
  momentum: number
  nesterov: boolean
  nsCoefficients: readonly [number, number, number]
  eps: number
  nsSteps: number
  adjustLr: 'original' | 'matchRmsAdamW'
}

function adjusted({ lr, adjustLr }: MuonOptions, [rows, columns]: Shape): number {
  if (adjustLr === 'matchRmsAdamW') return lr * 0.2 * Math.sqrt(Math.max(rows, columns))
  return lr * Math.sqrt(Math.max(1, rows / columns))
}

export const muon: Rule<MuonOptions> = {
  name: 'Muon',
  options: {
    lr: rate(1e-3),
    weightDecay: rate(0.1),
    momentum: number(0.95, { min: 0, max: 1, openMax: true }),
    nesterov: flag(true),
    nsCoefficients: tuple([3.4445, -4.775, 2.0315] as [number, number, number], [{}, {}, {}]),
    eps: number(1e-7, { min: 0, openMin: true }),
    nsSteps: integer(5, 0),
    adjustLr: oneOf('original', ['original', 'matchRmsAdamW']),
    maximize: flag(false),
  },
  structural: ['nesterov'],
  wantsShape: (shape) => (shape.length === 2 ? undefined : 'a matrix (2 dimensions)'),
  matrix: ([rows, columns]) => [rows, columns],
  state: () => ['momentumBuffer'],
  work([rows, columns], dtype) {
    const height = Math.ceil(Math.min(rows, columns) / 4) * 4
    const width = Math.max(rows, columns)
    const matrix = height * padded(width)
    const transposed = Math.max(width, height) * padded(height)
    const lengths = [rows * columns, matrix, transposed, matrix, height * padded(height)]
    return lengths.map((length) => ({ dtype, length }))
  },
  sharesWork: true,
  passes: ({ nesterov }) => [nesterov ? 'muonNesterov' : 'muonMomentum', 'muonOrthogonalize', 'muonUpdate'],
  coefficients(pass, options, { sums, shape }, c, k) {
    const { lr, weightDecay, momentum, nsCoefficients, eps, nsSteps } = options
    const values = [
      [momentum, 1 - momentum],
      [1 / Math.max(Math.sqrt(sums[0]), eps), ...nsCoefficients, 1, nsSteps],
      [1 - lr * weightDecay, adjusted(options, shape)],
    ]
    c.set(values[Number(pass)], k)
  },
}

/**
 * Muon: momentum whose update is made nearly orthogonal, so that all directions of a weight matrix move alike.
 *
 * ```text
 * m ← μ·m + (1 − μ)·g
 * u = μ·m + (1 − μ)·g                         nesterov false: u = m
 * X = u / max(‖u‖₂, ε), transposed if it has more rows than columns
 * s times: A = X·Xᵀ;  X ← a·X + (b·A + c·A·A)·X
 * p ← (1 − η·λ)·p − η·√max(1, rows/columns)·X     'matchRmsAdamW': η·0.2·√max(rows, columns)
 * ```
 *
 * For the weight matrices of hidden layers: every parameter must have two dimensions. Give biases, embeddings and
 * output layers to `AdamW`.
 *
 * Options: `lr` η ≥ 0, default 1e-3 · `weightDecay` λ ≥ 0, default 0.1 · `momentum` μ in [0, 1), default 0.95 ·
 * `nesterov`, default true, fixed at construction · `nsCoefficients` [a, b, c], any numbers, default [3.4445, -4.775, 2.0315] ·
 * `eps` ε > 0, default 1e-7 · `nsSteps` s, an integer ≥ 0, default 5 · `adjustLr` 'original' (default) or
 * 'matchRmsAdamW' · `maximize`, default false.
 *
 * State: `momentumBuffer` m (the parameter's shape).
 *
 * Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024), with `torch.optim.Muon`'s
 * definitions and defaults; 'matchRmsAdamW' from Liu et al., "Muon is Scalable for LLM Training" (2025).
 *
 * Deviations: the iterations run in the parameter's type, not in bfloat16, every sum of a product in ascending order.
 * Gradients and m below 2⁻¹⁰⁰ (float64: 2⁻⁹⁰⁰) count as zero, elements of X, A and their products below 2⁻⁵⁸ (2⁻⁵⁰⁰).
 *
 * @example
 * ```ts
 * import { Muon } from 'cauchy'
 * const data = Float64Array.of(1, 0, 0, 1)
 * const opt = new Muon({ w: { data, shape: [2, 2] } }, { lr: 0.1, weightDecay: 0 })
 * opt.step({ w: Float64Array.of(0, 3, -3, 0) })
 * Math.abs(data[1] + 0.1) < 0.05 // → true: the gradient's directions at about unit length, whatever its size
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range and other shapes.
 */
export class Muon<const P extends ParamsInput<MuonOptions> = ParamsInput<MuonOptions>> extends Optimizer<
  MuonOptions,
  P
> {
  constructor(params: P, options?: Partial<MuonOptions> & OptimizerOptions) {
    super(muon, params, options)
  }
}
