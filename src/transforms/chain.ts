// Composing gradient transformations; the place where their order is documented.
import { checkFunction, kindError } from '../check'
import type { FloatArray, Grads } from '../types'

/** Changes gradients in place; what it returns is ignored. */
export type GradTransform = (grads: Grads) => unknown

/**
 * One transformation out of several, applied from left to right.
 *
 * ```text
 * grads of a batch ─▶ GradientAccumulator: the mean of k batches
 *                  ─▶ chain: your transformations, in the order given, e.g.
 *                        centralizeGrads → clipGradAdaptive, clipGradNormPerTensor or normalizeGrads → addGradNoise
 *                  ─▶ step:  gradScale → clipValue → norm and finite check → clipNorm → maximize → weight decay → rule
 *                  ─▶ around the step: SAM before it; Lookahead, EMA and SWA after it
 * ```
 *
 * Transformations write into the gradients they are given and into nothing else; none remembers anything, so the same
 * gradients give the same bits at any time, in any order of tensors, on every backend. Each checks everything before it
 * writes. They come before `gradScale`: with a loss scale, unscale the gradients before a transformation that compares
 * them with something (all but centralizeGrads and normalizeGrads). With a closure, call the chain at its end.
 *
 * @param transforms Functions of the gradients, at least one.
 * @returns A function that transforms gradients in place and returns them.
 *
 * Source: `optax.chain`.
 *
 * @example
 * ```ts
 * import { addGradNoise, centralizeGrads, chain, normalizeGrads, SGD } from 'cauchy'
 * const opt = new SGD({ w: [2, 2] }, { lr: 1 })
 * const prepare = chain(
 *   (grads) => centralizeGrads(grads, opt.shapes),
 *   (grads) => normalizeGrads(grads),
 *   (grads) => addGradNoise(grads, { seed: 1, step: opt.stepCount, eta: 0 }),
 * )
 * opt.step(prepare({ w: Float32Array.of(1, 3, 5, 7) }))
 * Array.from(opt.params.w) // → [0.5, -0.5, 0.5, -0.5]
 * ```
 * @throws TypeError for what is not a function; whatever a transformation throws, those before it done.
 */
export function chain(...transforms: GradTransform[]): <G extends Grads | FloatArray>(grads: G) => G {
  if (transforms.length === 0) throw kindError('chain', 'given at least one transformation', transforms)
  transforms.forEach((transform, i) => {
    checkFunction(`chain: transformation ${i}`, transform)
  })
  return (grads) => {
    for (const transform of transforms) transform(grads as Grads)
    return grads
  }
}
