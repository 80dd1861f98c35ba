// The gradient's way to the rule: scaling, clipping, sign and L2 decay; its squared norm; clipping in place. Mirrored in native/rules/gradient.h.
import {
  type Arrays,
  accumulateGradient,
  accumulateSquare,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  max,
  min,
  mul,
  neg,
  read,
  readAhead,
  type Sums,
  step,
  tiny,
  write,
} from '../lanes'

export function gradient(a: Arrays, c: Coefficients, begin: number, end: number, decayed: boolean): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const out = array(a, 2)
  const gradScale = coefficient(c, 0)
  const clipValue = coefficient(c, 1)
  const factor = coefficient(c, 2)
  const weightDecay = coefficient(c, 3)
  for (let i = begin; i < end; i += step()) {
    // g ← clip(s·g)
    const g0 = mul(gradScale, flush(read(g, i), tiny()))
    const g1 = max(min(g0, clipValue), neg(clipValue))
    // g ← f·g
    const g2 = mul(factor, flush(g1, tiny()))
    if (decayed) {
      // g ← g + λ·p
      write(out, i, add(g2, mul(weightDecay, read(p, i))))
    } else {
      write(out, i, g2)
    }
  }
}

export function squares(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const g = array(a, 1)
  const gradScale = coefficient(c, 0)
  const clipValue = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    // ‖clip(s·g)‖²
    const g0 = mul(gradScale, flush(readAhead(g, i), tiny()))
    accumulateSquare(s, 0, i, max(min(g0, clipValue), neg(clipValue)))
  }
}

export function gradientSquares(a: Arrays, s: Sums, begin: number, end: number): void {
  const g = array(a, 1)
  for (let i = begin; i < end; i += step()) {
    // ‖g‖², the gradient as the rule sees it
    accumulateGradient(s, 0, i, readAhead(g, i))
  }
}

export function clip(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const gradScale = coefficient(c, 0)
  const clipValue = coefficient(c, 1)
  for (let i = begin; i < end; i += step()) {
    // p ← clip(s·p)
    write(p, i, max(min(mul(gradScale, read(p, i)), clipValue), neg(clipValue)))
  }
}
