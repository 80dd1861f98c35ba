// NAdam; mirrored in native/rules/nadam.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function nadam<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const beta1 = coefficient<T>(c, 0)
  const oneMinusBeta1 = coefficient<T>(c, 1)
  const beta2 = coefficient<T>(c, 2)
  const oneMinusBeta2 = coefficient<T>(c, 3)
  const inverseBiasCorrection2 = coefficient<T>(c, 4)
  const eps = coefficient<T>(c, 5)
  const gradientWeight = coefficient<T>(c, 6)
  const momentWeight = coefficient<T>(c, 7)
  const lr = coefficient<T>(c, 8)
  const decay = coefficient<T>(c, 9)
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
    // p ← decay·p − lr·(w₁·g + w₂·m) / (√v̂ + ε)
    const denominator = add<T>(sqrt<T>(mul<T>(v1, inverseBiasCorrection2)), eps)
    const ahead = add<T>(mul<T>(gradientWeight, g0), mul<T>(momentWeight, m1))
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, div<T>(ahead, denominator))))
  }
}
