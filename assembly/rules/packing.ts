// State in low precision: to float32 and back, a block of elements that share a scale at a time. Slots: float32, packed, scale. Mirrored in native/rules/packing.h.
import { abs, add, array, min, mul, read, step, sub, write } from '../lanes'
import { addBits, andBits, bits, blockScale, codes, draw, floats, halves, hashes, hashTurn, maxBits, minBits, orBits, quiet, readCodes, readHalves, readScale, shiftLeft, shiftRight, signBit, twiceInverse, word, writeCodes, writeHalves, writeScale, xorBits } from '../words'

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
export function packBf16Second<T>(a: usize, c: usize, first: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = halves(a, 1)
  const turn = hashTurn<T>(c)
  let hash = hashes<T>(c, first, begin)
  for (let i = begin; i < end; i += step<T>()) {
    const u = bits(quiet(read<T>(x, i)))
    writeHalves(packed, i, addBits(u, shiftRight(draw<T>(hash), 16)))
    hash = addBits(hash, turn)
  }
}

// The scale under which the largest magnitude of the block is `most`.
@inline
export function scaleInt8<T>(a: usize, most: f32, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  let largest = word<T>(0)
  for (let i = begin; i < end; i += step<T>()) {
    largest = maxBits(largest, bits(abs<T>(read<T>(x, i))))
  }
  writeScale(array<T>(a, 2), blockScale<T>(largest, most))
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
@inline
export function unpackInt8First<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const magnitude = word<T>(0x7f)
  const sign = word<T>(0x80000000)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  const scale = readScale<T>(array<T>(a, 2))
  for (let i = begin; i < end; i += step<T>()) {
    const code = readCodes<T>(packed, i)
    // |x| = (y − 1)·scale
    const y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne))
    const u = bits(mul<T>(sub<T>(y, one), scale))
    write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))))
  }
}

@inline
export function packInt8First<T>(a: usize, c: usize, first: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const two = floats(word<T>(0x40000000))
  const most = floats(word<T>(0x43f80000)) // 2·248
  const turn = hashTurn<T>(c)
  let hash = hashes<T>(c, first, begin)
  const inverse = twiceInverse<T>(array<T>(a, 2))
  const sign = signBit<T>(array<T>(a, 2))
  for (let i = begin; i < end; i += step<T>()) {
    const x0 = read<T>(x, i)
    // q: the bits of 2·y, up with the probability of what is cut off; the lowest byte of those of 2 is 0
    const y = bits(min<T>(most, add<T>(mul<T>(abs<T>(x0), inverse), two)))
    const q = shiftRight(addBits(y, shiftRight(draw<T>(hash), 13)), 19)
    writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)))
    hash = addBits(hash, turn)
  }
}

@inline
export function unpackInt8Second<T>(a: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const bitsOfOne = word<T>(0x3f800000)
  const one = floats(bitsOfOne)
  const scale = readScale<T>(array<T>(a, 2))
  for (let i = begin; i < end; i += step<T>()) {
    // x = (y − 1)·scale
    const y = floats(addBits(shiftLeft(readCodes<T>(packed, i), 19), bitsOfOne))
    write(x, i, mul<T>(sub<T>(y, one), scale))
  }
}

@inline
export function packInt8Second<T>(a: usize, c: usize, first: usize, begin: usize, end: usize): void {
  const x = array<T>(a, 0)
  const packed = codes(a, 1)
  const smallest = word<T>(0x801)
  const two = floats(word<T>(0x40000000))
  const most = floats(word<T>(0x47f80000)) // 2·63488
  const turn = hashTurn<T>(c)
  let hash = hashes<T>(c, first, begin)
  const inverse = twiceInverse<T>(array<T>(a, 2))
  for (let i = begin; i < end; i += step<T>()) {
    const x0 = read<T>(x, i)
    // q: the bits of 2·y, up with the probability of what is cut off; 1 at least, unless x is 0
    const y = bits(min<T>(most, add<T>(mul<T>(x0, inverse), two)))
    const q = shiftRight(addBits(y, shiftRight(draw<T>(hash), 13)), 19)
    writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)))
    hash = addBits(hash, turn)
  }
}
