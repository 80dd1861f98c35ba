// RAdam; mirrored in native/rules/radam.h.
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
  min,
  mul,
  read,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function radam(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  const beta1 = coefficient(c, 0)
  const oneMinusBeta1 = coefficient(c, 1)
  const beta2 = coefficient(c, 2)
  const oneMinusBeta2 = coefficient(c, 3)
  const eps = coefficient(c, 4)
  const smallest = coefficient(c, 5)
  const largest = coefficient(c, 6)
  const stepSize = coefficient(c, 7)
  const decay = coefficient(c, 8)
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
    // p ← decay·p − s·m / (√v + ε); while there is no rectification yet, the denominator is held at 1
    const denominator = max(min(add(sqrt(v1), eps), largest), smallest)
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, div(m1, denominator))))
  }
}
