// AdaBelief, optionally with Nesterov's look-ahead; mirrored in native/rules/adabelief.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adabelief<T>(a: usize, c: usize, begin: usize, end: usize, nesterov: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const inverseBiasCorrection2 = coefficient<T>(c, 5)
  const epsRoot = coefficient<T>(c, 6)
  const eps = coefficient<T>(c, 7)
  const averageSize = coefficient<T>(c, 8)
  const gradientSize = coefficient<T>(c, 9)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·(g − m)² + ε₀
    const surprise = flush<T>(sub<T>(g0, m1), tinySquare<T>())
    const v0 = add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, surprise), surprise))
    const v1 = flushPositive<T>(add<T>(v0, epsRoot), tiny<T>())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·m̂ / (√v̂ + ε)
    const denominator = add<T>(sqrt<T>(mul<T>(v1, inverseBiasCorrection2)), eps)
    let average = mul<T>(averageSize, m1)
    if (nesterov) {
      // lr·m̂ = lr·β₁·m/(1−β₁ᵗ⁺¹) + lr·(1−β₁)·g/(1−β₁ᵗ)
      average = add<T>(average, mul<T>(gradientSize, g0))
    }
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), div<T>(average, denominator)))
  }
}
