// Seeded, decaying noise on gradients.
import { checkInteger, checkNumber, checkOptions } from '../check'
import { pow } from '../math/functions'
import { createRandom } from '../random'
import type { FloatArray, Grads } from '../types'
import { collect } from '../vectors'

export interface AddGradNoiseOptions {
  /** Decides all the noise, an integer in [0, 2⁵³). */
  seed: number
  /** t, the step the noise is for, an integer ≥ 0. */
  step: number
  /** η, the variance at t = 0, ≥ 0. Default 0.01. */
  eta?: number
  /** γ, how fast the variance decays, ≥ 0. Default 0.55. */
  gamma?: number
}

/**
 * Adds normal noise to gradients, in place: g ← g + N(0, σ²), σ² = η/(1 + t)^γ.
 *
 * Each number depends on seed, step, the tensor's name (or index in a list) and the element alone: neither on the order
 * of tensors nor on what else is there. The same on every engine and backend.
 *
 * @param grads Arrays in a record or a list; `null` entries are passed over.
 * @param options `seed` and `step` (such as `opt.stepCount`), required; `eta` η ≥ 0, default 0.01 (the paper tries 0.01,
 * 0.3 and 1) · `gamma` γ ≥ 0, default 0.55.
 * @returns σ.
 *
 * Source: Neelakantan et al., "Adding Gradient Noise Improves Learning for Very Deep Networks" (2015).
 *
 * @example
 * ```ts
 * import { addGradNoise } from 'cauchy'
 * const g = new Float32Array(1000)
 * addGradNoise({ w: g }, { seed: 1, step: 3, eta: 4, gamma: 1 }) // → 1
 * Math.abs(g.reduce((sum, x) => sum + x * x, 0) / 1000 - 1) < 0.1 // → true
 * ```
 * @throws TypeError for wrong kinds and unknown options, RangeError for values out of range.
 */
export function addGradNoise(grads: Grads | FloatArray, options: AddGradNoiseOptions): number {
  const who = 'addGradNoise'
  const got = checkOptions(who, options, ['seed', 'step', 'eta', 'gamma'])
  const seed = checkInteger(`${who}: seed`, got.seed, 0)
  const step = checkInteger(`${who}: step`, got.step, 0)
  const eta = checkNumber(`${who}: eta`, got.eta ?? 0.01, { min: 0 })
  const gamma = checkNumber(`${who}: gamma`, got.gamma ?? 0.55, { min: 0 })
  const named = collect(who, grads)
  const sigma = Math.sqrt(eta / pow(1 + step, gamma))
  if (sigma === 0) return sigma
  for (const { name, array } of named) {
    const random = createRandom(streamSeed(seed, step, name))
    for (let i = 0; i < array.length; i++) array[i] += sigma * random.normal()
  }
  return sigma
}

/** 53 bits that depend on every bit of seed, step and name: two rounds of a 32-bit hash that differ in their start. */
function streamSeed(seed: number, step: number, name: string): number {
  const words = [seed, step].flatMap((n) => [n | 0, Math.floor(n / 2 ** 32) | 0])
  for (let i = 0; i < name.length; i++) words.push(name.charCodeAt(i))
  const high = words.reduce(mix, 0x9e3779b9)
  const low = words.reduce(mix, 0x85ebca6b)
  return (finish(high) >>> 11) * 2 ** 32 + (finish(low) >>> 0)
}

// MurmurHash3's step and finaliser (Appleby), which avalanche.
function mix(hash: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51)
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  return Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
