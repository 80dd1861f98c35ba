// Seeded random numbers, the same on every JavaScript engine: shuffles, initial parameters and noise draw from here.
import { checkInteger, kindError } from './check'
import { ln } from './math/functions'

/** A stream of pseudo-random numbers; see {@link createRandom}. */
export interface Random {
  /** The next 32 bits, an integer in [0, 2³²). */
  uint32(): number
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number
  /** Standard normal: mean 0, variance 1. */
  normal(): number
  /** Uniform among 0 … n − 1 without modulo bias; n in [1, 2³²]. */
  integer(n: number): number
  /** Shuffles in place, every order equally likely (Fisher–Yates), and returns the array. */
  shuffle(array: Uint32Array): Uint32Array
}

/**
 * A small fast generator whose whole stream is decided by its seed, on every engine, to the last bit.
 *
 * Not for cryptography. The period is at least 2³² numbers, on average about 2¹²⁷.
 *
 * @param seed an integer in [0, 2⁵³)
 * @returns the stream; two streams of the same seed are identical
 * @throws TypeError or RangeError when the seed is not such an integer
 *
 * Source: sfc32, "Small Fast Counting" by Chris Doty-Humphrey, PractRand 0.95 (https://pracrand.sourceforge.net),
 * with the halves of the seed as its words b and c and twelve draws discarded; normals by Marsaglia's polar method (SIAM Review 6, 1964).
 *
 * @example
 * ```ts
 * import { createRandom } from 'cauchy'
 *
 * const random = createRandom(42)
 * const weights = Float32Array.from({ length: 10 }, () => 0.1 * random.normal())
 * const order = random.shuffle(Uint32Array.from({ length: 100 }, (_, i) => i))
 * ```
 */
export function createRandom(seed: number): Random {
  checkInteger('createRandom: seed', seed, 0)
  let a = 0
  let b = seed | 0
  let c = Math.floor(seed / 2 ** 32) | 0
  let counter = 1
  let spare: number | undefined

  function uint32(): number {
    const out = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }

  function uniform(): number {
    const high = uint32() >>> 5
    const low = uint32() >>> 6
    return (high * 2 ** 26 + low) * 2 ** -53
  }

  function normal(): number {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * ln(s)) / s)
      spare = y * scale
      return x * scale
    }
  }

  function integer(n: number): number {
    checkInteger('integer: n', n, 1, 2 ** 32)
    // Values from here on up would favour the small remainders: draw again.
    const limit = 2 ** 32 - (2 ** 32 % n)
    let value = uint32()
    while (value >= limit) value = uint32()
    return value % n
  }

  function shuffle(array: Uint32Array): Uint32Array {
    if (!(array instanceof Uint32Array)) throw kindError('shuffle: array', 'a Uint32Array', array)
    for (let i = array.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      const value = array[i]
      array[i] = array[j]
      array[j] = value
    }
    return array
  }

  for (let i = 0; i < 12; i++) uint32()
  return { uint32, uniform, normal, integer, shuffle }
}
