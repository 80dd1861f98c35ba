// ASGD; mirrored in native/rules/asgd.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  select,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function asgd(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const ax = array(a, 2)
  const decay = coefficient(c, 0)
  const eta = coefficient(c, 1)
  const mu = coefficient(c, 2)
  const one = coefficient(c, 3)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // p ← (1 − λ·η)·p − η·g
    const p1 = sub(mul(decay, read(p, i)), mul(eta, g0))
    write(p, i, p1)
    // a ← a + μ·(p − a); a copy of p as long as μ is 1
    const a0 = read(ax, i)
    const a1 = add(a0, mul(mu, flush(sub(p1, a0), tiny())))
    write(ax, i, flush(select(mu, one, a1, p1), tiny()))
  }
}
