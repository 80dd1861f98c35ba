// MADGRAD; mirrored in native/rules/madgrad.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  cubeRootGuess,
  div,
  flush,
  flushPositive,
  max,
  mul,
  read,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function madgrad(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const x = array(a, 2)
  const v = array(a, 3)
  const s = array(a, 4)
  const lambda = coefficient(c, 0)
  const eps = coefficient(c, 1)
  const oneMinusMomentum = coefficient(c, 2)
  const first = coefficient(c, 3)
  const later = coefficient(c, 4)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← v + lr·√t·g²
    const square = flushPositive(mul(g1, g1), tiny())
    const v1 = flushPositive(add(read(v, i), mul(lambda, square)), tiny())
    write(v, i, v1)
    // s ← s + lr·√t·g
    const s1 = flush(add(read(s, i), mul(lambda, g0)), tiny())
    write(s, i, s1)
    // y = ∛v: a guess and three of Halley's steps, y ← y − y·(y³ − v)/(2·y³ + v)
    const v2 = max(v1, tiny())
    const y0 = cubeRootGuess(v2)
    const c0 = mul(mul(y0, y0), y0)
    const y1 = sub(y0, mul(y0, div(sub(c0, v2), add(c0, add(c0, v2)))))
    const c1 = mul(mul(y1, y1), y1)
    const y2 = sub(y1, mul(y1, div(sub(c1, v2), add(c1, add(c1, v2)))))
    const c2 = mul(mul(y2, y2), y2)
    const y3 = sub(y2, mul(y2, div(sub(c2, v2), add(c2, add(c2, v2)))))
    // x ← p at the first step, x later
    const p0 = read(p, i)
    const x1 = add(mul(first, p0), mul(later, read(x, i)))
    write(x, i, x1)
    // p ← p + (1−μ)·(x − s / (∛v + ε) − p)
    const z = sub(x1, div(s1, add(y3, eps)))
    write(p, i, add(p0, mul(oneMinusMomentum, sub(z, p0))))
  }
}
