// Steps along a gradient outside an optimizer: p + s·g, and ASAM's perturbation scaled by the size of each parameter. Mirrored in native/rules/sam.h.
import { abs, accumulateSquare, add, array, coefficient, flush, mul, read, step, tiny, tinySquare, write } from '../lanes'

@inline
export function addScaled<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const scale = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    // p ← p + s·g
    write(p, i, add<T>(read<T>(p, i), mul<T>(scale, flush<T>(read<T>(g, i), tiny<T>()))))
  }
}

@inline
export function asamSquares<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const eta = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // t = |p| + η
    const t = flush<T>(add<T>(abs<T>(read<T>(p, i)), eta), tinySquare<T>())
    // ‖t·g‖²
    accumulateSquare<T>(s, 0, i, mul<T>(t, flush<T>(read<T>(g, i), tinySquare<T>())))
  }
}

@inline
export function asamPerturb<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const scale = coefficient<T>(c, 0)
  const eta = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    // t = |p| + η
    const t = flush<T>(add<T>(abs<T>(p0), eta), tinySquare<T>())
    // u = s·t·g
    const u = mul<T>(scale, mul<T>(t, flush<T>(read<T>(g, i), tinySquare<T>())))
    // p ← p + t·u
    write(p, i, add<T>(p0, mul<T>(t, flush<T>(u, tinySquare<T>()))))
  }
}
