// ADOPT, optionally with Nesterov's look-ahead; mirrored in native/rules/adopt.h.
import { add, array, coefficient, div, flush, flushPositive, max, min, mul, neg, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adopt<T>(a: usize, c: usize, begin: usize, end: usize, nesterov: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const eps = coefficient<T>(c, 5)
  const clip = coefficient<T>(c, 6)
  const lr = coefficient<T>(c, 7)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    const v0 = read<T>(v, i)
    // u = clip(g / max(√v, ε)), of the v before this gradient
    const normalized = div<T>(g0, max<T>(sqrt<T>(v0), eps))
    const u = max<T>(min<T>(normalized, clip), neg<T>(clip))
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, u)), tiny<T>())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const square = flushPositive<T>(mul<T>(g1, g1), tiny<T>())
    write(v, i, flushPositive<T>(add<T>(mul<T>(beta2, v0), mul<T>(oneMinusBeta2, square)), tiny<T>()))
    let update = m1
    if (nesterov) {
      // β₁·m + (1−β₁)·u once more
      update = add<T>(mul<T>(beta1, m1), mul<T>(oneMinusBeta1, u))
    }
    // p ← (1 − lr·λ)·p − lr·m
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, update)))
  }
}
