// RMSprop, optionally centered and with momentum; mirrored in native/rules/rmsprop.h.
import { add, array, coefficient, div, flush, flushPositive, max, mul, read, sqrt, step, sub, tiny, tinySquare, write, zero } from '../lanes'

@inline
export function rmsprop<T>(a: usize, c: usize, begin: usize, end: usize, centered: bool, momentum: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const v = array<T>(a, 2)
  const m = array<T>(a, 3)
  const b = array<T>(a, centered ? 4 : 3)
  const alpha = coefficient<T>(c, 0)
  const oneMinusAlpha = coefficient<T>(c, 1)
  const epsRoot = coefficient<T>(c, 2)
  const eps = coefficient<T>(c, 3)
  const mu = coefficient<T>(c, 4)
  const bufferRate = coefficient<T>(c, 5)
  const lr = coefficient<T>(c, 6)
  const decay = coefficient<T>(c, 7)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← α·v + (1−α)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(alpha, read<T>(v, i)), mul<T>(mul<T>(oneMinusAlpha, g1), g1)), tiny<T>())
    write(v, i, v1)
    let variance = v1
    if (centered) {
      // m ← α·m + (1−α)·g
      const m1 = flush<T>(add<T>(mul<T>(alpha, read<T>(m, i)), mul<T>(oneMinusAlpha, g0)), tiny<T>())
      write(m, i, m1)
      // variance = max(v − m², 0): rounding may leave it below zero
      const m2 = flush<T>(m1, tinySquare<T>())
      variance = max<T>(sub<T>(v1, mul<T>(m2, m2)), zero<T>())
    }
    let update = div<T>(g0, add<T>(sqrt<T>(add<T>(variance, epsRoot)), eps))
    if (momentum) {
      // b ← μ·b + r·g / (√(variance + ε₀) + ε)
      update = flush<T>(add<T>(mul<T>(mu, read<T>(b, i)), mul<T>(bufferRate, update)), tiny<T>())
      write(b, i, update)
    }
    // p ← decay·p − lr·b
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, update)))
  }
}
