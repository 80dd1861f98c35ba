// ADOPT, optionally with Nesterov's look-ahead; mirrored in native/rules/adopt.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  div,
  flush,
  flushPositive,
  max,
  min,
  mul,
  neg,
  read,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function adopt(a: Arrays, c: Coefficients, begin: number, end: number, nesterov: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const eps = coefficient(c, 5)
  const clip = coefficient(c, 6)
  const lr = coefficient(c, 7)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    const v0 = read(v, i)
    // u = clip(g / max(√v, ε)), of the v before this gradient
    const normalized = div(g0, max(sqrt(v0), eps))
    const u = max(min(normalized, clip), neg(clip))
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, u)), tiny())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const square = flushPositive(mul(g1, g1), tiny())
    write(v, i, flushPositive(add(mul(beta2, v0), mul(oneMinusBeta2, square)), tiny()))
    let update = m1
    if (nesterov) {
      // β₁·m + (1−β₁)·u once more
      update = add(mul(beta1, m1), mul(oneMinusBeta1, u))
    }
    // p ← (1 − lr·λ)·p − lr·m
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, update)))
  }
}
