// State in low precision: to float32 and back, a stretch at a time. Slots: float32, packed, scales, random words. Mirrored in native/rules/packing.h.
import { type Arrays, abs, add, array, type Coefficients, min, mul, read, step, sub, write } from '../lanes'
import {
  addBits,
  andBits,
  bits,
  blockScale,
  codes,
  counting,
  floats,
  halves,
  inverseScale,
  keyWord,
  least,
  maxBits,
  minBits,
  mulBits,
  orBits,
  quiet,
  readCodes,
  readHalves,
  readScale,
  readWords,
  scaled,
  shiftLeft,
  shiftRight,
  signBit,
  subBits,
  word,
  words,
  writeCodes,
  writeHalves,
  writeScale,
  writeWords,
  xorBits,
} from '../words'

// 32 random bits for each element: a hash of its index, with a multiplier and an offset that are the key.
export function draw(a: Arrays, c: Coefficients, first: number, begin: number, end: number): void {
  const draws = words(a, 3)
  const multiplier = keyWord(c, 22)
  const offset = keyWord(c, 23)
  const mixer = word(0x7feb352d)
  for (let i = begin; i < end; i += step()) {
    const h0 = addBits(mulBits(counting(first, i), multiplier), offset)
    const h1 = mulBits(xorBits(h0, shiftRight(h0, 16)), mixer)
    writeWords(draws, i, xorBits(h1, shiftRight(h1, 15)))
  }
}

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
export function packBf16Second(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = halves(a, 1)
  const draws = words(a, 3)
  for (let i = begin; i < end; i += step()) {
    const u = bits(quiet(read(x, i)))
    writeHalves(packed, i, addBits(u, shiftRight(readWords(draws, i), 16)))
  }
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
export function unpackInt8First(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const scales = array(a, 2)
  const magnitude = word(0x7f)
  const sign = word(0x80000000)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  for (let start = begin; start < end; start += scaled()) {
    const stop = least(start + scaled(), end)
    const scale = readScale(scales, start)
    for (let i = start; i < stop; i += step()) {
      const code = readCodes(packed, i)
      // |x| = (y − 1)·scale
      const y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne))
      const u = bits(mul(sub(y, one), scale))
      write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))))
    }
  }
}

export function packInt8First(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const scales = array(a, 2)
  const draws = words(a, 3)
  const fraction = word(0x7ffff)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  const most = floats(word(0x43780000)) // 248
  for (let start = begin; start < end; start += scaled()) {
    const stop = least(start + scaled(), end)
    let largest = word(0)
    for (let i = start; i < stop; i += step()) {
      largest = maxBits(largest, bits(abs(read(x, i))))
    }
    const scale = blockScale(largest, 247)
    writeScale(scales, start, scale)
    const inverse = inverseScale(scale)
    const sign = signBit(scale)
    for (let i = start; i < stop; i += step()) {
      const x0 = read(x, i)
      // q: the bits of y, up with the probability of what is cut off
      const y = subBits(bits(min(most, add(mul(abs(x0), inverse), one))), bitsOfOne)
      const q = shiftRight(addBits(y, andBits(readWords(draws, i), fraction)), 19)
      writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)))
    }
  }
}

export function unpackInt8Second(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const scales = array(a, 2)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  for (let start = begin; start < end; start += scaled()) {
    const stop = least(start + scaled(), end)
    const scale = readScale(scales, start)
    for (let i = start; i < stop; i += step()) {
      // x = (y − 1)·scale
      const y = floats(addBits(shiftLeft(readCodes(packed, i), 19), bitsOfOne))
      write(x, i, mul(sub(y, one), scale))
    }
  }
}

export function packInt8Second(a: Arrays, begin: number, end: number): void {
  const x = array(a, 0)
  const packed = codes(a, 1)
  const scales = array(a, 2)
  const draws = words(a, 3)
  const smallest = word(1)
  const bitsOfOne = word(0x3f800000)
  const one = floats(bitsOfOne)
  const most = floats(word(0x47780000)) // 63488
  for (let start = begin; start < end; start += scaled()) {
    const stop = least(start + scaled(), end)
    let largest = word(0)
    for (let i = start; i < stop; i += step()) {
      largest = maxBits(largest, bits(read(x, i)))
    }
    const scale = blockScale(largest, 63487)
    writeScale(scales, start, scale)
    const inverse = inverseScale(scale)
    for (let i = start; i < stop; i += step()) {
      const x0 = read(x, i)
      // q: the bits of y, up with the probability of what is cut off; 1 at least, unless x is 0
      const y = subBits(bits(min(most, add(mul(x0, inverse), one))), bitsOfOne)
      const q = shiftRight(addBits(y, shiftRight(readWords(draws, i), 13)), 19)
      writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)))
    }
  }
}
