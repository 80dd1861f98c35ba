// SM3: accumulators per row and column, or of each element; momentum; the step. Mirrored in native/rules/sm3.h.
import { accumulateMax, add, array, coefficient, div, flush, flushPositive, max, min, mul, read, rowElement, select, sqrt, step, sub, tiny, tinySquare, write, zero } from '../lanes'

@inline
export function sm3Vector<T>(a: usize, r: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const accumulator = array<T>(a, 3)
  const beta1 = coefficient<T>(r, 0)
  const oneMinusBeta1 = coefficient<T>(r, 1)
  const beta2 = coefficient<T>(r, 2)
  const weight = coefficient<T>(r, 3)
  const eps = coefficient<T>(r, 4)
  const lr = coefficient<T>(r, 5)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← β₂·v + w·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(accumulator, i)), mul<T>(mul<T>(weight, g1), g1)), tiny<T>())
    write(accumulator, i, v1)
    // u = g/√(v + ε), 0 where v is
    const u = select<T>(zero<T>(), v1, div<T>(g0, sqrt<T>(add<T>(v1, eps))), zero<T>())
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, u)), tiny<T>())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub<T>(read<T>(p, i), mul<T>(lr, m1)))
  }
}

@inline
export function sm3<T>(a: usize, r: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const columns = array<T>(a, 3)
  const nextColumns = array<T>(a, 5)
  const row = rowElement<T>(a, 6)
  const beta1 = coefficient<T>(r, 0)
  const oneMinusBeta1 = coefficient<T>(r, 1)
  const beta2 = coefficient<T>(r, 2)
  const weight = coefficient<T>(r, 3)
  const eps = coefficient<T>(r, 4)
  const lr = coefficient<T>(r, 5)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v = β₂·min(row, column) + w·g²
    const least = min<T>(row, read<T>(columns, i))
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, least), mul<T>(mul<T>(weight, g1), g1)), tiny<T>())
    // row ← max(v), column ← max(v)
    accumulateMax<T>(s, 0, i, v1)
    write(nextColumns, i, max<T>(read<T>(nextColumns, i), v1))
    // u = g/√(v + ε), 0 where v is
    const u = select<T>(zero<T>(), v1, div<T>(g0, sqrt<T>(add<T>(v1, eps))), zero<T>())
    // m ← β₁·m + (1−β₁)·u
    const m1 = flush<T>(add<T>(mul<T>(beta1, read<T>(m, i)), mul<T>(oneMinusBeta1, u)), tiny<T>())
    write(m, i, m1)
    // p ← p − lr·m
    write(p, i, sub<T>(read<T>(p, i), mul<T>(lr, m1)))
  }
}
