// Steps along a gradient outside an optimizer: p + s·g, and ASAM's perturbation scaled by the size of each parameter. Mirrored in native/rules/sam.h.
import {
  type Arrays,
  abs,
  accumulateSquare,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  type Sums,
  step,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function addScaled(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const scale = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    // p ← p + s·g
    write(p, i, add(read(p, i), mul(scale, flush(read(g, i), tiny()))))
  }
}

export function asamSquares(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const eta = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    // t = |p| + η
    const t = flush(add(abs(read(p, i)), eta), tinySquare())
    // ‖t·g‖²
    accumulateSquare(s, 0, i, mul(t, flush(read(g, i), tinySquare())))
  }
}

export function asamPerturb(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const scale = coefficient(c, 0)
  const eta = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    // t = |p| + η
    const t = flush(add(abs(p0), eta), tinySquare())
    // u = s·t·g
    const u = mul(scale, mul(t, flush(read(g, i), tinySquare())))
    // p ← p + t·u
    write(p, i, add(p0, mul(t, flush(u, tinySquare()))))
  }
}
