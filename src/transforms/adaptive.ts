// Adaptive gradient clipping: each unit's gradient against the size of its weights.
import { checkNumber, checkOptions, kindError, show } from '../check'
import { overlaps } from '../places'
import { checkFloatArray, dtypeOf } from '../tensors'
import type { FloatArray, Grads } from '../types'
import { collectShaped, type GradShapes, normRange } from './units'

export interface ClipGradAdaptiveOptions {
  /** λ, how large a gradient may be relative to its weights, ≥ 0. Default 0.01. */
  clipping?: number
  /** The norm that weights are given at least, > 0, so that zeros can move. Default 1e-3. */
  eps?: number
}

/**
 * Clips gradients, in place, relative to their weights, unit by unit: rows along the first dimension of tensors with two
 * or more dimensions, whole tensors otherwise.
 *
 * ```text
 * m = λ·max(‖w‖, ε)
 * g ← g·m/max(‖g‖, 1e-6)   where not ‖g‖ < m
 * ```
 *
 * @param params The weights, such as `opt.params`.
 * @param grads Gradients in the same form; `null` entries are passed over.
 * @param shapes The shapes in the same form, such as `opt.shapes`; the first dimension is taken for the output's.
 * @returns How many units were clipped.
 *
 * A NaN in a unit's gradient or weights makes its gradient NaN; an infinite one becomes NaN, the rest of its unit 0.
 *
 * Source: Brock et al., "High-Performance Large-Scale Image Recognition Without Normalization" (2021);
 * `optax.adaptive_grad_clip`. The paper leaves out the last layer: pass the other tensors.
 *
 * @example
 * ```ts
 * import { clipGradAdaptive } from 'cauchy'
 * const w = Float64Array.of(3, 4, 0, 1)
 * const g = Float64Array.of(0, 2, 0, 0.25)
 * clipGradAdaptive({ w }, { w: g }, { w: [2, 2] }, { clipping: 0.25 }) // → 2
 * Array.from(g) // → [0, 1.25, 0, 0.25]
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range and lengths that differ.
 */
export function clipGradAdaptive(
  params: Readonly<Record<string, FloatArray>> | readonly FloatArray[],
  grads: Grads,
  shapes: GradShapes,
  options?: ClipGradAdaptiveOptions,
): number {
  const who = 'clipGradAdaptive'
  const got = checkOptions(who, options, ['clipping', 'eps'])
  const clipping = checkNumber(`${who}: clipping`, got.clipping ?? 0.01, { min: 0 })
  const eps = checkNumber(`${who}: eps`, got.eps ?? 1e-3, { min: 0, openMin: true })
  if (typeof params !== 'object' || params === null) throw kindError(`${who}: params`, 'typed arrays', params)
  const units = collectShaped(who, grads, shapes).map((shaped) => {
    const where = `${who}: parameter ${show(shaped.name)}`
    const weights = checkFloatArray(where, (params as Record<string, unknown>)[shaped.name])
    if (dtypeOf(weights) !== dtypeOf(shaped.array) || weights.length !== shaped.array.length) {
      const wanted = `a ${dtypeOf(shaped.array)} array of length ${shaped.array.length} as its gradient is`
      throw kindError(where, wanted, weights)
    }
    if (overlaps(weights, shaped.array))
      throw new TypeError(`${where} must not share memory with its gradient, got two that overlap`)
    return { ...shaped, weights }
  })
  let clipped = 0
  for (const { array, rows, weights } of units) {
    const width = array.length / rows
    for (let start = 0; start < array.length; start += width) {
      const end = start + width
      const norm = normRange(array, start, end)
      const weight = normRange(weights, start, end)
      const limit = clipping * (weight < eps ? eps : weight)
      if (norm < limit) continue
      const scale = limit / (norm < 1e-6 ? 1e-6 : norm)
      for (let i = start; i < end; i++) array[i] *= scale
      clipped++
    }
  }
  return clipped
}
