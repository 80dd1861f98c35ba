// Adamax; mirrored in native/rules/adamax.h.
import { abs, add, array, coefficient, div, flush, flushPositive, max, mul, read, step, sub, tiny, write } from '../lanes'

@inline
export function adamax<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const u = array<T>(a, 3)
  const beta1 = coefficient<T>(c, 0)
  const oneMinusBeta1 = coefficient<T>(c, 1)
  const beta2 = coefficient<T>(c, 2)
  const eps = coefficient<T>(c, 3)
  const stepSize = coefficient<T>(c, 4)
  const epsOutside = coefficient<T>(c, 5)
  const decay = coefficient<T>(c, 6)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // u ← max(β₂·u, |g| + ε)
    const u1 = flushPositive<T>(max<T>(mul<T>(beta2, read<T>(u, i)), add<T>(abs<T>(g0), eps)), tiny<T>())
    write(u, i, u1)
    // p ← decay·p − lr·m̂ / (u + ε₀)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, div<T>(m1, add<T>(u1, epsOutside)))))
  }
}
