// Schedule-free descent, plain and with Adam's second moment, and the way between its two points. Mirrored in native/rules/schedulefree.h.
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

export function scheduleFreeSgd(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const z = array(a, 2)
  const averageWeight = coefficient(c, 0)
  const stepSize = coefficient(c, 1)
  const lr = coefficient(c, 2)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    const z0 = read(z, i)
    const g0 = flush(read(g, i), tiny())
    // p ← p + c·(z − p) − lr·(1 − β·(1−c))·g
    const moved = add(p0, mul(averageWeight, flush(sub(z0, p0), tiny())))
    write(p, i, sub(moved, mul(stepSize, g0)))
    // z ← z − lr·g
    write(z, i, sub(z0, mul(lr, g0)))
  }
}

export function scheduleFreeAdamw(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const z = array(a, 2)
  const v = array(a, 3)
  const averageWeight = coefficient(c, 0)
  const stepSize = coefficient(c, 1)
  const lr = coefficient(c, 2)
  const beta2 = coefficient(c, 3)
  const oneMinusBeta2 = coefficient(c, 4)
  const inverseBiasCorrection2 = coefficient(c, 5)
  const eps = coefficient(c, 6)
  const weightDecay = coefficient(c, 7)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    const z0 = read(z, i)
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny())
    write(v, i, v1)
    // u = g / (√v̂ + ε) + λ·p
    const denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps)
    const u = add(div(g0, denominator), mul(weightDecay, p0))
    // p ← p + c·(z − p) − lr·(1 − β₁·(1−c))·u
    const moved = add(p0, mul(averageWeight, flush(sub(z0, p0), tiny())))
    write(p, i, sub(moved, mul(stepSize, u)))
    // z ← z − lr·u
    write(z, i, sub(z0, mul(lr, u)))
  }
}

export function scheduleFreeMode(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const z = array(a, 2)
  const weight = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    // p ← p + w·(z − p)
    write(p, i, add(p0, mul(weight, flush(sub(read(z, i), p0), tiny()))))
  }
}
