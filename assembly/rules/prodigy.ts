// Prodigy: the moments and the two sums behind the distance estimate, then the update. Mirrored in native/rules/prodigy.h.
import { accumulateAbs, accumulateProduct, add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function prodigyMoments<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const w = array<T>(a, 4)
  const start = array<T>(a, 5)
  const d = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const beta3 = coefficient<T>(c, 5)
  const weight = coefficient<T>(c, 6)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    const scaled = mul<T>(d, g0)
    const g1 = flush<T>(scaled, tiny<T>())
    const g2 = flush<T>(scaled, tinySquare<T>())
    // m ← β₁·m + (1−β₁)·d·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g1)), tiny<T>())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·(d·g)²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g2), g2)), tiny<T>())
    write(v, i, v1)
    // s ← β₃·s + w·g
    const w1 = flush<T>(add<T>(mul<T>(beta3, read<T>(w, i)), mul<T>(weight, g0)), tiny<T>())
    write(w, i, w1)
    // ⟨g, p₀ − p⟩, ‖s‖₁
    accumulateProduct<T>(s, 0, i, g0, sub<T>(read<T>(start, i), read<T>(p, i)))
    accumulateAbs<T>(s, 1, i, w1)
  }
}

@inline
export function prodigyUpdate<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const decay = coefficient<T>(c, 0)
  const eps = coefficient<T>(c, 1)
  const stepSize = coefficient<T>(c, 2)
  for (let i = begin; i < end; i += step<T>()) {
    // p ← (1 − λ·η̂)·p − η̂·m / (√v + d·ε)
    const u = div<T>(read<T>(m, i), add<T>(sqrt<T>(read<T>(v, i)), eps))
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, u)))
  }
}
