// L-BFGS: a pair for the history, the turns of the two-loop recursion, a move along the line, and what a gradient is asked. Mirrored in native/rules/lbfgs.h.
import {
  type Arrays,
  abs,
  accumulateAbs,
  accumulateProduct,
  accumulateSquare,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  type Sums,
  select,
  step,
  sub,
  tiny,
  write,
  zero,
} from '../lanes'

export function lbfgsPair(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const d = array(a, 2)
  const last = array(a, 3)
  const g = array(a, 4)
  const t = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    // s ← t·d
    const s1 = flush(mul(t, read(d, i)), tiny())
    write(d, i, s1)
    // y ← g − g₋
    const y1 = flush(sub(flush(read(g, i), tiny()), flush(read(last, i), tiny())), tiny())
    write(last, i, y1)
    // ⟨y, s⟩, ‖y‖²
    accumulateProduct(s, 0, i, y1, s1)
    accumulateSquare(s, 1, i, y1)
  }
}

export function lbfgsScale(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const d = array(a, 2)
  const x = array(a, 3)
  const y = array(a, 4)
  const scale = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    // d ← c·x
    const d1 = flush(mul(scale, flush(read(x, i), tiny())), tiny())
    write(d, i, d1)
    // ⟨d, y⟩
    accumulateProduct(s, 0, i, d1, read(y, i))
  }
}

export function lbfgsAdd(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const d = array(a, 2)
  const x = array(a, 3)
  const y = array(a, 4)
  const scale = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    // d ← d + c·x
    const d1 = flush(add(read(d, i), mul(scale, read(x, i))), tiny())
    write(d, i, d1)
    // ⟨d, y⟩
    accumulateProduct(s, 0, i, d1, read(y, i))
  }
}

export function lbfgsMove(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const d = array(a, 2)
  const t = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    // p ← p + t·d
    write(p, i, add(read(p, i), mul(t, read(d, i))))
  }
}

export function lbfgsMeasure(a: Arrays, c: Coefficients, s: Sums, begin: number, end: number): void {
  const x = array(a, 2)
  const y = array(a, 3)
  const scale = coefficient(c, 0)
  const limit = coefficient(c, 1)
  const one = coefficient(c, 2)
  for (let i = begin; i < end; i += step()) {
    const x0 = flush(read(x, i), tiny())
    // ‖x‖₁
    accumulateAbs(s, 0, i, x0)
    // how many |c·x| are above the limit
    accumulateAbs(s, 1, i, select(limit, abs(mul(scale, x0)), one, zero()))
    // ⟨x, y⟩
    accumulateProduct(s, 2, i, x0, read(y, i))
  }
}
