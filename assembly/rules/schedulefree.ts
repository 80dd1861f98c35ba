// Schedule-free descent, plain and with Adam's second moment, and the way between its two points. Mirrored in native/rules/schedulefree.h.
import { add, array, coefficient, div, flush, flushPositive, mul, read, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function scheduleFreeSgd<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const z = array<T>(a, 2)
  const averageWeight = coefficient<T>(c, 0)
  const stepSize = coefficient<T>(c, 1)
  const lr = coefficient<T>(c, 2)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    const z0 = read<T>(z, i)
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // p ← p + c·(z − p) − lr·(1 − β·(1−c))·g
    const moved = add<T>(p0, mul<T>(averageWeight, flush<T>(sub<T>(z0, p0), tiny<T>())))
    write(p, i, sub<T>(moved, mul<T>(stepSize, g0)))
    // z ← z − lr·g
    write(z, i, sub<T>(z0, mul<T>(lr, g0)))
  }
}

@inline
export function scheduleFreeAdamw<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const z = array<T>(a, 2)
  const v = array<T>(a, 3)
  const averageWeight = coefficient<T>(c, 0)
  const stepSize = coefficient<T>(c, 1)
  const lr = coefficient<T>(c, 2)
  const beta2 = coefficient<T>(c, 3)
  const oneMinusBeta2 = coefficient<T>(c, 4)
  const inverseBiasCorrection2 = coefficient<T>(c, 5)
  const eps = coefficient<T>(c, 6)
  const weightDecay = coefficient<T>(c, 7)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    const z0 = read<T>(z, i)
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g1), g1)), tiny<T>())
    write(v, i, v1)
    // u = g / (√v̂ + ε) + λ·p
    const denominator = add<T>(sqrt<T>(mul<T>(v1, inverseBiasCorrection2)), eps)
    const u = add<T>(div<T>(g0, denominator), mul<T>(weightDecay, p0))
    // p ← p + c·(z − p) − lr·(1 − β₁·(1−c))·u
    const moved = add<T>(p0, mul<T>(averageWeight, flush<T>(sub<T>(z0, p0), tiny<T>())))
    write(p, i, sub<T>(moved, mul<T>(stepSize, u)))
    // z ← z − lr·u
    write(z, i, sub<T>(z0, mul<T>(lr, u)))
  }
}

@inline
export function scheduleFreeMode<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const z = array<T>(a, 2)
  const weight = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    // p ← p + w·(z − p)
    write(p, i, add<T>(p0, mul<T>(weight, flush<T>(sub<T>(read<T>(z, i), p0), tiny<T>()))))
  }
}
