// AdEMAMix; mirrored in native/rules/ademamix.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function ademamix<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const fast = array<T>(a, 2)
  const slow = array<T>(a, 3)
  const v = array<T>(a, 4)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const beta3 = coefficient<T>(c, 5)
  const oneMinusBeta3 = coefficient<T>(c, 6)
  const inverseBiasCorrection2 = coefficient<T>(c, 7)
  const epsRoot = coefficient<T>(c, 8)
  const eps = coefficient<T>(c, 9)
  const fastSize = coefficient<T>(c, 10)
  const slowSize = coefficient<T>(c, 11)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // m ← β₁·m + (1−β₁)·g
    const fast1 = flush<T>(add<T>(mul<T>(beta1, read<T>(fast, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(fast, i, fast1)
    // s ← β₃·s + (1−β₃)·g
    const slow1 = flush<T>(add<T>(mul<T>(beta3, read<T>(slow, i)), mul<T>(oneMinusBeta3, g0)), tiny<T>())
    write(slow, i, slow1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g1), g1)), tiny<T>())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·(m̂ + α·s) / (√(v̂ + ε₀) + ε)
    const denominator = add<T>(sqrt<T>(add<T>(mul<T>(v1, inverseBiasCorrection2), epsRoot)), eps)
    const update = div<T>(add<T>(mul<T>(fastSize, fast1), mul<T>(slowSize, slow1)), denominator)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), update))
  }
}
