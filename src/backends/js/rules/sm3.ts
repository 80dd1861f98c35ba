// SM3: accumulators per row and column, or of each element; momentum; the step. Mirrored in native/rules/sm3.h.
import {
  type Arrays,
  accumulateMax,
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
  rowElement,
  type Sums,
  select,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
  zero,
} from '../lanes'

export function sm3Vector(a: Arrays, r: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const accumulator = array(a, 3)
  const beta1 = coefficient(r, 0)
  const oneMinusBeta1 = coefficient(r, 1)
  const beta2 = coefficient(r, 2)
  const weight = coefficient(r, 3)
  const eps = coefficient(r, 4)
  const lr = coefficient(r, 5)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← β₂·v + w·g²
    const v1 = flushPositive(add(mul(beta2, read(accumulator, i)), mul(mul(weight, g1), g1)), tiny())
    write(accumulator, i, v1)
    // u = g/√(v + ε), 0 where v is
    const u = select(zero(), v1, div(g0, sqrt(add(v1, eps))), zero())
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, u)), tiny())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub(read(p, i), mul(lr, m1)))
  }
}

export function sm3(a: Arrays, r: Coefficients, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const columns = array(a, 3)
  const nextColumns = array(a, 5)
  const row = rowElement(a, 6)
  const beta1 = coefficient(r, 0)
  const oneMinusBeta1 = coefficient(r, 1)
  const beta2 = coefficient(r, 2)
  const weight = coefficient(r, 3)
  const eps = coefficient(r, 4)
  const lr = coefficient(r, 5)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v = β₂·min(row, column) + w·g²
    const least = min(row, read(columns, i))
    const v1 = flushPositive(add(mul(beta2, least), mul(mul(weight, g1), g1)), tiny())
    // row ← max(v), column ← max(v)
    accumulateMax(s, 0, i, v1)
    write(nextColumns, i, max(read(nextColumns, i), v1))
    // u = g/√(v + ε), 0 where v is
    const u = select(zero(), v1, div(g0, sqrt(add(v1, eps))), zero())
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush(add(mul(beta1, read(m, i)), mul(oneMinusBeta1, u)), tiny())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub(read(p, i), mul(lr, m1)))
  }
}
