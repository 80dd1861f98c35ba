// Adamax; mirrored in native/rules/adamax.h.
import {
  type Arrays,
  abs,
  add,
  array,
  type Coefficients,
  coefficient,
  div,
  flush,
  flushPositive,
  max,
  mul,
  read,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function adamax(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const u = array(a, 3)
  const beta1 = coefficient(c, 0)
  const oneMinusBeta1 = coefficient(c, 1)
  const beta2 = coefficient(c, 2)
  const eps = coefficient(c, 3)
  const stepSize = coefficient(c, 4)
  const epsOutside = coefficient(c, 5)
  const decay = coefficient(c, 6)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // u ← max(β₂·u, |g| + ε)
    const u1 = flushPositive(max(mul(beta2, read(u, i)), add(abs(g0), eps)), tiny())
    write(u, i, u1)
    // p ← decay·p − lr·m̂ / (u + ε₀)
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, div(m1, add(u1, epsOutside)))))
  }
}
