// Descent along the gradient's signs, plain and with momentum; mirrored in native/rules/signsgd.h.
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

export function signsgd(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const decay = coefficient(c, 0)
  const lr = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // p ← (1 − lr·λ)·p − lr·sign(g)
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, sign(g0))))
  }
}

export function signum(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const decay = coefficient(c, 0)
  const lr = coefficient(c, 1)
  const momentum = coefficient(c, 2)
  const oneMinusMomentum = coefficient(c, 3)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // m ← μ·m + (1−μ)·g
    const m1 = flush(add(mul(momentum, read(m, i)), mul(oneMinusMomentum, g0)), tiny())
    write(m, i, m1)
    // p ← (1 − lr·λ)·p − lr·sign(m)
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, sign(m1))))
  }
}
