// Where arrays lie in memory, and which of them share some of it.
import type { FloatArray } from './types'

/** Whether two arrays share a byte. */
export function overlaps(a: FloatArray, b: FloatArray): boolean {
  return (
    a.length > 0 &&
    b.length > 0 &&
    a.buffer === b.buffer &&
    a.byteOffset < b.byteOffset + b.byteLength &&
    b.byteOffset < a.byteOffset + a.byteLength
  )
}

/** Arrays sorted by their places, so that many thousands of them cost little. */
export class Places {
  /** The indices of the arrays over each buffer, in the order of their places; those of no length lie nowhere. */
  readonly #byBuffer = new Map<ArrayBufferLike, number[]>()

  constructor(readonly arrays: readonly (FloatArray | null)[]) {
    arrays.forEach((array, i) => {
      if (array === null || array.length === 0) return
      const known = this.#byBuffer.get(array.buffer)
      if (known) known.push(i)
      else this.#byBuffer.set(array.buffer, [i])
    })
    for (const indices of this.#byBuffer.values()) {
      indices.sort((i, k) => this.#at(i).byteOffset - this.#at(k).byteOffset || i - k)
    }
  }

  #at(i: number): FloatArray {
    return this.arrays[i] as FloatArray
  }

  /** The indices of two arrays that overlap, if any do. */
  clash(): readonly [number, number] | undefined {
    for (const indices of this.#byBuffer.values()) {
      for (let n = 1; n < indices.length; n++) {
        const [i, k] = [indices[n - 1], indices[n]]
        if (overlaps(this.#at(i), this.#at(k))) return i < k ? [i, k] : [k, i]
      }
    }
    return undefined
  }

  /** The index of an array that `array` overlaps, if there is one; these must not overlap each other. */
  find(array: FloatArray): number | undefined {
    const indices = this.#byBuffer.get(array.buffer)
    if (indices === undefined) return undefined
    // Of those that begin before its end, the last reaches farthest.
    const end = array.byteOffset + array.byteLength
    let [low, high] = [0, indices.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#at(indices[middle]).byteOffset < end) low = middle + 1
      else high = middle
    }
    const last = indices[low - 1]
    return last !== undefined && overlaps(this.#at(last), array) ? last : undefined
  }
}
