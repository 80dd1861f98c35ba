// Gradient descent, plain and with momentum; mirrored in native/rules/sgd.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function sgd(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const lr = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // p ← p − lr·g
    write(p, i, sub(read(p, i), mul(lr, g0)))
  }
}

export function sgdMomentum(a: Arrays, c: Coefficients, begin: number, end: number, nesterov: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const lr = coefficient(c, 0)
  const momentum = coefficient(c, 1)
  const oneMinusDampening = coefficient(c, 2)
  const gradientWeight = coefficient(c, 3)
  const decay = coefficient(c, 4)
  for (let i = begin; i < end; i += step()) {
    const p0 = mul(decay, read(p, i))
    const g0 = flush(read(g, i), tiny())
    // m ← μ·m + (1−τ)·g
    const m1 = flush(add(mul(momentum, read(m, i)), mul(oneMinusDampening, g0)), tiny())
    write(m, i, m1)
    if (nesterov) {
      // p ← p − lr·(w·g + μ·m)
      write(p, i, sub(p0, mul(lr, add(mul(gradientWeight, g0), mul(momentum, m1)))))
    } else {
      // p ← p − lr·m
      write(p, i, sub(p0, mul(lr, m1)))
    }
  }
}
