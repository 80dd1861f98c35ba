// Adan; mirrored in native/rules/adan.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adan<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const d = array<T>(a, 3)
  const n = array<T>(a, 4)
  const previous = array<T>(a, 5)
  const beta1 = coefficient<T>(c, 0)
  const oneMinusBeta1 = coefficient<T>(c, 1)
  const beta2 = coefficient<T>(c, 2)
  const oneMinusBeta2 = coefficient<T>(c, 3)
  const beta3 = coefficient<T>(c, 4)
  const oneMinusBeta3 = coefficient<T>(c, 5)
  const differenceWeight = coefficient<T>(c, 6)
  const inverseBiasCorrection3 = coefficient<T>(c, 7)
  const eps = coefficient<T>(c, 8)
  const gradientSize = coefficient<T>(c, 9)
  const differenceSize = coefficient<T>(c, 10)
  const decayBefore = coefficient<T>(c, 11)
  const decayAfter = coefficient<T>(c, 12)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // Δ = g − previous g, 0 at the first step
    const difference = mul<T>(differenceWeight, sub<T>(g0, read<T>(previous, i)))
    write(previous, i, g0)
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // d ← β₂·d + (1−β₂)·Δ
    const d0 = flush<T>(difference, tiny<T>())
    const d1 = flush<T>(add<T>(mul<T>(beta2, read<T>(d, i)), mul<T>(oneMinusBeta2, d0)), tiny<T>())
    write(d, i, d1)
    // n ← β₃·n + (1−β₃)·(g + β₂·Δ)²
    const ahead = flush<T>(add<T>(g0, mul<T>(beta2, d0)), tinySquare<T>())
    const n1 = flushPositive<T>(add<T>(mul<T>(beta3, read<T>(n, i)), mul<T>(mul<T>(oneMinusBeta3, ahead), ahead)), tiny<T>())
    write(n, i, n1)
    // p ← ((1 − lr·λ)·p − lr·(m̂ + β₂·d̂) / (√n̂ + ε)), or the proximal (p − …) / (1 + lr·λ)
    const denominator = add<T>(sqrt<T>(mul<T>(n1, inverseBiasCorrection3)), eps)
    const update = div<T>(add<T>(mul<T>(gradientSize, m1), mul<T>(differenceSize, d1)), denominator)
    write(p, i, mul<T>(decayAfter, sub<T>(mul<T>(decayBefore, read<T>(p, i)), update)))
  }
}
