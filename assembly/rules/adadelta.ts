// Adadelta, optionally divided by the average before; mirrored in native/rules/adadelta.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adadelta<T>(a: usize, c: usize, begin: usize, end: usize, delayed: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const v = array<T>(a, 2)
  const d = array<T>(a, 3)
  const rho = coefficient<T>(c, 0)
  const oneMinusRho = coefficient<T>(c, 1)
  const eps = coefficient<T>(c, 2)
  const lr = coefficient<T>(c, 3)
  const decay = coefficient<T>(c, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tinySquare<T>())
    const v0 = read<T>(v, i)
    const d0 = read<T>(d, i)
    // v ← ρ·v + (1−ρ)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(rho, v0), mul<T>(mul<T>(oneMinusRho, g0), g0)), tiny<T>())
    write(v, i, v1)
    let second = v1
    if (delayed) {
      // Divides by the average before this gradient.
      second = v0
    }
    // u = g / √(v + ε) · √(d + ε)
    const relative = flush<T>(div<T>(g0, sqrt<T>(add<T>(second, eps))), tinySquare<T>())
    const u = mul<T>(relative, sqrt<T>(add<T>(d0, eps)))
    // d ← ρ·d + (1−ρ)·u²
    const u1 = flush<T>(u, tinySquare<T>())
    const d1 = flushPositive<T>(add<T>(mul<T>(rho, d0), mul<T>(mul<T>(oneMinusRho, u1), u1)), tiny<T>())
    write(d, i, d1)
    // p ← decay·p − lr·u
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, u)))
  }
}
