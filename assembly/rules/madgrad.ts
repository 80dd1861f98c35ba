// MADGRAD; mirrored in native/rules/madgrad.h.
import { add, array, coefficient, cubeRootGuess, div, flush, flushPositive, max, mul, read, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function madgrad<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const x = array<T>(a, 2)
  const v = array<T>(a, 3)
  const s = array<T>(a, 4)
  const lambda = coefficient<T>(c, 0)
  const eps = coefficient<T>(c, 1)
  const oneMinusMomentum = coefficient<T>(c, 2)
  const first = coefficient<T>(c, 3)
  const later = coefficient<T>(c, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← v + lr·√t·g²
    const square = flushPositive<T>(mul<T>(g1, g1), tiny<T>())
    const v1 = flushPositive<T>(add<T>(read<T>(v, i), mul<T>(lambda, square)), tiny<T>())
    write(v, i, v1)
    // s ← s + lr·√t·g
    const s1 = flush<T>(add<T>(read<T>(s, i), mul<T>(lambda, g0)), tiny<T>())
    write(s, i, s1)
    // y = ∛v: a guess and three of Halley's steps, y ← y − y·(y³ − v)/(2·y³ + v)
    const v2 = max<T>(v1, tiny<T>())
    const y0 = cubeRootGuess<T>(v2)
    const c0 = mul<T>(mul<T>(y0, y0), y0)
    const y1 = sub<T>(y0, mul<T>(y0, div<T>(sub<T>(c0, v2), add<T>(c0, add<T>(c0, v2)))))
    const c1 = mul<T>(mul<T>(y1, y1), y1)
    const y2 = sub<T>(y1, mul<T>(y1, div<T>(sub<T>(c1, v2), add<T>(c1, add<T>(c1, v2)))))
    const c2 = mul<T>(mul<T>(y2, y2), y2)
    const y3 = sub<T>(y2, mul<T>(y2, div<T>(sub<T>(c2, v2), add<T>(c2, add<T>(c2, v2)))))
    // x ← p at the first step, x later
    const p0 = read<T>(p, i)
    const x1 = add<T>(mul<T>(first, p0), mul<T>(later, read<T>(x, i)))
    write(x, i, x1)
    // p ← p + (1−μ)·(x − s / (∛v + ε) − p)
    const z = sub<T>(x1, div<T>(s1, add<T>(y3, eps)))
    write(p, i, add<T>(p0, mul<T>(oneMinusMomentum, sub<T>(z, p0))))
  }
}
