// LAMB: the moments and the two norms, then the update with each tensor's trust ratio. Mirrored in native/rules/lamb.h.
import { accumulateSquare, add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function lambMoments<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const beta1 = coefficient<T>(c, 0)
  const oneMinusBeta1 = coefficient<T>(c, 1)
  const beta2 = coefficient<T>(c, 2)
  const oneMinusBeta2 = coefficient<T>(c, 3)
  const inverseBiasCorrection1 = coefficient<T>(c, 4)
  const inverseBiasCorrection2 = coefficient<T>(c, 5)
  const epsRoot = coefficient<T>(c, 6)
  const eps = coefficient<T>(c, 7)
  const weightDecay = coefficient<T>(c, 8)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, g0)), tiny<T>())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g1), g1)), tiny<T>())
    write(v, i, v1)
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const denominator = add<T>(sqrt<T>(add<T>(mul<T>(v1, inverseBiasCorrection2), epsRoot)), eps)
    const u = add<T>(div<T>(mul<T>(m1, inverseBiasCorrection1), denominator), mul<T>(weightDecay, p0))
    // ‖p‖², ‖u‖²
    accumulateSquare<T>(s, 0, i, p0)
    accumulateSquare<T>(s, 1, i, u)
  }
}

@inline
export function lambUpdate<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  const inverseBiasCorrection1 = coefficient<T>(c, 4)
  const inverseBiasCorrection2 = coefficient<T>(c, 5)
  const epsRoot = coefficient<T>(c, 6)
  const eps = coefficient<T>(c, 7)
  const weightDecay = coefficient<T>(c, 8)
  const stepSize = coefficient<T>(c, 9)
  const decay = coefficient<T>(c, 10)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const denominator = add<T>(sqrt<T>(add<T>(mul<T>(read<T>(v, i), inverseBiasCorrection2), epsRoot)), eps)
    const u = add<T>(div<T>(mul<T>(read<T>(m, i), inverseBiasCorrection1), denominator), mul<T>(weightDecay, p0))
    // p ← decay·p − lr·(‖p‖/‖u‖)·u
    write(p, i, sub<T>(mul<T>(decay, p0), mul<T>(stepSize, u)))
  }
}
