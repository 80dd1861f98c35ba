// FNV-1a over 64 bits of the little-endian doubles of numbers, in two halves of 32 bits: integers only, and exact.
const PRIME_LOW = 0x1b3 // the prime is 2⁴⁰ + 0x1b3
const CANONICAL_NAN = 0x7ff8000000000000n

export class Hash {
  #high = 0xcbf29ce4
  #low = 0x84222325

  #addByte(byte) {
    const low = (this.#low ^ byte) >>> 0
    const product = low * PRIME_LOW
    this.#high = (Math.imul(this.#high, PRIME_LOW) + (low << 8) + Math.floor(product / 0x100000000)) >>> 0
    this.#low = product >>> 0
  }

  /** Adds numbers. */
  addAll(numbers) {
    const view = new DataView(new ArrayBuffer(8))
    for (const x of numbers) {
      if (Number.isNaN(x)) view.setBigUint64(0, CANONICAL_NAN, true)
      else view.setFloat64(0, x, true)
      for (let i = 0; i < 8; i++) this.#addByte(view.getUint8(i))
    }
  }

  /** Adds numbers, which must be finite and not all zero. */
  addFinite(numbers, what) {
    if (!numbers.every(Number.isFinite)) throw new Error(`${what} is not finite`)
    if (numbers.every((x) => x === 0)) throw new Error(`${what} is all zero`)
    this.addAll(numbers)
  }

  toString() {
    return [this.#high, this.#low].map((half) => half.toString(16).padStart(8, '0')).join('')
  }
}
