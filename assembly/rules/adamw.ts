// Adam with decoupled weight decay; Adam is the same with a decay of 1. Mirrored in native/rules/adamw.h.
import { add, array, coefficient, div, flush, flushPositive, max, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adamw<T>(a: usize, c: usize, begin: usize, end: usize, amsgrad: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const vMax = array<T>(a, 4)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const inverseBiasCorrection2 = coefficient<T>(c, 5)
  const epsRoot = coefficient<T>(c, 6)
  const eps = coefficient<T>(c, 7)
  const stepSize = coefficient<T>(c, 8)
  const maximumScale = coefficient<T>(c, 9)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g1), g1)), tiny<T>())
    write(v, i, v1)
    let second = v1
    if (amsgrad) {
      // vMax ← max(vMax, s·v)
      second = max<T>(read<T>(vMax, i), mul<T>(v1, maximumScale))
      write(vMax, i, second)
    }
    // p ← (1 − lr·λ)·p − lr·m̂ / (√(v̂ + ε₀) + ε)
    const denominator = add<T>(sqrt<T>(add<T>(mul<T>(second, inverseBiasCorrection2), epsRoot)), eps)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, div<T>(m1, denominator))))
  }
}
