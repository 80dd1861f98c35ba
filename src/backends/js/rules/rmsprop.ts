// RMSprop, optionally centered and with momentum; mirrored in native/rules/rmsprop.h.
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
  zero,
} from '../lanes'

export function rmsprop(
  a: Arrays,
  c: Coefficients,
  begin: number,
  end: number,
  centered: boolean,
  momentum: boolean,
): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const v = array(a, 2)
  const m = array(a, 3)
  const b = array(a, centered ? 4 : 3)
  const alpha = coefficient(c, 0)
  const oneMinusAlpha = coefficient(c, 1)
  const epsRoot = coefficient(c, 2)
  const eps = coefficient(c, 3)
  const mu = coefficient(c, 4)
  const bufferRate = coefficient(c, 5)
  const lr = coefficient(c, 6)
  const decay = coefficient(c, 7)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← α·v + (1−α)·g²
    const v1 = flushPositive(add(mul(alpha, read(v, i)), mul(mul(oneMinusAlpha, g1), g1)), tiny())
    write(v, i, v1)
    let variance = v1
    if (centered) {
      // m ← α·m + (1−α)·g
      const m1 = flush(add(mul(alpha, read(m, i)), mul(oneMinusAlpha, g0)), tiny())
      write(m, i, m1)
      // variance = max(v − m², 0): rounding may leave it below zero
      const m2 = flush(m1, tinySquare())
      variance = max(sub(v1, mul(m2, m2)), zero())
    }
    let update = div(g0, add(sqrt(add(variance, epsRoot)), eps))
    if (momentum) {
      // b ← μ·b + r·g / (√(variance + ε₀) + ε)
      update = flush(add(mul(mu, read(b, i)), mul(bufferRate, update)), tiny())
      write(b, i, update)
    }
    // p ← decay·p − lr·b
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, update)))
  }
}
