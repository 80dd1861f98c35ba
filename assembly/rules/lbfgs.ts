// L-BFGS: a pair for the history, the turns of the two-loop recursion, a move along the line, and what a gradient is asked. Mirrored in native/rules/lbfgs.h.
import { abs, accumulateAbs, accumulateProduct, accumulateSquare, add, array, coefficient, flush, mul, read, select, step, sub, tiny, write, zero } from '../lanes'

@inline
export function lbfgsPair<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const d = array<T>(a, 2)
  const last = array<T>(a, 3)
  const g = array<T>(a, 4)
  const t = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    // s ← t·d
    const s1 = flush<T>(mul<T>(t, read<T>(d, i)), tiny<T>())
    write(d, i, s1)
    // y ← g − g₋
    const y1 = flush<T>(sub<T>(flush<T>(read<T>(g, i), tiny<T>()), flush<T>(read<T>(last, i), tiny<T>())), tiny<T>())
    write(last, i, y1)
    // ⟨y, s⟩, ‖y‖²
    accumulateProduct<T>(s, 0, i, y1, s1)
    accumulateSquare<T>(s, 1, i, y1)
  }
}

@inline
export function lbfgsScale<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const d = array<T>(a, 2)
  const x = array<T>(a, 3)
  const y = array<T>(a, 4)
  const scale = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    // d ← c·x
    const d1 = flush<T>(mul<T>(scale, flush<T>(read<T>(x, i), tiny<T>())), tiny<T>())
    write(d, i, d1)
    // ⟨d, y⟩
    accumulateProduct<T>(s, 0, i, d1, read<T>(y, i))
  }
}

@inline
export function lbfgsAdd<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const d = array<T>(a, 2)
  const x = array<T>(a, 3)
  const y = array<T>(a, 4)
  const scale = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    // d ← d + c·x
    const d1 = flush<T>(add<T>(read<T>(d, i), mul<T>(scale, read<T>(x, i))), tiny<T>())
    write(d, i, d1)
    // ⟨d, y⟩
    accumulateProduct<T>(s, 0, i, d1, read<T>(y, i))
  }
}

@inline
export function lbfgsMove<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const d = array<T>(a, 2)
  const t = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    // p ← p + t·d
    write(p, i, add<T>(read<T>(p, i), mul<T>(t, read<T>(d, i))))
  }
}

@inline
export function lbfgsMeasure<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 2)
  const y = array<T>(a, 3)
  const scale = coefficient<T>(c, 0)
  const limit = coefficient<T>(c, 1)
  const one = coefficient<T>(c, 2)
  for (let i = begin; i < end; i += step<T>()) {
    const x0 = flush<T>(read<T>(x, i), tiny<T>())
    // ‖x‖₁
    accumulateAbs<T>(s, 0, i, x0)
    // how many |c·x| are above the limit
    accumulateAbs<T>(s, 1, i, select<T>(limit, abs<T>(mul<T>(scale, x0)), one, zero<T>()))
    // ⟨x, y⟩
    accumulateProduct<T>(s, 2, i, x0, read<T>(y, i))
  }
}
