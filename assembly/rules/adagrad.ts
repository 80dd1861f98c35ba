// Adagrad; mirrored in native/rules/adagrad.h.
import { add, array, coefficient, div, flush, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adagrad<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const v = array<T>(a, 2)
  const lr = coefficient<T>(c, 0)
  const epsRoot = coefficient<T>(c, 1)
  const eps = coefficient<T>(c, 2)
  const decay = coefficient<T>(c, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← v + g²
    const v1 = add<T>(read<T>(v, i), mul<T>(g1, g1))
    write(v, i, v1)
    // p ← decay·p − lr·g / (√(v + ε₀) + ε)
    const denominator = add<T>(sqrt<T>(add<T>(v1, epsRoot)), eps)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, div<T>(g0, denominator))))
  }
}
