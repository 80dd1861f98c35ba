// Gradient clipping in place, outside a step: by global norm and by value.
import { checkBoolean, checkNumber, checkOptions } from './check'
import { checkStepOptions, gradientNorm } from './gradients'
import { pow } from './math/functions'
import { maxAbs, sum } from './reduce'
import type { BackendName, FloatArray, Grads } from './types'
import { collect, gradientRow, Vectors } from './vectors'

export interface ClipGradNormOptions {
  /** The p of the p-norm, above 0, Infinity included. Default 2. */
  normType?: number
  /** Throws, before anything is changed, when the norm is NaN or infinite. Default false. */
  errorIfNonfinite?: boolean
  /** Scales by maxNorm/‖g‖ itself (optax) rather than by maxNorm/(‖g‖ + 1e-6) (PyTorch). Default false. */
  exact?: boolean
  /** Which backend computes. Default 'auto'. */
  backend?: 'auto' | BackendName
}

/** g ← clip(scale·g, ±limit) */
function rescale(vectors: Vectors, scale: number, limit: number): void {
  vectors.run('clip', () => gradientRow(scale, limit))
}

/**
 * Scales all gradients, in place, so that their p-norm taken together is at most `maxNorm`:
 * g ← g · min(1, maxNorm / (‖g‖ₚ + 1e-6)). Nothing is written when the norm is small enough.
 *
 * @param grads Arrays in a record or a list; `null` entries are passed over.
 * @param maxNorm ≥ 0, or Infinity to measure only.
 * @returns The total norm before clipping. Elements below 2⁻¹⁰⁰ (float64: 2⁻⁵⁰⁰) count as zero in the 2-norm.
 *
 * Source: `torch.nn.utils.clip_grad_norm_`.
 *
 * @example
 * ```ts
 * import { clipGradNorm } from 'cauchy'
 * const g = Float64Array.of(30, 40)
 * clipGradNorm([g], 5) // → 50; g is now [3, 4] to 1 part in 5e7
 * ```
 * @throws TypeError for wrong kinds, RangeError for values out of range and, if asked for, a non-finite norm.
 */
export function clipGradNorm(
  grads: Grads | FloatArray,
  maxNorm: number,
  options?: ClipGradNormOptions,
): number {
  const who = 'clipGradNorm'
  const got = checkOptions(who, options, ['normType', 'errorIfNonfinite', 'exact', 'backend'])
  if (maxNorm !== Number.POSITIVE_INFINITY) checkNumber(`${who}: maxNorm`, maxNorm, { min: 0 })
  const normType = got.normType ?? 2
  if (normType !== Number.POSITIVE_INFINITY)
    checkNumber(`${who}: normType`, normType, { min: 0, openMin: true })
  const fatal = checkBoolean(`${who}: errorIfNonfinite`, got.errorIfNonfinite ?? false)
  const exact = checkBoolean(`${who}: exact`, got.exact ?? false)
  const arrays = collect(who, grads).map(({ array }) => array)
  if (arrays.length === 0) return 0
  const vectors = new Vectors(who, arrays, got.backend)
  const norm = totalNorm(vectors, normType as number)
  if (fatal && !Number.isFinite(norm))
    throw new RangeError(`${who}: the total norm must be finite, got ${norm}`)
  if (norm === 0) return 0
  const scale = maxNorm / (exact ? norm : norm + 1e-6)
  if (!(scale >= 1) && maxNorm !== Number.POSITIVE_INFINITY) rescale(vectors, scale, Number.POSITIVE_INFINITY)
  return norm
}

function totalNorm({ engine, block, arrays }: Vectors, p: number): number {
  if (p === 2) return gradientNorm(engine, block, arrays, checkStepOptions('clipGradNorm', undefined)).norm
  if (p === 1) return sum(arrays, Math.abs)
  if (p === Number.POSITIVE_INFINITY) return maxAbs(arrays)
  // Relative to the largest, so that no power overflows.
  const max = maxAbs(arrays)
  if (max === 0 || !Number.isFinite(max)) return max
  return (
    max *
    pow(
      sum(arrays, (x) => pow(Math.abs(x) / max, p)),
      1 / p,
    )
  )
}

/**
 * Clips every element, in place, into [−clipValue, clipValue]. NaN stays NaN.
 *
 * @param clipValue ≥ 0.
 *
 * Source: `torch.nn.utils.clip_grad_value_`.
 *
 * @example
 * ```ts
 * import { clipGradValue } from 'cauchy'
 * const g = Float64Array.of(-3, 0.5)
 * clipGradValue({ w: g }, 1)
 * g[0] // → -1
 * ```
 * @throws TypeError for wrong kinds, RangeError for values out of range.
 */
export function clipGradValue(
  grads: Grads | FloatArray,
  clipValue: number,
  options?: Pick<ClipGradNormOptions, 'backend'>,
): void {
  const who = 'clipGradValue'
  const { backend } = checkOptions(who, options, ['backend'])
  if (clipValue !== Number.POSITIVE_INFINITY) checkNumber(`${who}: clipValue`, clipValue, { min: 0 })
  const arrays = collect(who, grads).map(({ array }) => array)
  if (arrays.length > 0) rescale(new Vectors(who, arrays, backend), 1, clipValue)
}
