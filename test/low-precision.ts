// Low-precision state stated once more, by value and in whole numbers: what tests expect of codes, scales and rounding.
import type { FloatArray, StateArray } from 'cauchy'

const WORD = 2n ** 32n - 1n

/** murmur3's finalizer over one more word. */
function absorb(hash: bigint, word: bigint): bigint {
  let h = ((hash ^ (word & WORD)) * 0x85ebca6bn) & WORD
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & WORD
  return ((h ^ (h >> 16n)) + 0x9e3779b9n) & WORD
}

/** The 32 random bits of each element of a parameter in one step, of which the upper ones count. */
export function drawsOf(name: string, seed: number, step: number): (index: number) => number {
  const wide = (x: number) => [BigInt(x) & WORD, BigInt(x) >> 32n]
  const words = [
    ...Array.from({ length: name.length }, (_, i) => BigInt(name.charCodeAt(i))),
    ...wide(seed),
    ...wide(step),
  ]
  const multiplier = words.reduce(absorb, 0x9e3779b9n) | 1n
  const offset = words.reduce(absorb, 0x7f4a7c15n)
  return (index) => {
    const h = (BigInt(index) * multiplier + offset) & WORD
    return Number(((h ^ (h >> 16n)) * 0x7feb352dn) & WORD)
  }
}

/** The value of the bfloat16 of these 16 bits; of the infinite ones the power of two that would follow. */
function bf16(code: number): number {
  const sign = code >= 0x8000 ? -1 : 1
  const exponent = (code >> 7) & 0xff
  const mantissa = (code & 0x7f) / 128
  return sign * (exponent === 0 ? mantissa * 2 ** -126 : (1 + mantissa) * 2 ** (exponent - 127))
}

export const bf16Value = (code: number): number => {
  const magnitude = code & 0x7fff
  if (magnitude > 0x7f80) return Number.NaN
  return magnitude === 0x7f80 ? Math.sign(bf16(code)) * Number.POSITIVE_INFINITY : bf16(code)
}

/** The code not above |x|, and how far x is on the way to the next. */
function bracket(x: number): { low: number; part: number } {
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return { low: 0x7f80, part: 0 }
  let [low, above] = [0, 0x7f80]
  while (above - low > 1) {
    const middle = (low + above) >> 1
    if (bf16(middle) <= Math.abs(x)) low = middle
    else above = middle
  }
  return { low, part: (Math.abs(x) - bf16(low)) / (bf16(low + 1) - bf16(low)) }
}

/** To the nearest, ties to even. */
export function bf16First(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0
  const { low, part } = bracket(x)
  const up = part > 0.5 || (part === 0.5 && low % 2 === 1)
  return (Object.is(Math.sign(x), -1) || Object.is(x, -0) ? 0x8000 : 0) + low + (up ? 1 : 0)
}

/** Up where the part and a random one make a whole. */
export function bf16Second(x: number, draw: number): number {
  if (Number.isNaN(x)) return 0x7fc0
  const { low, part } = bracket(x)
  return low + (part + Math.floor(draw / 2 ** 16) / 2 ** 16 >= 1 ? 1 : 0)
}

/** The levels between which 8-bit codes choose: 16 steps to a power of two, from 1 on. */
const level = (q: number): number => 2 ** Math.floor(q / 16) * (1 + (q % 16) / 16)

const SIZE = 256

/** An array's codes and scales, `first` for signed codes; draws by index. */
export function int8Of(x: Float32Array, first: boolean, draw: (index: number) => number) {
  const codes = new Uint8Array(x.length)
  const scales = new Float32Array(Math.ceil(x.length / SIZE))
  const top = first ? 127 : 255
  for (let start = 0; start < x.length; start += SIZE) {
    const block = x.subarray(start, start + SIZE)
    const largest = block.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : Number.NaN),
      0,
    )
    const scale = Math.fround(largest < 2 ** -100 ? 0 : largest / (level(top) - 1))
    scales[start / SIZE] = scale
    const inverse = scale > 0 ? Math.fround(1 / scale) : 0
    block.forEach((value, k) => {
      const scaled = Math.fround(Math.abs(value) * inverse)
      const y = Number.isNaN(scaled) ? level(top) : Math.min(level(top), Math.fround(1 + scaled))
      let q = top
      while (level(q) > y) q--
      const part = (y - level(q)) / (level(q + 1) - level(q))
      const random = Math.floor(draw(start + k) / 2 ** 13)
      if (part + random / 2 ** 19 >= 1) q++
      if (!first && value !== 0) q = Math.max(q, 1)
      const negative = value < 0 || Object.is(value, -0)
      codes[start + k] = q + (first && negative && !Number.isNaN(scale) ? 128 : 0)
    })
  }
  return { codes, scales }
}

/** What a code stands for. */
export function int8Value(code: number, scale: number, first: boolean): number {
  const q = first ? code % 128 : code
  return (first && code >= 128 ? -1 : 1) * Math.fround((level(q) - 1) * scale)
}

type Saved = Record<string, number | StateArray>

/** A state array of any format as numbers. */
export function stateValues(saved: Saved, slot: string, first: boolean): FloatArray {
  const array = saved[slot] as StateArray
  if (array instanceof Float32Array || array instanceof Float64Array) return array
  if (array instanceof Uint16Array) return Float64Array.from(array, bf16Value)
  const scales = saved[`${slot}Scales`] as Float32Array
  return Float64Array.from(array, (code, i) => int8Value(code, scales[Math.floor(i / SIZE)], first))
}
