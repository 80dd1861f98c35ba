// Adafactor: the second moment, whole or as rows and columns; the update and its length; the step. Mirrored in native/rules/adafactor.h.
import {
  type Arrays,
  accumulateColumn,
  accumulateSquare,
  add,
  array,
  type Coefficients,
  coefficient,
  columnSums,
  div,
  flush,
  flushPositive,
  max,
  mul,
  read,
  rowElement,
  type Sums,
  sqrt,
  step,
  sub,
  tiny,
  tinySquare,
  write,
} from '../lanes'

export function adafactorVector(a: Arrays, r: Coefficients, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const v = array(a, 2)
  const beta2 = coefficient(r, 0)
  const oneMinusBeta2 = coefficient(r, 1)
  const least = coefficient(r, 2)
  for (let i = begin; i < end; i += step()) {
    const raw = read(g, i)
    const g0 = flush(raw, tiny())
    const g1 = flush(raw, tinySquare())
    // v ← β₂·v + (1−β₂)·g²
    const v1 = flushPositive(add(mul(beta2, read(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny())
    write(v, i, v1)
    // ‖p‖², ‖g/√max(v, ε₁²)‖²
    accumulateSquare(s, 0, i, read(p, i))
    accumulateSquare(s, 1, i, div(g0, sqrt(max(v1, least))))
  }
}

export function adafactorVectorUpdate(a: Arrays, r: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const v = array(a, 2)
  const least = coefficient(r, 2)
  const decay = coefficient(r, 3)
  const stepSize = coefficient(r, 4)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const u = div(g0, sqrt(max(read(v, i), least)))
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, u)))
  }
}

export function adafactorSquares(a: Arrays, s: Sums, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const columns = columnSums(a, 6)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // ‖p‖² and ‖g‖² of the row, ‖g‖² of each column
    accumulateSquare(s, 0, i, read(p, i))
    accumulateSquare(s, 1, i, g0)
    accumulateColumn(columns, i, g0)
  }
}

export function adafactorNorms(a: Arrays, r: Coefficients, s: Sums, begin: number, end: number): void {
  const g = array(a, 1)
  const columns = array(a, 3)
  const row = rowElement(a, 5)
  const least = coefficient(r, 2)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // v = row·column
    const v = mul(flush(row, tinySquare()), flush(read(columns, i), tinySquare()))
    // ‖g/√max(v, ε₁²)‖² of the row
    accumulateSquare(s, 0, i, div(g0, sqrt(max(v, least))))
  }
}

export function adafactorUpdate(a: Arrays, r: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const columns = array(a, 3)
  const row = rowElement(a, 5)
  const least = coefficient(r, 2)
  const decay = coefficient(r, 3)
  const stepSize = coefficient(r, 4)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // v = row·column
    const v = mul(flush(row, tinySquare()), flush(read(columns, i), tinySquare()))
    // p ← (1−lr·λ)·p − α·g/√max(v, ε₁²)
    const u = div(g0, sqrt(max(v, least)))
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, u)))
  }
}
