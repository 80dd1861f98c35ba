// The tables and texts of data/: read, split by a fixed seed, standardised.
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { createRandom } from 'cauchy'

/** Rows 0 … train − 1 are for training, the rest for validation. */
export interface Table {
  /** Row-major. */
  readonly features: Float64Array
  readonly width: number
  /** The last column: labels or the value to predict. */
  readonly targets: Float64Array
  readonly count: number
  readonly train: number
}

const TRAIN_SHARE = 0.8

/** Decides which rows are for validation: the same ones for every seed of a run. */
const SPLIT_SEED = 1847

// The package's files lie in dist, with the data beside them.
export const readData = (file: string) =>
  brotliDecompressSync(readFileSync(new URL(`./data/${file}.br`, import.meta.url))).toString()

export function readTable(file: string): Table {
  const rows = readData(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const order = createRandom(SPLIT_SEED).shuffle(Uint32Array.from(rows, (_, i) => i))
  const width = rows[0].length - 1
  const features = new Float64Array(rows.length * width)
  const targets = new Float64Array(rows.length)
  order.forEach((from, to) => {
    features.set(rows[from].slice(0, width), to * width)
    targets[to] = rows[from][width]
  })
  return { features, width, targets, count: rows.length, train: Math.floor(rows.length * TRAIN_SHARE) }
}

/** Every feature with mean 0 and variance 1 over the training rows. */
export function standardized(table: Table): Table {
  const features = table.features.slice()
  for (let k = 0; k < table.width; k++) standardize(features, k, table.width, table.train)
  return { ...table, features }
}

/** The value to predict with mean 0 and variance 1 over the training rows. */
export function standardizedTargets(table: Table): Table {
  const targets = table.targets.slice()
  standardize(targets, 0, 1, table.train)
  return { ...table, targets }
}

/** (x − mean) / deviation of the first `train` values of a column; a constant column becomes 0. */
function standardize(values: Float64Array, first: number, stride: number, train: number): void {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < train; i++) sum += values[first + i * stride]
  const mean = sum / train
  for (let i = 0; i < train; i++) squares += (values[first + i * stride] - mean) ** 2
  const deviation = squares > 0 ? Math.sqrt(squares / train) : 1
  for (let at = first; at < values.length; at += stride) values[at] = (values[at] - mean) / deviation
}
