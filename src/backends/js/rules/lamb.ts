// LAMB: the moments and the two norms, then the update with each tensor's trust ratio. Mirrored in native/rules/lamb.h.
import {
  type Arrays,
  accumulateSquare,
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

export function lambMoments(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const beta1 = coefficient(c, 0)
  const oneMinusBeta1 = coefficient(c, 1)
  const beta2 = coefficient(c, 2)
  const oneMinusBeta2 = coefficient(c, 3)
  const inverseBiasCorrection1 = coefficient(c, 4)
  const inverseBiasCorrection2 = coefficient(c, 5)
  const epsRoot = coefficient(c, 6)
  const eps = coefficient(c, 7)
  const weightDecay = coefficient(c, 8)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // m ← β₁·m + (1−β₁)·g
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, g0)), tiny())
    write(m, i, m1)
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny())
    write(v, i, v1)
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const denominator = add(sqrt(add(mul(v1, inverseBiasCorrection2), epsRoot)), eps)
    const u = add(div(mul(m1, inverseBiasCorrection1), denominator), mul(weightDecay, p0))
    // ‖p‖², ‖u‖²
    accumulateSquare(s, 0, i, p0)
    accumulateSquare(s, 1, i, u)
  }
}

export function lambUpdate(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const m = array(a, 2)
  const v = array(a, 3)
  const inverseBiasCorrection1 = coefficient(c, 4)
  const inverseBiasCorrection2 = coefficient(c, 5)
  const epsRoot = coefficient(c, 6)
  const eps = coefficient(c, 7)
  const weightDecay = coefficient(c, 8)
  const stepSize = coefficient(c, 9)
  const decay = coefficient(c, 10)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const denominator = add(sqrt(add(mul(read(v, i), inverseBiasCorrection2), epsRoot)), eps)
    const u = add(div(mul(read(m, i), inverseBiasCorrection1), denominator), mul(weightDecay, p0))
    // p ← decay·p − lr·(‖p‖/‖u‖)·u
    write(p, i, sub(mul(decay, p0), mul(stepSize, u)))
  }
}
