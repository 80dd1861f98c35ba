// Muon: momentum, its orthogonalization by Newton–Schulz iterations over padded matrices, the step. Mirrored in native/rules/muon.h.
import { accumulateSquare, add, array, broadcast, coefficient, copyElement, count, flush, mul, padded, read, step, sub, tiny, tinySquare, unit, write, zero } from '../lanes'

@inline
export function muonMomentum<T>(a: usize, r: usize, s: usize, begin: usize, end: usize, nesterov: bool): void {
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const u = array<T>(a, 7)
  const momentum = coefficient<T>(r, 0)
  const oneMinusMomentum = coefficient<T>(r, 1)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    // m ← μ·m + (1−μ)·g
    const m1 = flush<T>(add<T>(mul<T>(momentum, read<T>(m, i)), mul<T>(oneMinusMomentum, g0)), tiny<T>())
    write(m, i, m1)
    if (nesterov) {
      // u = μ·m + (1−μ)·g
      const u1 = flush<T>(add<T>(mul<T>(momentum, m1), mul<T>(oneMinusMomentum, g0)), tiny<T>())
      write(u, i, u1)
      accumulateSquare<T>(s, 0, i, u1)
    } else {
      write(u, i, m1)
      accumulateSquare<T>(s, 0, i, m1)
    }
  }
}

// Between a matrix and its padded copy, or the padded copy of its transpose: what one step along a row and one
// along a column are in the copy.
export function muonPad<T>(copy: usize, matrix: usize, rows: usize, columns: usize, down: usize, along: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      copyElement<T>(copy, row * down + column * along, matrix, (row * columns + column) * unit<T>())
    }
  }
}

export function muonUnpad<T>(copy: usize, matrix: usize, rows: usize, columns: usize, down: usize, along: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      copyElement<T>(matrix, (row * columns + column) * unit<T>(), copy, row * down + column * along)
    }
  }
}

export function muonTranspose<T>(from: usize, to: usize, rows: usize, columns: usize, stride: usize, toStride: usize): void {
  for (let column: usize = 0; column < columns; column++) {
    for (let row: usize = 0; row < rows; row++) {
      copyElement<T>(to, column * toStride + row * unit<T>(), from, row * stride + column * unit<T>())
    }
  }
}

// to = α·from + β·left·right: k ascending in every element, four rows by two vectors at a time.
export function muonProduct<T>(to: usize, from: usize, left: usize, right: usize, rows: usize, depth: usize, leftStride: usize, stride: usize, alpha: v128, beta: v128): void {
  for (let j: usize = 0; j < stride; j += 2 * step<T>()) {
    const j1 = j + step<T>()
    for (let row: usize = 0; row < rows; row += 4) {
      const left0 = row * leftStride
      const left1 = left0 + leftStride
      const left2 = left1 + leftStride
      const left3 = left2 + leftStride
      let s00 = zero<T>()
      let s01 = zero<T>()
      let s10 = zero<T>()
      let s11 = zero<T>()
      let s20 = zero<T>()
      let s21 = zero<T>()
      let s30 = zero<T>()
      let s31 = zero<T>()
      for (let k: usize = 0; k < depth; k++) {
        const x0 = read<T>(right, k * stride + j)
        const x1 = read<T>(right, k * stride + j1)
        const y0 = broadcast<T>(left, left0 + k * unit<T>())
        s00 = add<T>(s00, mul<T>(y0, x0))
        s01 = add<T>(s01, mul<T>(y0, x1))
        const y1 = broadcast<T>(left, left1 + k * unit<T>())
        s10 = add<T>(s10, mul<T>(y1, x0))
        s11 = add<T>(s11, mul<T>(y1, x1))
        const y2 = broadcast<T>(left, left2 + k * unit<T>())
        s20 = add<T>(s20, mul<T>(y2, x0))
        s21 = add<T>(s21, mul<T>(y2, x1))
        const y3 = broadcast<T>(left, left3 + k * unit<T>())
        s30 = add<T>(s30, mul<T>(y3, x0))
        s31 = add<T>(s31, mul<T>(y3, x1))
      }
      const to0 = row * stride
      const to1 = to0 + stride
      const to2 = to1 + stride
      const to3 = to2 + stride
      const t00 = add<T>(mul<T>(alpha, read<T>(from, to0 + j)), mul<T>(beta, s00))
      write(to, to0 + j, flush<T>(t00, tinySquare<T>()))
      const t01 = add<T>(mul<T>(alpha, read<T>(from, to0 + j1)), mul<T>(beta, s01))
      write(to, to0 + j1, flush<T>(t01, tinySquare<T>()))
      const t10 = add<T>(mul<T>(alpha, read<T>(from, to1 + j)), mul<T>(beta, s10))
      write(to, to1 + j, flush<T>(t10, tinySquare<T>()))
      const t11 = add<T>(mul<T>(alpha, read<T>(from, to1 + j1)), mul<T>(beta, s11))
      write(to, to1 + j1, flush<T>(t11, tinySquare<T>()))
      const t20 = add<T>(mul<T>(alpha, read<T>(from, to2 + j)), mul<T>(beta, s20))
      write(to, to2 + j, flush<T>(t20, tinySquare<T>()))
      const t21 = add<T>(mul<T>(alpha, read<T>(from, to2 + j1)), mul<T>(beta, s21))
      write(to, to2 + j1, flush<T>(t21, tinySquare<T>()))
      const t30 = add<T>(mul<T>(alpha, read<T>(from, to3 + j)), mul<T>(beta, s30))
      write(to, to3 + j, flush<T>(t30, tinySquare<T>()))
      const t31 = add<T>(mul<T>(alpha, read<T>(from, to3 + j1)), mul<T>(beta, s31))
      write(to, to3 + j1, flush<T>(t31, tinySquare<T>()))
    }
  }
}

@inline
export function muonOrthogonalize<T>(a: usize, r: usize, rows: usize, columns: usize): void {
  const u = array<T>(a, 7)
  const transposed = array<T>(a, 5)
  const gram = array<T>(a, 3)
  const scale = coefficient<T>(r, 0)
  const first = coefficient<T>(r, 1)
  const second = coefficient<T>(r, 2)
  const third = coefficient<T>(r, 3)
  const one = coefficient<T>(r, 4)
  const steps = count(r, 5)
  // The shorter side goes down, the longer along, both padded by zeros.
  const tall = rows > columns
  const height = tall ? columns : rows
  const width = tall ? rows : columns
  const stride = padded<T>(width)
  const gramStride = padded<T>(height)
  const lines = (height + 3) & ~3
  const transposedLines = width < lines ? lines : width
  let x = array<T>(a, 6)
  let y = array<T>(a, 4)
  for (let i: usize = 0; i < lines * stride; i += step<T>()) {
    write(x, i, zero<T>())
  }
  for (let i: usize = 0; i < transposedLines * gramStride; i += step<T>()) {
    write(transposed, i, zero<T>())
  }
  // X = u/‖u‖
  muonPad<T>(x, u, rows, columns, tall ? unit<T>() : stride, tall ? stride : unit<T>())
  for (let i: usize = 0; i < lines * stride; i += step<T>()) {
    write(x, i, flush<T>(mul<T>(flush<T>(read<T>(x, i), tiny<T>()), scale), tinySquare<T>()))
  }
  for (let k: usize = 0; k < steps; k++) {
    muonTranspose<T>(x, transposed, height, width, stride, gramStride)
    // A = X·Xᵀ, and nothing of the other matrix
    muonProduct<T>(gram, transposed, x, transposed, lines, width, stride, gramStride, zero<T>(), one)
    // B = b·A + c·A·A, where Xᵀ was
    muonProduct<T>(transposed, gram, gram, gram, lines, height, gramStride, gramStride, second, third)
    // X ← a·X + B·X
    muonProduct<T>(y, x, transposed, x, lines, height, gramStride, stride, first, one)
    const previous = x
    x = y
    y = previous
  }
  muonUnpad<T>(x, u, rows, columns, tall ? unit<T>() : stride, tall ? stride : unit<T>())
}

@inline
export function muonUpdate<T>(a: usize, r: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const u = array<T>(a, 7)
  const decay = coefficient<T>(r, 0)
  const stepSize = coefficient<T>(r, 1)
  for (let i = begin; i < end; i += step<T>()) {
    // p ← (1−lr·λ)·p − α·u
    write(p, i, sub<T>(mul<T>(decay, read<T>(p, i)), mul<T>(stepSize, read<T>(u, i))))
  }
}
