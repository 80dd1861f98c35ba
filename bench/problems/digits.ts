// Handwritten digits, 8×8 pixels: the UCI data of bench/data, scaled to [0, 1] and split by seed.
import { createRandom } from 'cauchy'
import csv from '../data/digits.csv'

/** 1797 images; indices 0 … train − 1 are for training, the rest for validation. */
export interface Digits {
  /** Row-major, 64 a digit, in [0, 1]. */
  readonly pixels: Float32Array
  /** 0 to 9. */
  readonly labels: Uint8Array
  readonly count: number
  readonly train: number
}

export const PIXELS = 64
export const CLASSES = 10

/** Where the data comes from, as its licence wants it said. */
export const ORIGIN =
  'Optical Recognition of Handwritten Digits (test half, 1797 images), E. Alpaydin and C. Kaynak 1998, ' +
  'UCI Machine Learning Repository, CC BY 4.0; pixels divided by 16'

const TRAIN_SHARE = 0.8

export function loadDigits(seed: number): Digits {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const order = createRandom(seed).shuffle(Uint32Array.from(rows, (_, i) => i))
  const pixels = new Float32Array(rows.length * PIXELS)
  const labels = new Uint8Array(rows.length)
  order.forEach((from, to) => {
    for (let k = 0; k < PIXELS; k++) pixels[to * PIXELS + k] = rows[from][k] / 16
    labels[to] = rows[from][PIXELS]
  })
  return { pixels, labels, count: rows.length, train: Math.floor(rows.length * TRAIN_SHARE) }
}
