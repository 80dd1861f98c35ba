// Muon: momentum, its orthogonalization by Newton–Schulz iterations over padded matrices, the step. Mirrored in native/rules/muon.h.
import type { FloatArray } from '../../../types'
import {
  type Arrays,
  accumulateSquare,
  add,
  array,
  broadcast,
  type Coefficients,
  coefficient,
  copyElement,
  count,
  flush,
  mul,
  padded,
  read,
  type Sums,
  step,
  sub,
  tiny,
  tinySquare,
  unit,
  write,
  zero,
} from '../lanes'

export function muonMomentum(
  a: Arrays,
  r: Coefficients,
  s: Sums,
  begin: number,
  end: number,
  nesterov: boolean,
): void {
  const g = array(a, 1)
  const m = array(a, 2)
  const u = array(a, 7)
  const momentum = coefficient(r, 0)
  const oneMinusMomentum = coefficient(r, 1)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    // m ← μ·m + (1−μ)·g
    const m1 = flush(add(mul(momentum, read(m, i)), mul(oneMinusMomentum, g0)), tiny())
    write(m, i, m1)
    if (nesterov) {
      // u = μ·m + (1−μ)·g
      const u1 = flush(add(mul(momentum, m1), mul(oneMinusMomentum, g0)), tiny())
      write(u, i, u1)
      accumulateSquare(s, 0, i, u1)
    } else {
      write(u, i, m1)
      accumulateSquare(s, 0, i, m1)
    }
  }
}

// Between a matrix and its padded copy, or the padded copy of its transpose: what one step along a row and one
// along a column are in the copy.
export function muonPad(
  copy: FloatArray,
  matrix: FloatArray,
  rows: number,
  columns: number,
  down: number,
  along: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      copyElement(copy, row * down + column * along, matrix, (row * columns + column) * unit())
    }
  }
}

export function muonUnpad(
  copy: FloatArray,
  matrix: FloatArray,
  rows: number,
  columns: number,
  down: number,
  along: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      copyElement(matrix, (row * columns + column) * unit(), copy, row * down + column * along)
    }
  }
}

export function muonTranspose(
  from: FloatArray,
  to: FloatArray,
  rows: number,
  columns: number,
  stride: number,
  toStride: number,
): void {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      copyElement(to, column * toStride + row * unit(), from, row * stride + column * unit())
    }
  }
}

// to = α·from + β·left·right: k ascending in every element, four rows by two vectors at a time.
export function muonProduct(
  to: FloatArray,
  from: FloatArray,
  left: FloatArray,
  right: FloatArray,
  rows: number,
  depth: number,
  leftStride: number,
  stride: number,
  alpha: number,
  beta: number,
): void {
  for (let j = 0; j < stride; j += 2 * step()) {
    const j1 = j + step()
    for (let row = 0; row < rows; row += 4) {
      const left0 = row * leftStride
      const left1 = left0 + leftStride
      const left2 = left1 + leftStride
      const left3 = left2 + leftStride
      let s00 = zero()
      let s01 = zero()
      let s10 = zero()
      let s11 = zero()
      let s20 = zero()
      let s21 = zero()
      let s30 = zero()
      let s31 = zero()
      for (let k = 0; k < depth; k++) {
        const x0 = read(right, k * stride + j)
        const x1 = read(right, k * stride + j1)
        const y0 = broadcast(left, left0 + k * unit())
        s00 = add(s00, mul(y0, x0))
        s01 = add(s01, mul(y0, x1))
        const y1 = broadcast(left, left1 + k * unit())
        s10 = add(s10, mul(y1, x0))
        s11 = add(s11, mul(y1, x1))
        const y2 = broadcast(left, left2 + k * unit())
        s20 = add(s20, mul(y2, x0))
        s21 = add(s21, mul(y2, x1))
        const y3 = broadcast(left, left3 + k * unit())
        s30 = add(s30, mul(y3, x0))
        s31 = add(s31, mul(y3, x1))
      }
      const to0 = row * stride
      const to1 = to0 + stride
      const to2 = to1 + stride
      const to3 = to2 + stride
      const t00 = add(mul(alpha, read(from, to0 + j)), mul(beta, s00))
      write(to, to0 + j, flush(t00, tinySquare()))
      const t01 = add(mul(alpha, read(from, to0 + j1)), mul(beta, s01))
      write(to, to0 + j1, flush(t01, tinySquare()))
      const t10 = add(mul(alpha, read(from, to1 + j)), mul(beta, s10))
      write(to, to1 + j, flush(t10, tinySquare()))
      const t11 = add(mul(alpha, read(from, to1 + j1)), mul(beta, s11))
      write(to, to1 + j1, flush(t11, tinySquare()))
      const t20 = add(mul(alpha, read(from, to2 + j)), mul(beta, s20))
      write(to, to2 + j, flush(t20, tinySquare()))
      const t21 = add(mul(alpha, read(from, to2 + j1)), mul(beta, s21))
      write(to, to2 + j1, flush(t21, tinySquare()))
      const t30 = add(mul(alpha, read(from, to3 + j)), mul(beta, s30))
      write(to, to3 + j, flush(t30, tinySquare()))
      const t31 = add(mul(alpha, read(from, to3 + j1)), mul(beta, s31))
      write(to, to3 + j1, flush(t31, tinySquare()))
    }
  }
}

export function muonOrthogonalize(a: Arrays, r: Coefficients, rows: number, columns: number): void {
  const u = array(a, 7)
  const transposed = array(a, 5)
  const gram = array(a, 3)
  const scale = coefficient(r, 0)
  const first = coefficient(r, 1)
  const second = coefficient(r, 2)
  const third = coefficient(r, 3)
  const one = coefficient(r, 4)
  const steps = count(r, 5)
  // The shorter side goes down, the longer along, both padded by zeros.
  const tall = rows > columns
  const height = tall ? columns : rows
  const width = tall ? rows : columns
  const stride = padded(width)
  const gramStride = padded(height)
  const lines = (height + 3) & ~3
  const transposedLines = width < lines ? lines : width
  let x = array(a, 6)
  let y = array(a, 4)
  for (let i = 0; i < lines * stride; i += step()) {
    write(x, i, zero())
  }
  for (let i = 0; i < transposedLines * gramStride; i += step()) {
    write(transposed, i, zero())
  }
  // X = u/‖u‖
  muonPad(x, u, rows, columns, tall ? unit() : stride, tall ? stride : unit())
  for (let i = 0; i < lines * stride; i += step()) {
    write(x, i, flush(mul(flush(read(x, i), tiny()), scale), tinySquare()))
  }
  for (let k = 0; k < steps; k++) {
    muonTranspose(x, transposed, height, width, stride, gramStride)
    // A = X·Xᵀ, and nothing of the other matrix
    muonProduct(gram, transposed, x, transposed, lines, width, stride, gramStride, zero(), one)
    // B = b·A + c·A·A, where Xᵀ was
    muonProduct(transposed, gram, gram, gram, lines, height, gramStride, gramStride, second, third)
    // X ← a·X + B·X
    muonProduct(y, x, transposed, x, lines, height, gramStride, stride, first, one)
    const previous = x
    x = y
    y = previous
  }
  muonUnpad(x, u, rows, columns, tall ? unit() : stride, tall ? stride : unit())
}

export function muonUpdate(a: Arrays, r: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const u = array(a, 7)
  const decay = coefficient(r, 0)
  const stepSize = coefficient(r, 1)
  for (let i = begin; i < end; i += step()) {
    // p ← (1−lr·λ)·p − α·u
    write(p, i, sub(mul(decay, read(p, i)), mul(stepSize, read(u, i))))
  }
}
