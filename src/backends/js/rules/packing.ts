// State in low precision: to float32 and back, a block of elements that share a scale at a time. Slots: float32, packed, scale. Mirrored in native/rules/packing.h.
import { type Arrays, abs, add, array, type Coefficients, min, mul, read, step, sub, write } from '../lanes'
import {
  addBits,
  andBits,
  bits,
  blockScale,
  codes,
  draw,
  floats,
  halves,
  hashes,
  hashTurn,
  maxBits,
  minBits,
  orBits,
  quiet,
  readCodes,
  readHalves,
  readScale,
  shiftLeft,
  shiftRight,
  signBit,
  twiceInverse,
  word,
  writeCodes,
  writeHalves,
  writeScale,
  xorBits,
} from '../words'

// bfloat16 is the upper half of a float32.
export function unpackBf16(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = halves(a, 1)
  for (let i = begin; i < end; i += step()) {
    write(x, i, floats(readHalves(packed, i)))
  }
}

// First moments: to the nearest, ties to even.
export function packBf16First(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = halves(a, 1)
  const belowHalf = word(0x7fff)
  const one = word(1)
  for (let i = begin; i < end; i += step()) {
    const u = bits(quiet(read(x, i)))
    const odd = andBits(shiftRight(u, 16), one)
    writeHalves(packed, i, addBits(u, addBits(belowHalf, odd)))
  }
}

// Second moments: up with the probability of what is cut off.
export function packBf16Second(a: Arrays, c: Coefficients, first: number, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = halves(a, 1)
  const turn = hashTurn(c)
  let hash = hashes(c, first, begin)
  for (let i = begin; i < end; i += step()) {
    const u = bits(quiet(read(x, i)))
    writeHalves(packed, i, addBits(u, shiftRight(draw(hash), 16)))
    hash = addBits(hash, turn)
  }
}

// The scale under which the largest magnitude of the block is `most`.
export function scaleInt8(a: Arrays, most: number, begin: number, end: number): void {
  const x = array(a, 0)
  let largest = word(0)
  for (let i = begin; i < end; i += step()) {
    largest = maxBits(largest, bits(abs(read(x, i))))
  }
  writeScale(array(a, 2), blockScale(largest, most))
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
export function unpackInt8First(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const magnitude = word(0x7f)
  const sign = word(0x80000000)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  const scale = readScale(array(a, 2))
  for (let i = begin; i < end; i += step()) {
    const code = readCodes(packed, i)
    // |x| = (y − 1)·scale
    const y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne))
    const u = bits(mul(sub(y, one), scale))
    write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))))
  }
}

export function packInt8First(a: Arrays, c: Coefficients, first: number, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const two = floats(word(0x40000000))
  const most = floats(word(0x43f80000)) // 2·248
  const turn = hashTurn(c)
  let hash = hashes(c, first, begin)
  const inverse = twiceInverse(array(a, 2))
  const sign = signBit(array(a, 2))
  for (let i = begin; i < end; i += step()) {
    const x0 = read(x, i)
    // q: the bits of 2·y, up with the probability of what is cut off; the lowest byte of those of 2 is 0
    const y = bits(min(most, add(mul(abs(x0), inverse), two)))
    const q = shiftRight(addBits(y, shiftRight(draw(hash), 13)), 19)
    writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)))
    hash = addBits(hash, turn)
  }
}

export function unpackInt8Second(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  const scale = readScale(array(a, 2))
  for (let i = begin; i < end; i += step()) {
    // x = (y − 1)·scale
    const y = floats(addBits(shiftLeft(readCodes(packed, i), 19), bitsOfOne))
    write(x, i, mul(sub(y, one), scale))
  }
}

export function packInt8Second(a: Arrays, c: Coefficients, first: number, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const smallest = word(0x801)
  const two = floats(word(0x40000000))
  const most = floats(word(0x47f80000)) // 2·63488
  const turn = hashTurn(c)
  let hash = hashes(c, first, begin)
  const inverse = twiceInverse(array(a, 2))
  for (let i = begin; i < end; i += step()) {
    const x0 = read(x, i)
    // q: the bits of 2·y, up with the probability of what is cut off; 1 at least, unless x is 0
    const y = bits(min(most, add(mul(x0, inverse), two)))
    const q = shiftRight(addBits(y, shiftRight(draw(hash), 13)), 19)
    writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)))
    hash = addBits(hash, turn)
  }
}
