// Adan; mirrored in native/rules/adan.h.
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

export function adan(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const d = array(a, 3)
  const n = array(a, 4)
  const previous = array(a, 5)
  const beta1 = coefficient(c, 0)
  const oneMinusBeta1 = coefficient(c, 1)
  const beta2 = coefficient(c, 2)
  const oneMinusBeta2 = coefficient(c, 3)
  const beta3 = coefficient(c, 4)
  const oneMinusBeta3 = coefficient(c, 5)
  const differenceWeight = coefficient(c, 6)
  const inverseBiasCorrection3 = coefficient(c, 7)
  const eps = coefficient(c, 8)
  const gradientSize = coefficient(c, 9)
  const differenceSize = coefficient(c, 10)
  const decayBefore = coefficient(c, 11)
  const decayAfter = coefficient(c, 12)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // Δ = g − previous g, 0 at the first step
    const difference = mul(differenceWeight, sub(g0, read(previous, i)))
    write(previous, i, g0)
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // d ← β₂·d + (1−β₂)·Δ
    const d0 = flush(difference, tiny())
    const d1 = flush(add(mul(beta2, read(d, i)), mul(oneMinusBeta2, d0)), tiny())
    write(d, i, d1)
    // n ← β₃·n + (1−β₃)·(g + β₂·Δ)²
    const ahead = flush(add(g0, mul(beta2, d0)), tinySquare())
    const n1 = flushPositive(add(mul(beta3, read(n, i)), mul(mul(oneMinusBeta3, ahead), ahead)), tiny())
    write(n, i, n1)
    // p ← ((1 − lr·λ)·p − lr·(m̂ + β₂·d̂) / (√n̂ + ε)), or the proximal (p − …) / (1 + lr·λ)
    const denominator = add(sqrt(mul(n1, inverseBiasCorrection3)), eps)
    const update = div(add(mul(gradientSize, m1), mul(differenceSize, d1)), denominator)
    write(p, i, mul(decayAfter, sub(mul(decayBefore, read(p, i)), update)))
  }
}
