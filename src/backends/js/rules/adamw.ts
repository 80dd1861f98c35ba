// Adam with decoupled weight decay; Adam is the same with a decay of 1. Mirrored in native/rules/adamw.h.
import {
  type Arrays,
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
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function adamw(a: Arrays, c: Coefficients, begin: number, end: number, amsgrad: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const vMax = array(a, 4)
  const decay = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const inverseBiasCorrection2 = coefficient(c, 5)
  const epsRoot = coefficient(c, 6)
  const eps = coefficient(c, 7)
  const stepSize = coefficient(c, 8)
  const maximumScale = coefficient(c, 9)
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
    let second = v1
    if (amsgrad) {
      // vMax ← max(vMax, s·v)
      second = max(read(vMax, i), mul(v1, maximumScale))
      write(vMax, i, second)
    }
    // p ← (1 − lr·λ)·p − lr·m̂ / (√(v̂ + ε₀) + ε)
    const denominator = add(sqrt(add(mul(second, inverseBiasCorrection2), epsRoot)), eps)
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, div(m1, denominator))))
  }
}
