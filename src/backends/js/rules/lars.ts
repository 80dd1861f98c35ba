// LARS: the two norms, then momentum over gradients rescaled per tensor. Mirrored in native/rules/lars.h.
import {
  type Arrays,
  accumulateGradient,
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
  sub,
  tiny,
  write,
} from '../lanes'

export function larsNorms(a: Arrays, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  for (let i = begin; i < end; i += step()) {
    // ‖p‖², ‖g‖²
    accumulateSquare(s, 0, i, read(p, i))
    accumulateGradient(s, 1, i, read(g, i))
  }
}

export function larsUpdate(a: Arrays, c: Coefficients, begin: number, end: number, nesterov: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const stepSize = coefficient(c, 0)
  const momentum = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    // u = lr·ratio·g
    const u = mul(stepSize, flush(read(g, i), tiny()))
    // m ← μ·m + u
    const m1 = flush(add(mul(momentum, read(m, i)), u), tiny())
    write(m, i, m1)
    if (nesterov) {
      // p ← p − (u + μ·m)
      write(p, i, sub(p0, add(u, mul(momentum, m1))))
    } else {
      // p ← p − m
      write(p, i, sub(p0, m1))
    }
  }
}
