// Lion; mirrored in native/rules/lion.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  sign,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function lion(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const lr = coefficient(c, 5)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    const m0 = read(m, i)
    // u = sign(β₁·m + (1−β₁)·g)
    const u = sign(add(mul(beta1, m0), mul(oneMinusBeta1, g0)))
    // m ← β₂·m + (1−β₂)·g
    write(m, i, flush(add(mul(beta2, m0), mul(oneMinusBeta2, g0)), tiny()))
    // p ← (1 − lr·λ)·p − lr·u
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, u)))
  }
}
