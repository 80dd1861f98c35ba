// Gradient descent, plain and with momentum; mirrored in native/rules/sgd.h.
import { add, array, coefficient, flush, mul, read, step, sub, tiny, write } from '../lanes'

@inline
export function sgd<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const lr = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // p ← p − lr·g
    write(p, i, sub<T>(read<T>(p, i), mul<T>(lr, g0)))
  }
}

@inline
export function sgdMomentum<T>(a: usize, c: usize, begin: usize, end: usize, nesterov: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const lr = coefficient<T>(c, 0)
  const momentum = coefficient<T>(c, 1)
  const oneMinusDampening = coefficient<T>(c, 2)
  const gradientWeight = coefficient<T>(c, 3)
  const decay = coefficient<T>(c, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = mul<T>(decay, read<T>(p, i))
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // m ← μ·m + (1−τ)·g
    const m1 = flush<T>(add<T>(mul<T>(momentum, read<T>(m, i)), mul<T>(oneMinusDampening, g0)), tiny<T>())
    write(m, i, m1)
    if (nesterov) {
      // p ← p − lr·(w·g + μ·m)
      write(p, i, sub<T>(p0, mul<T>(lr, add<T>(mul<T>(gradientWeight, g0), mul<T>(momentum, m1)))))
    } else {
      // p ← p − lr·m
      write(p, i, sub<T>(p0, mul<T>(lr, m1)))
    }
  }
}
