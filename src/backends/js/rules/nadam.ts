// NAdam; mirrored in native/rules/nadam.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  div,
  flush,
  flushPositive,
  mul,
  read,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function nadam(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const beta1 = coefficient(c, 0)
  const oneMinusBeta1 = coefficient(c, 1)
  const beta2 = coefficient(c, 2)
  const oneMinusBeta2 = coefficient(c, 3)
  const inverseBiasCorrection2 = coefficient(c, 4)
  const eps = coefficient(c, 5)
  const gradientWeight = coefficient(c, 6)
  const momentWeight = coefficient(c, 7)
  const lr = coefficient(c, 8)
  const decay = coefficient(c, 9)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny())
    write(v, i, v1)
    // p ← decay·p − lr·(w₁·g + w₂·m) / (√v̂ + ε)
    const denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps)
    const ahead = add(mul(gradientWeight, g0), mul(momentWeight, m1))
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, div(ahead, denominator))))
  }
}
