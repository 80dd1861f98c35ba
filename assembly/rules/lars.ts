// LARS: the two norms, then momentum over gradients rescaled per tensor. Mirrored in native/rules/lars.h.
import { accumulateGradient, accumulateSquare, add, array, coefficient, flush, mul, read, step, sub, tiny, write } from '../lanes'

@inline
export function larsNorms<T>(a: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // ‖p‖², ‖g‖²
    accumulateSquare<T>(s, 0, i, read<T>(p, i))
    accumulateGradient<T>(s, 1, i, read<T>(g, i))
  }
}

@inline
export function larsUpdate<T>(a: usize, c: usize, begin: usize, end: usize, nesterov: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const stepSize = coefficient<T>(c, 0)
  const momentum = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    // u = lr·ratio·g
    const u = mul<T>(stepSize, flush<T>(read<T>(g, i), tiny<T>()))
    // m ← μ·m + u
    const m1 = flush<T>(add<T>(mul<T>(momentum, read<T>(m, i)), u), tiny<T>())
    write(m, i, m1)
    if (nesterov) {
      // p ← p − (u + μ·m)
      write(p, i, sub<T>(p0, add<T>(u, mul<T>(momentum, m1))))
    } else {
      // p ← p − m
      write(p, i, sub<T>(p0, m1))
    }
  }
}
