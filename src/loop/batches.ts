// Which examples every step of an epoch sees: seeded order, fixed size, the last batch smaller.
import { createRandom } from '../random'

export interface Batches {
  /** Batches in one epoch. */
  readonly perEpoch: number
  /** One pass over the data; a batch is a view, valid until the next pass begins. */
  epoch(): Generator<Uint32Array | undefined>
}

/**
 * @param examples N; undefined for a problem without data, whose epoch is a single undefined batch
 * @param size examples in a batch; N for full-batch descent
 * @param seed decides the order of every epoch; undefined keeps the order of the data
 */
export function createBatches(examples: number | undefined, size: number, seed: number | undefined): Batches {
  if (examples === undefined) {
    return {
      perEpoch: 1,
      *epoch() {
        yield undefined
      },
    }
  }
  const order = Uint32Array.from({ length: examples }, (_, i) => i)
  // A full batch has no order to choose; leaving it sorted keeps its sum's rounding the same every epoch.
  const random = seed === undefined || size >= examples ? undefined : createRandom(seed)
  return {
    perEpoch: Math.ceil(examples / size),
    *epoch() {
      random?.shuffle(order)
      for (let start = 0; start < examples; start += size) yield order.subarray(start, start + size)
    },
  }
}
