// The gradient's way to the rule: scaling, clipping, sign and L2 decay; its squared norm; clipping in place. Mirrored in native/rules/gradient.h.
import { accumulateGradient, accumulateSquare, add, array, coefficient, flush, max, min, mul, neg, read, readAhead, step, tiny, write } from '../lanes'

@inline
export function gradient<T>(a: usize, c: usize, begin: usize, end: usize, decayed: bool): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const out = array<T>(a, 2)
  const gradScale = coefficient<T>(c, 0)
  const clipValue = coefficient<T>(c, 1)
  const factor = coefficient<T>(c, 2)
  const weightDecay = coefficient<T>(c, 3)
  for (let i = begin; i < end; i += step<T>()) {
    // g ← clip(s·g)
    const g0 = mul<T>(gradScale, flush<T>(read<T>(g, i), tiny<T>()))
    const g1 = max<T>(min<T>(g0, clipValue), neg<T>(clipValue))
    // g ← f·g
    const g2 = mul<T>(factor, flush<T>(g1, tiny<T>()))
    if (decayed) {
      // g ← g + λ·p
      write(out, i, add<T>(g2, mul<T>(weightDecay, read<T>(p, i))))
    } else {
      write(out, i, g2)
    }
  }
}

@inline
export function squares<T>(a: usize, c: usize, s: usize, begin: usize, end: usize): void {
  const g = array<T>(a, 1)
  const gradScale = coefficient<T>(c, 0)
  const clipValue = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // ‖clip(s·g)‖²
    const g0 = mul<T>(gradScale, flush<T>(readAhead<T>(g, i), tiny<T>()))
    accumulateSquare<T>(s, 0, i, max<T>(min<T>(g0, clipValue), neg<T>(clipValue)))
  }
}

@inline
export function gradientSquares<T>(a: usize, s: usize, begin: usize, end: usize): void {
  const g = array<T>(a, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // ‖g‖², the gradient as the rule sees it
    accumulateGradient<T>(s, 0, i, readAhead<T>(g, i))
  }
}

@inline
export function clip<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const gradScale = coefficient<T>(c, 0)
  const clipValue = coefficient<T>(c, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // p ← clip(s·p)
    write(p, i, max<T>(min<T>(mul<T>(gradScale, read<T>(p, i)), clipValue), neg<T>(clipValue)))
  }
}
