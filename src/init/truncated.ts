// Exact draws from a truncated standard normal by rejection, fast however far out the interval is.
import { exp, ln } from '../math/functions'
import type { Random } from '../random'

/** Draws of N(0, 1) within [a, b], a < b (Robert, "Simulation of truncated normal variables", 1995). */
export function truncatedStandardNormal(random: Random, a: number, b: number): () => number {
  if (b <= 0 && a < 0) {
    const mirrored = truncatedStandardNormal(random, -b, -a)
    return () => -mirrored()
  }
  if (a > 0) {
    // The tail's best exponential rate.
    const rate = (a + Math.sqrt(a * a + 4)) / 2
    return b - a <= 1 / rate ? flat(random, a, b, a) : tail(random, a, b, rate)
  }
  // √(2π): from this width on, normals are accepted more often than points of the interval.
  if (b - a < 2.5066282746310002) return flat(random, a, b, 0)
  return () => {
    for (;;) {
      const x = random.normal()
      if (x >= a && x <= b) return x
    }
  }
}

/** Points of the interval, accepted by their density; `mode` is the densest. */
function flat(random: Random, a: number, b: number, mode: number): () => number {
  return () => {
    for (;;) {
      const x = a + (b - a) * random.uniform()
      if (random.uniform() <= exp(((mode - x) * (mode + x)) / 2)) return x
    }
  }
}

/** Exponential draws above a, accepted by their density over the exponential's. */
function tail(random: Random, a: number, b: number, rate: number): () => number {
  return () => {
    for (;;) {
      const x = a - ln(1 - random.uniform()) / rate
      const off = x - rate
      if (x <= b && random.uniform() <= exp((-off * off) / 2)) return x
    }
  }
}
