// AdaBelief, optionally with Nesterov's look-ahead; mirrored in native/rules/adabelief.h.
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

export function adabelief(a: Arrays, c: Coefficients, begin: number, end: number, nesterov: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const inverseBiasCorrection2 = coefficient(c, 5)
  const epsRoot = coefficient(c, 6)
  const eps = coefficient(c, 7)
  const averageSize = coefficient(c, 8)
  const gradientSize = coefficient(c, 9)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·(g − m)² + ε₀
    const surprise = flush(sub(g0, m1), tinySquare())
    const v0 = add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, surprise), surprise))
    const v1 = flushPositive(add(v0, epsRoot), tiny())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·m̂ / (√v̂ + ε)
    const denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps)
    let average = mul(averageSize, m1)
    if (nesterov) {
      // lr·m̂ = lr·β₁·m/(1−β₁ᵗ⁺¹) + lr·(1−β₁)·g/(1−β₁ᵗ)
      average = add(average, mul(gradientSize, g0))
    }
    write(p, i, sub(mul(decay, read(p, i)), div(average, denominator)))
  }
}
