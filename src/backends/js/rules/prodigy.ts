// Prodigy: the moments and the two sums behind the distance estimate, then the update. Mirrored in native/rules/prodigy.h.
import {
  type Arrays,
  accumulateAbs,
  accumulateProduct,
  add,
  array,
  type Coefficients,
  coefficient,
  div,
  flush,
  flushPositive,
  mul,
  read,
  type Sums,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function prodigyMoments(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const w = array(a, 4)
  const start = array(a, 5)
  const d = coefficient(c, 0)
  const beta1 = coefficient(c, 1)
  const oneMinusBeta1 = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const beta3 = coefficient(c, 5)
  const weight = coefficient(c, 6)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    const scaled = mul(d, g0)
    const g1 = flush(scaled, tiny())
    const g2 = flush(scaled, tinySquare())
    // m ← β₁·m + (1−β₁)·d·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g1)), tiny())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·(d·g)²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g2), g2)), tiny())
    write(v, i, v1)
    // s ← β₃·s + w·g
    const w1 = flush(add(mul(beta3, read(w, i)), mul(weight, g0)), tiny())
    write(w, i, w1)
    // ⟨g, p₀ − p⟩, ‖s‖₁
    accumulateProduct(s, 0, i, g0, sub(read(start, i), read(p, i)))
    accumulateAbs(s, 1, i, w1)
  }
}

export function prodigyUpdate(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const m = array(a, 2)
  const v = array(a, 3)
  const decay = coefficient(c, 0)
  const eps = coefficient(c, 1)
  const stepSize = coefficient(c, 2)
  for (let i = begin; i < end; i += step()) {
    // p ← (1 − λ·η̂)·p − η̂·m / (√v + d·ε)
    const u = div(read(m, i), add(sqrt(read(v, i)), eps))
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, u)))
  }
}
