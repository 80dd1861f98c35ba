// State in low precision: to float32 and back, a stretch at a time. Slots: float32, packed, scales, random words. Mirrored in native/rules/packing.h.
import { abs, add, array, min, mul, read, step, sub, write } from '../lanes'
import { addBits, andBits, bits, blockScale, codes, counting, floats, halves, inverseScale, keyWord, least, maxBits, minBits, mulBits, orBits, quiet, readCodes, readHalves, readScale, readWords, scaled, shiftLeft, shiftRight, signBit, subBits, word, words, writeCodes, writeHalves, writeScale, writeWords, xorBits } from '../words'

// 32 random bits for each element: a hash of its index, with a multiplier and an offset that are the key.
@inline
export function draw<T>(a: usize, c: usize, first: usize, begin: usize, end: usize): void {
  const draws = words(a, 3)
  const multiplier = keyWord<T>(c, 22)
  const offset = keyWord<T>(c, 23)
  const mixer = word<T>(0x7feb352d)
  for (let i = begin; i < end; i += step<T>()) {
    const h0 = addBits(mulBits(counting<T>(first, i), multiplier), offset)
    const h1 = mulBits(xorBits(h0, shiftRight(h0, 16)), mixer)
    writeWords(draws, i, xorBits(h1, shiftRight(h1, 15)))
  }
}

// bfloat16 is the upper half of a float32.
@inline
export function unpackBf16<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = halves(a, 1)
  for (let i = begin; i < end; i += step<T>()) {
    write(x, i, floats(readHalves<T>(packed, i)))
  }
}

// First moments: to the nearest, ties to even.
@inline
export function packBf16First<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = halves(a, 1)
  const belowHalf = word<T>(0x7fff)
  const one = word<T>(1)
  for (let i = begin; i < end; i += step<T>()) {
    const u = bits(quiet(read<T>(x, i)))
    const odd = andBits(shiftRight(u, 16), one)
    writeHalves(packed, i, addBits(u, addBits(belowHalf, odd)))
  }
}

// Second moments: up with the probability of what is cut off.
@inline
export function packBf16Second<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = halves(a, 1)
  const draws = words(a, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const u = bits(quiet(read<T>(x, i)))
    writeHalves(packed, i, addBits(u, shiftRight(readWords<T>(draws, i), 16)))
  }
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
@inline
export function unpackInt8First<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const scales = array<T>(a, 2)
  const magnitude = word<T>(0x7f)
  const sign = word<T>(0x80000000)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  for (let start = begin; start < end; start += scaled<T>()) {
    const stop = least(start + scaled<T>(), end)
    const scale = readScale<T>(scales, start)
    for (let i = start; i < stop; i += step<T>()) {
      const code = readCodes<T>(packed, i)
      // |x| = (y − 1)·scale
      const y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne))
      const u = bits(mul<T>(sub<T>(y, one), scale))
      write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))))
    }
  }
}

@inline
export function packInt8First<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const scales = array<T>(a, 2)
  const draws = words(a, 3)
  const fraction = word<T>(0x7ffff)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  const most = floats(word<T>(0x43780000)) // 248
  for (let start = begin; start < end; start += scaled<T>()) {
    const stop = least(start + scaled<T>(), end)
    let largest = word<T>(0)
    for (let i = start; i < stop; i += step<T>()) {
      largest = maxBits(largest, bits(abs<T>(read<T>(x, i))))
    }
    const scale = blockScale<T>(largest, 247)
    writeScale(scales, start, scale)
    const inverse = inverseScale<T>(scale)
    const sign = signBit<T>(scale)
    for (let i = start; i < stop; i += step<T>()) {
      const x0 = read<T>(x, i)
      // q: the bits of y, up with the probability of what is cut off
      const y = subBits(bits(min<T>(most, add<T>(mul<T>(abs<T>(x0), inverse), one))), bitsOfOne)
      const q = shiftRight(addBits(y, andBits(readWords<T>(draws, i), fraction)), 19)
      writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)))
    }
  }
}

@inline
export function unpackInt8Second<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const scales = array<T>(a, 2)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  for (let start = begin; start < end; start += scaled<T>()) {
    const stop = least(start + scaled<T>(), end)
    const scale = readScale<T>(scales, start)
    for (let i = start; i < stop; i += step<T>()) {
      // x = (y − 1)·scale
      const y = floats(addBits(shiftLeft(readCodes<T>(packed, i), 19), bitsOfOne))
      write(x, i, mul<T>(sub<T>(y, one), scale))
    }
  }
}

@inline
export function packInt8Second<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const scales = array<T>(a, 2)
  const draws = words(a, 3)
  const smallest = word<T>(1)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  const most = floats(word<T>(0x47780000)) // 63488
  for (let start = begin; start < end; start += scaled<T>()) {
    const stop = least(start + scaled<T>(), end)
    let largest = word<T>(0)
    for (let i = start; i < stop; i += step<T>()) {
      largest = maxBits(largest, bits(read<T>(x, i)))
    }
    const scale = blockScale<T>(largest, 63487)
    writeScale(scales, start, scale)
    const inverse = inverseScale<T>(scale)
    for (let i = start; i < stop; i += step<T>()) {
      const x0 = read<T>(x, i)
      // q: the bits of y, up with the probability of what is cut off; 1 at least, unless x is 0
      const y = subBits(bits(min<T>(most, add<T>(mul<T>(x0, inverse), one))), bitsOfOne)
      const q = shiftRight(addBits(y, shiftRight(readWords<T>(draws, i), 13)), 19)
      writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)))
    }
  }
}
