// Lion; mirrored in native/rules/lion.h.
import { add, array, coefficient, flush, mul, read, sign, step, sub, tiny, write } from '../lanes'

@inline
export function lion<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const decay = coefficient<T>(c, 0)
  const beta1 = coefficient<T>(c, 1)
  const oneMinusBeta1 = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const lr = coefficient<T>(c, 5)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    const m0 = read<T>(m, i)
    // u = sign(β₁·m + (1−β₁)·g)
    const u = sign<T>(add<T>(mul<T>(beta1, m0), mul<T>(oneMinusBeta1, g0)))
    // m ← β₂·m + (1−β₂)·g
    write(m, i, flush<T>(add<T>(mul<T>(beta2, m0), mul<T>(oneMinusBeta2, g0)), tiny<T>()))
    // p ← (1 − lr·λ)·p − lr·u
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(lr, u)))
  }
}
