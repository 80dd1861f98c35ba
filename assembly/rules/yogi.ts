// Yogi; mirrored in native/rules/yogi.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sign, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function yogi<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const oneMinusBeta2 = coefficient<T>(c, 3)
  const inverseBiasCorrection2 = coefficient<T>(c, 4)
  const epsRoot = coefficient<T>(c, 5)
  const eps = coefficient<T>(c, 6)
  const stepSize = coefficient<T>(c, 7)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // v ← v − (1−β₂)·sign(v − g²)·g²
    const v0 = read<T>(v, i)
    const square = mul<T>(g1, g1)
    const change = mul<T>(mul<T>(oneMinusBeta2, square), sign<T>(sub<T>(v0, square)))
    const v1 = flushPositive<T>(sub<T>(v0, change), tiny<T>())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·m̂ / (√(v̂ + ε₀) + ε)
    const denominator = add<T>(sqrt<T>(add<T>(mul<T>(v1, inverseBiasCorrection2), epsRoot)), eps)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, div<T>(m1, denominator))))
  }
}
