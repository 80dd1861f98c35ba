// Optimizers that see rows and columns: the options they are tested at, and their rules in plain float64, written down
// from PyTorch's documentation of Adafactor and Muon and from SM3's paper with optax's definitions.
import { matrixOf, norm, type Row } from './row'

type Matrix = number[][]

const toMatrix = (values: readonly number[], columns: number): Matrix =>
  Array.from({ length: columns === 0 ? 0 : values.length / columns }, (_, r) =>
    values.slice(r * columns, (r + 1) * columns),
  )
const transpose = (a: Matrix): Matrix => (a[0] ?? []).map((_, c) => a.map((row) => row[c]))
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => transpose(b).map((column) => row.reduce((sum, x, k) => sum + x * column[k], 0)))
const combined = (...terms: [number, Matrix][]): Matrix =>
  terms[0][1].map((row, r) =>
    row.map((_, c) => terms.reduce((sum, [weight, a]) => sum + weight * a[r][c], 0)),
  )
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

/** Adafactor's estimate of the second moment, its averages updated. */
function secondMoment(
  state: Record<string, number[]>,
  g: readonly number[],
  shape: readonly number[],
  weight: number,
  eps1: number,
): number[] {
  const lerp = (old: number, x: number) => old + weight * (x - old)
  if (shape.length < 2) {
    state.variance ??= g.map(() => 0)
    state.variance = state.variance.map((old, i) => lerp(old, g[i] ** 2))
    return state.variance
  }
  const [rows, columns] = shape.slice(-2)
  const matrices = toMatrix(g, rows * columns).map((values) => toMatrix(values, columns))
  const squares = (line: readonly number[]) => mean(line.map((x) => x * x))
  const rowMeans = matrices.flatMap((matrix) => matrix.map(squares))
  const columnMeans = matrices.flatMap((matrix) => transpose(matrix).map(squares))
  state.rowVar = rowMeans.map((x, r) => lerp(state.rowVar?.[r] ?? 0, x))
  state.colVar = columnMeans.map((x, c) => lerp(state.colVar?.[c] ?? 0, x))
  return matrices.flatMap((_, n) => {
    const rowVar = state.rowVar.slice(n * rows, (n + 1) * rows)
    const colVar = state.colVar.slice(n * columns, (n + 1) * columns)
    const least = Math.max(mean(rowVar), eps1)
    return rowVar.flatMap((r) => colVar.map((c) => (r * c) / least))
  })
}

export const rows: Record<string, Row> = {
  Adafactor: {
    variants: [
      { lr: 0.3, beta2Decay: -0.6, eps: [1e-3, 0.02], d: 1.25, weightDecay: 0.03 },
      { lr: 0.2, eps: [null, 1e-3], maximize: true },
    ],
    formula({ p, state, shape = [p.length] }, g, t, o) {
      const [eps1, eps2] = [o.eps[0] ?? 1.1920928955078125e-7, o.eps[1]]
      const scale = Math.max(eps2, norm(p) / Math.sqrt(p.length)) * Math.min(o.lr, 1 / Math.sqrt(t))
      const v = secondMoment(state, g, shape, t ** o.beta2Decay, eps1)
      const u = g.map((x, i) => x / Math.sqrt(Math.max(v[i], eps1 ** 2)))
      const length = Math.max(1, norm(u) / (Math.sqrt(p.length) * o.d))
      u.forEach((x, i) => {
        p[i] = p[i] * (1 - o.lr * o.weightDecay) - (scale * x) / length
      })
    },
  },
  SM3: {
    variants: [
      { lr: 0.05, momentum: 0.8, beta2: 0.9, eps: 1e-3 },
      { lr: 0.05, momentum: 0, eps: 1e-3, maximize: true },
    ],
    formula({ p, state, shape = [p.length] }, g, _t, o) {
      const accumulators = shape.map((size, k) => state[`accumulator${k}`] ?? new Array<number>(size).fill(0))
      const strides = shape.map((_, k) => shape.slice(k + 1).reduce((product, size) => product * size, 1))
      const index = (i: number, k: number) => Math.floor(i / strides[k]) % shape[k]
      const v = g.map((x, i) => {
        const least = Math.min(...accumulators.map((a, k) => a[index(i, k)]))
        return o.beta2 * least + (o.beta2 === 1 ? 1 : 1 - o.beta2) * x * x
      })
      const next = accumulators.map((a) => a.map(() => 0))
      v.forEach((x, i) => {
        next.forEach((a, k) => {
          a[index(i, k)] = Math.max(a[index(i, k)], x)
        })
      })
      const last = shape.length - 1
      const before = state.expAvg ?? p.map(() => 0)
      state.expAvg = g.map((x, i) => {
        const u = v[i] > 0 ? x / Math.sqrt(v[i] + o.eps) : 0
        return o.momentum * before[i] + (1 - o.momentum) * u
      })
      for (const k of last > 0 ? [last, ...shape.slice(1).keys()] : [0]) state[`accumulator${k}`] = next[k]
      state.expAvg.forEach((m, i) => {
        p[i] -= o.lr * m
      })
    },
  },
  Muon: {
    matrix: true,
    variants: [
      {
        ...{
          lr: 0.05,
          weightDecay: 0.03,
          momentum: 0.8,
          nsCoefficients: [3, -3.2, 1.2],
          eps: 1e-3,
          nsSteps: 3,
        },
        adjustLr: 'matchRmsAdamW',
      },
      { lr: 0.05, nesterov: false, momentum: 0.8, maximize: true },
    ],
    formula({ p, state, shape = matrixOf(p.length) }, g, _t, o) {
      const [height, width] = shape
      const before = state.momentumBuffer ?? p.map(() => 0)
      const m = g.map((x, i) => o.momentum * before[i] + (1 - o.momentum) * x)
      state.momentumBuffer = m
      const u = o.nesterov ? g.map((x, i) => o.momentum * m[i] + (1 - o.momentum) * x) : m
      const length = Math.max(norm(u), o.eps)
      let x = toMatrix(
        u.map((value) => value / length),
        width,
      )
      if (height > width) x = transpose(x)
      const [a, b, c] = o.nsCoefficients
      for (let k = 0; k < o.nsSteps && x.length > 0; k++) {
        const gram = times(x, transpose(x))
        x = combined([a, x], [1, times(combined([b, gram], [c, times(gram, gram)]), x)])
      }
      if (height > width) x = transpose(x)
      const scale =
        o.adjustLr === 'original'
          ? Math.sqrt(Math.max(1, height / width))
          : 0.2 * Math.sqrt(Math.max(height, width))
      x.flat().forEach((value, i) => {
        p[i] = p[i] * (1 - o.lr * o.weightDecay) - o.lr * scale * value
      })
    },
  },
}
