// ASGD; mirrored in native/rules/asgd.h.
import { add, array, coefficient, flush, mul, read, select, step, sub, tiny, write } from '../lanes'

@inline
export function asgd<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const ax = array<T>(a, 2)
  const decay = coefficient<T>(c, 0)
  const eta = coefficient<T>(c, 1)
  const mu = coefficient<T>(c, 2)
  const one = coefficient<T>(c, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // p ← (1 − λ·η)·p − η·g
    const p1 = sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(eta, g0))
    write(p, i, p1)
    // a ← a + μ·(p − a); a copy of p as long as μ is 1
    const a0 = read<T>(ax, i)
    const a1 = add<T>(a0, mul<T>(mu, flush<T>(sub<T>(p1, a0), tiny<T>())))
    write(ax, i, flush<T>(select<T>(mu, one, a1, p1), tiny<T>()))
  }
}
