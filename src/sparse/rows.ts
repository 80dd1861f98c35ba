// A sparse gradient, checked and summed by row.
import { kindError, valueError } from '../check'
import { newArray } from '../memory'
import { checkNotDetached, dtypeOf, typedArrayName } from '../tensors'
import type { FloatArray, Shape, SparseGrad } from '../types'

/** A gradient on its way to the kernels: of all rows, or of some. */
export type Gradient = FloatArray | SparseRows

export const isSparse = (value: unknown): value is SparseGrad =>
  typeof value === 'object' && value !== null && 'indices' in value

/** Which rows a gradient has, checked, in the order given, and their values, not checked yet. */
export class GivenRows {
  constructor(
    readonly rows: Float64Array,
    readonly rowSize: number,
    readonly values: unknown,
  ) {}

  /** What messages say of the length that the values must have. */
  get lengthText(): string {
    return `${this.rows.length * this.rowSize} elements (index count ${this.rows.length} × row size ${this.rowSize})`
  }
}

/** The rows of a gradient, each once, in ascending order. */
export class SparseRows {
  constructor(
    readonly rows: Float64Array,
    readonly rowSize: number,
    readonly values: FloatArray,
    /** The caller's array of values. */
    readonly given: FloatArray,
  ) {}

  /** Fills the caller's values. */
  fill(value: number): void {
    this.given.fill(value)
  }
}

/** The rows of a parameter that a gradient names, copied: code of the user's may run here, and nowhere later. */
export function readRows(who: string, { indices, values }: SparseGrad, shape: Shape): GivenRows {
  const kind = typedArrayName(indices)
  if (!Array.isArray(indices) && kind !== 'Int32Array' && kind !== 'Uint32Array') {
    throw kindError(`${who}: indices`, 'an Int32Array, a Uint32Array or a list of integers', indices)
  }
  if (kind !== undefined) checkNotDetached(`${who}: indices`, indices as Int32Array)
  const [count = 1, ...rest] = shape
  const rows = new Float64Array(indices.length)
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = indices[i]
    if (!Number.isInteger(row) || (row as number) < 0 || (row as number) >= count) {
      const fail = typeof row === 'number' ? valueError : kindError
      throw fail(`${who}: indices[${i}]`, `one of the parameter's ${count} rows, counted from 0`, row)
    }
    rows[i] = row as number
  }
  const rowSize = rest.reduce((product, size) => product * size, 1)
  return new GivenRows(rows, rowSize, values)
}

/** Sorts the rows and adds up those that occur more than once, in the order given and in the values' own type. */
export function coalesce({ rows, rowSize }: GivenRows, given: FloatArray): SparseRows {
  if (rows.every((row, i) => i === 0 || rows[i - 1] < row)) return new SparseRows(rows, rowSize, given, given)
  const sorted = rows
    .slice()
    .sort()
    .filter((row, i, all) => i === 0 || all[i - 1] !== row)
  const values = newArray(dtypeOf(given), sorted.length * rowSize)
  rows.forEach((row, i) => {
    const to = indexOf(sorted, row) * rowSize
    const from = i * rowSize
    for (let k = 0; k < rowSize; k++) values[to + k] += given[from + k]
  })
  return new SparseRows(sorted, rowSize, values, given)
}

/** Where a value is in a sorted array that holds it. */
function indexOf(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
