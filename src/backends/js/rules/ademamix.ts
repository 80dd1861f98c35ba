// AdEMAMix; mirrored in native/rules/ademamix.h.
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

export function ademamix(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const fast = array(a, 2)
  const slow = array(a, 3)
  const v = array(a, 4)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const beta3 = coefficient(c, 5)
  const oneMinusBeta3 = coefficient(c, 6)
  const inverseBiasCorrection2 = coefficient(c, 7)
  const epsRoot = coefficient(c, 8)
  const eps = coefficient(c, 9)
  const fastSize = coefficient(c, 10)
  const slowSize = coefficient(c, 11)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // m ← β₁·m + (1−β₁)·g
    const fast1 = flush(add(mul(beta1, read(fast, i)), mul(oneMinusBeta1, g0)), tiny())
    write(fast, i, fast1)
    // s ← β₃·s + (1−β₃)·g
    const slow1 = flush(add(mul(beta3, read(slow, i)), mul(oneMinusBeta3, g0)), tiny())
    write(slow, i, slow1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·(m̂ + α·s) / (√(v̂ + ε₀) + ε)
    const denominator = add(sqrt(add(mul(v1, inverseBiasCorrection2), epsRoot)), eps)
    const update = div(add(mul(fastSize, fast1), mul(slowSize, slow1)), denominator)
    write(p, i, sub(mul(decay, read(p, i)), update))
  }
}
