// Yogi; mirrored in native/rules/yogi.h.
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
  sign,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function yogi(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const oneMinusBeta2 = coefficient(c, 3)
  const inverseBiasCorrection2 = coefficient(c, 4)
  const epsRoot = coefficient(c, 5)
  const eps = coefficient(c, 6)
  const stepSize = coefficient(c, 7)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // v ← v − (1−β₂)·sign(v − g²)·g²
    const v0 = read(v, i)
    const square = mul(g1, g1)
    const change = mul(mul(oneMinusBeta2, square), sign(sub(v0, square)))
    const v1 = flushPositive(sub(v0, change), tiny())
    write(v, i, v1)
    // p ← (1 − lr·λ)·p − lr·m̂ / (√(v̂ + ε₀) + ε)
    const denominator = add(sqrt(add(mul(v1, inverseBiasCorrection2), epsRoot)), eps)
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, div(m1, denominator))))
  }
}
