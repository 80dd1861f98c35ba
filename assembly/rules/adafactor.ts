// Adafactor: the second moment, whole or as rows and columns; the update and its length; the step. Mirrored in native/rules/adafactor.h.
import { accumulateColumn, accumulateSquare, add, array, coefficient, columnSums, div, flush, flushPositive, max, mul, read, rowElement, sqrt, step, sub, tiny, tinySquare, write } from '../lanes'

@inline
export function adafactorVector<T>(a: usize, r: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const v = array<T>(a, 2)
  const beta2 = coefficient<T>(r, 0)
  const oneMinusBeta2 = coefficient<T>(r, 1)
  const least = coefficient<T>(r, 2)
  for (let i = begin; i < end; i += step<T>()) {
    const raw = read<T>(g, i)
    const g0 = flush<T>(raw, tiny<T>())
    const g1 = flush<T>(raw, tinySquare<T>())
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive<T>(add<T>(mul<T>(beta2, read<T>(v, i)), mul<T>(mul<T>(oneMinusBeta2, g1), g1)), tiny<T>())
    write(v, i, v1)
    // ‖p‖², ‖g/√max(v, ε₁²)‖²
    accumulateSquare<T>(s, 0, i, read<T>(p, i))
    accumulateSquare<T>(s, 1, i, div<T>(g0, sqrt<T>(max<T>(v1, least))))
  }
}

@inline
export function adafactorVectorUpdate<T>(a: usize, r: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const v = array<T>(a, 2)
  const least = coefficient<T>(r, 2)
  const decay = coefficient<T>(r, 3)
  const stepSize = coefficient<T>(r, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const u = div<T>(g0, sqrt<T>(max<T>(read<T>(v, i), least)))
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, u)))
  }
}

@inline
export function adafactorSquares<T>(a: usize, s: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const columns = columnSums(a, 6)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // ‖p‖² and ‖g‖² of the row, ‖g‖² of each column
    accumulateSquare<T>(s, 0, i, read<T>(p, i))
    accumulateSquare<T>(s, 1, i, g0)
    accumulateColumn<T>(columns, i, g0)
  }
}

@inline
export function adafactorNorms<T>(a: usize, r: usize, s: usize, begin: usize, end: usize): void {
  const g = array<T>(a, 1)
  const columns = array<T>(a, 3)
  const row = rowElement<T>(a, 5)
  const least = coefficient<T>(r, 2)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // v = row·column
    const v = mul<T>(flush<T>(row, tinySquare<T>()), flush<T>(read<T>(columns, i), tinySquare<T>()))
    // ‖g/√max(v, ε₁²)‖² of the row
    accumulateSquare<T>(s, 0, i, div<T>(g0, sqrt<T>(max<T>(v, least))))
  }
}

@inline
export function adafactorUpdate<T>(a: usize, r: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const columns = array<T>(a, 3)
  const row = rowElement<T>(a, 5)
  const least = coefficient<T>(r, 2)
  const decay = coefficient<T>(r, 3)
  const stepSize = coefficient<T>(r, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // v = row·column
    const v = mul<T>(flush<T>(row, tinySquare<T>()), flush<T>(read<T>(columns, i), tinySquare<T>()))
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const u = div<T>(g0, sqrt<T>(max<T>(v, least)))
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, u)))
  }
}
