// Adadelta, optionally divided by the average before; mirrored in native/rules/adadelta.h.
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

export function adadelta(a: Arrays, c: Coefficients, begin: number, end: number, delayed: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const v = array(a, 2)
  const d = array(a, 3)
  const rho = coefficient(c, 0)
  const oneMinusRho = coefficient(c, 1)
  const eps = coefficient(c, 2)
  const lr = coefficient(c, 3)
  const decay = coefficient(c, 4)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tinySquare())
    const v0 = read(v, i)
    const d0 = read(d, i)
    // v ← ρ·v + (1−ρ)·g²
    const v1 = flushPositive(add(mul(rho, v0), mul(mul(oneMinusRho, g0), g0)), tiny())
    write(v, i, v1)
    let second = v1
    if (delayed) {
      // Divides by the average before this gradient.
      second = v0
    }
    // u = g / √(v + ε) · √(d + ε)
    const relative = flush(div(g0, sqrt(add(second, eps))), tinySquare())
    const u = mul(relative, sqrt(add(d0, eps)))
    // d ← ρ·d + (1−ρ)·u²
    const u1 = flush(u, tinySquare())
    const d1 = flushPositive(add(mul(rho, d0), mul(mul(oneMinusRho, u1), u1)), tiny())
    write(d, i, d1)
    // p ← decay·p − lr·u
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, u)))
  }
}
