// The words of packed state on one float32 lane: what every operation means, bit for bit. Bits are integers in [0, 2³²).
import type { Arrays, Coefficients } from './lanes'

const lane = new Float32Array(1)
const laneBits = new Uint32Array(lane.buffer)
const QUIET_NAN = 0x7fc00000

export const halves = (a: Arrays, slot: number): Uint16Array => a[slot] as unknown as Uint16Array
export const codes = (a: Arrays, slot: number): Uint8Array => a[slot] as unknown as Uint8Array

export const word = (x: number): number => x
/** A coefficient that is a word. */
const keyWord = (c: Coefficients, k: number): number => c[k]
/** The index of element first + i, modulo 2³². */
const counting = (first: number, i: number): number => (first + i) >>> 0

/** The bits of x; of any NaN the positive one without payload. */
export function bits(x: number): number {
  if (Number.isNaN(x)) return QUIET_NAN
  lane[0] = x
  return laneBits[0]
}
export function floats(u: number): number {
  laneBits[0] = u
  return lane[0]
}
/** x, or the positive NaN without payload for any NaN: here `bits` does that. */
export const quiet = (x: number): number => x

export const addBits = (a: number, b: number): number => (a + b) >>> 0
export const mulBits = (a: number, b: number): number => Math.imul(a, b) >>> 0
export const andBits = (a: number, b: number): number => (a & b) >>> 0
export const orBits = (a: number, b: number): number => (a | b) >>> 0
export const xorBits = (a: number, b: number): number => (a ^ b) >>> 0
export const minBits = (a: number, b: number): number => Math.min(a, b)
export const maxBits = (a: number, b: number): number => Math.max(a, b)
export const shiftLeft = (a: number, n: number): number => (a << n) >>> 0
export const shiftRight = (a: number, n: number): number => a >>> n

/** Random bits: a hash of the element's index, with a multiplier and an offset that are the key. Before mixing. */
export const hashes = (c: Coefficients, first: number, i: number): number =>
  addBits(mulBits(counting(first, i), keyWord(c, 22)), keyWord(c, 23))
/** From the hash of one element to that of the next. */
export const hashTurn = (c: Coefficients): number => keyWord(c, 22)
/** Mixed: the upper bits are random. */
export const draw = (hash: number): number => mulBits(xorBits(hash, shiftRight(hash, 16)), 0x7feb352d)

/** 16 bits, as the upper half of a word. */
export const readHalves = (p: Uint16Array, i: number): number => (p[i] << 16) >>> 0
/** The upper half of a word. */
export function writeHalves(p: Uint16Array, i: number, u: number): void {
  p[i] = u >>> 16
}
export const readCodes = (p: Uint8Array, i: number): number => p[i]
export function writeCodes(p: Uint8Array, i: number, u: number): void {
  p[i] = u
}

/** The scale under which the block's largest magnitude is `most`: 0 for a block of zeros, NaN where one is not finite. */
export function blockScale(largest: number, most: number): number {
  if (largest >= 0x7f800000) return Number.NaN
  return largest < 0x0d800000 ? 0 : Math.fround(floats(largest) / most)
}
export const readScale = (at: ArrayLike<number>): number => at[0]
export function writeScale(at: { [i: number]: number }, scale: number): void {
  at[0] = scale
}
/** 2/scale, 0 where there is none. */
export function twiceInverse(at: ArrayLike<number>): number {
  const scale = readScale(at)
  return scale > 0 ? 2 * Math.fround(1 / scale) : 0
}
/** The sign bit, none in a block that is NaN: a NaN's sign differs between machines. */
export const signBit = (at: ArrayLike<number>): number => (Number.isNaN(readScale(at)) ? 0 : 0x80000000)
