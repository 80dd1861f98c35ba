// Descent along the gradient's signs, plain and with momentum; mirrored in native/rules/signsgd.h.
import { add, array, coefficient, flush, mul, read, sign, step, sub, tiny, write } from '../lanes'

@inline
export function signsgd<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const decay = coefficient<T>(c, 0)
  const lr = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // p ← (1 − lr·λ)·p − lr·sign(g)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, sign<T>(g0))))
  }
}

@inline
export function signum<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const decay = coefficient<T>(c, 0)
  const lr = coefficient<T>(c, 1)
  const momentum = coefficient<T>(c, 2)
  const oneMinusMomentum = coefficient<T>(c, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // m ← μ·m + (1−μ)·g
    const m1 = flush<T>(add<T>(mul<T>(momentum, read<T>(m, i)), mul<T>(oneMinusMomentum, g0)), tiny<T>())
    write(m, i, m1)
    // p ← (1 − lr·λ)·p − lr·sign(m)
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, sign<T>(m1))))
  }
}
