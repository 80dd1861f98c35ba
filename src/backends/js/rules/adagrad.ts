// Adagrad; mirrored in native/rules/adagrad.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  div,
  flush,
  mul,
  read,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function adagrad(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const v = array(a, 2)
  const lr = coefficient(c, 0)
  const epsRoot = coefficient(c, 1)
  const eps = coefficient(c, 2)
  const decay = coefficient(c, 3)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← v + g²
    const v1 = add(read(v, i), mul(g1, g1))
    write(v, i, v1)
    // p ← decay·p − lr·g / (√(v + ε₀) + ε)
    const denominator = add(sqrt(add(v1, epsRoot)), eps)
    write(p, i, sub(mul(decay, read(p, i)), mul(lr, div(g0, denominator))))
  }
}
