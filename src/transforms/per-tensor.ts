// Normalising and clipping each gradient by its own norm.
import { checkBoolean, checkNumber, checkOptions } from '../check'
import type { BackendName, FloatArray, Grads } from '../types'
import { collect, gradientRow, Vectors } from '../vectors'

export interface NormalizeGradsOptions {
  /** Which backend computes. Default 'auto'. */
  backend?: 'auto' | BackendName
}

export interface ClipGradNormPerTensorOptions extends NormalizeGradsOptions {
  /** Scales by maxNorm/‖g‖ itself rather than by maxNorm/(‖g‖ + 1e-6). Default false. */
  exact?: boolean
}

/** g ← factor(‖g‖)·g for each tensor whose factor is not 1; returns the norms by name. */
function rescaleEach(
  who: string,
  grads: unknown,
  backend: unknown,
  factor: (norm: number) => number,
): Record<string, number> {
  const named = collect(who, grads)
  if (named.length === 0) return {}
  const vectors = new Vectors(
    who,
    named.map(({ array }) => array),
    backend,
  )
  const norms = vectors.norms()
  const factors = norms.map(factor)
  vectors.run('clip', (t) => (factors[t] === 1 ? null : gradientRow(factors[t])))
  return Object.fromEntries(named.map(({ name }, t) => [name, norms[t]]))
}

/**
 * Scales each gradient, in place, to length 1: g ← g/‖g‖₂, tensor by tensor. Zeros stay zeros.
 *
 * @param grads Arrays in a record or a list; `null` entries are passed over.
 * @returns The norms before, by name. Elements below 2⁻¹⁰⁰ (float64: 2⁻⁵⁰⁰) count as zero in them.
 *
 * A NaN makes its whole tensor NaN; infinities become NaN and the rest of their tensor 0.
 *
 * Source: normalised gradient descent, per block as in Yu et al., "Block-Normalized Gradient Method" (2018).
 *
 * @example
 * ```ts
 * import { normalizeGrads } from 'cauchy'
 * const g = Float64Array.of(0, -8)
 * normalizeGrads({ w: g }).w // → 8
 * Array.from(g) // → [0, -1]
 * ```
 * @throws TypeError for wrong kinds and unknown options.
 */
export function normalizeGrads(
  grads: Grads | FloatArray,
  options?: NormalizeGradsOptions,
): Record<string, number> {
  const { backend } = checkOptions('normalizeGrads', options, ['backend'])
  return rescaleEach('normalizeGrads', grads, backend, (norm) => (norm === 0 ? 1 : 1 / norm))
}

/**
 * Scales each gradient, in place, so that its own 2-norm is at most `maxNorm`: g ← g · min(1, maxNorm / (‖g‖₂ + 1e-6)),
 * tensor by tensor.
 *
 * @param grads Arrays in a record or a list; `null` entries are passed over.
 * @param maxNorm ≥ 0, or Infinity to measure only.
 * @returns The norms before, by name. Elements below 2⁻¹⁰⁰ (float64: 2⁻⁵⁰⁰) count as zero in them.
 *
 * What NaN and infinities do is as in `clipGradNorm`, within their tensor.
 *
 * Source: `torch.nn.utils.clip_grad_norm_` on one parameter at a time; `optax.clip_by_block_rms` is its like.
 *
 * @example
 * ```ts
 * import { clipGradNormPerTensor } from 'cauchy'
 * const grads = { w: Float64Array.of(0, 8), b: Float64Array.of(0.5) }
 * clipGradNormPerTensor(grads, 1, { exact: true }).w // → 8
 * Array.from(grads.w) // → [0, 1]
 * grads.b[0] // → 0.5
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export function clipGradNormPerTensor(
  grads: Grads | FloatArray,
  maxNorm: number,
  options?: ClipGradNormPerTensorOptions,
): Record<string, number> {
  const who = 'clipGradNormPerTensor'
  const got = checkOptions(who, options, ['exact', 'backend'])
  if (maxNorm !== Number.POSITIVE_INFINITY) checkNumber(`${who}: maxNorm`, maxNorm, { min: 0 })
  const exact = checkBoolean(`${who}: exact`, got.exact ?? false)
  return rescaleEach(who, grads, got.backend, (norm) => {
    if (norm === 0 || maxNorm === Number.POSITIVE_INFINITY) return 1
    const scale = maxNorm / (exact ? norm : norm + 1e-6)
    return scale >= 1 ? 1 : scale
  })
}
