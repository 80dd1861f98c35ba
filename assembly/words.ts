// The words of packed state over 128-bit vectors of float32: see native/lanes/words.h.

export const SCALED: usize = 256 // elements that share a scale, unpacked at a time

@inline
export function halves(a: usize, slot: i32): usize {
  return load<u32>(a + (slot << 2))
}

@inline
export function codes(a: usize, slot: i32): usize {
  return load<u32>(a + (slot << 2))
}

@inline
export function word<T>(x: u32): v128 {
  return i32x4.splat(<i32>x)
}

@inline
function keyWord<T>(c: usize, k: i32): v128 {
  return i32x4.splat(<i32><u32>load<f64>(c + (k << 3)))
}

@inline
function counting<T>(first: usize, i: usize): v128 {
  return i32x4.add(i32x4.splat(<i32>(first + (i >> 2))), i32x4(0, 1, 2, 3))
}

// Random bits for each element: a hash of its index, with a multiplier and an offset that are the key. Before mixing.
@inline
export function hashes<T>(c: usize, first: usize, i: usize): v128 {
  return addBits(mulBits(counting<T>(first, i), keyWord<T>(c, 22)), keyWord<T>(c, 23))
}

// From the hashes of one vector to those of the next.
@inline
export function hashTurn<T>(c: usize): v128 {
  return mulBits(word<T>(4), keyWord<T>(c, 22))
}

// Mixed: the upper bits are random.
@inline
export function draw<T>(hash: v128): v128 {
  return mulBits(xorBits(hash, shiftRight(hash, 16)), word<T>(0x7feb352d))
}

@inline
export function bits(x: v128): v128 {
  return x
}

@inline
export function floats(u: v128): v128 {
  return u
}

// x, or the positive NaN without payload for any NaN
@inline
export function quiet(x: v128): v128 {
  return v128.bitselect(x, i32x4.splat(0x7fc00000), f32x4.eq(x, x))
}

@inline
export function addBits(a: v128, b: v128): v128 {
  return i32x4.add(a, b)
}

@inline
export function mulBits(a: v128, b: v128): v128 {
  return i32x4.mul(a, b)
}

@inline
export function andBits(a: v128, b: v128): v128 {
  return v128.and(a, b)
}

@inline
export function orBits(a: v128, b: v128): v128 {
  return v128.or(a, b)
}

@inline
export function xorBits(a: v128, b: v128): v128 {
  return v128.xor(a, b)
}

@inline
export function minBits(a: v128, b: v128): v128 {
  return i32x4.min_u(a, b)
}

@inline
export function maxBits(a: v128, b: v128): v128 {
  return i32x4.max_u(a, b)
}

@inline
export function shiftLeft(a: v128, n: i32): v128 {
  return i32x4.shl(a, n)
}

@inline
export function shiftRight(a: v128, n: i32): v128 {
  return i32x4.shr_u(a, n)
}

// 16 bits each, as the upper half of a lane.
@inline
export function readHalves<T>(p: usize, i: usize): v128 {
  return i32x4.shl(v128.load_ext<u16>(p + (i >> 1)), 16)
}

// The upper half of each lane.
@inline
export function writeHalves(p: usize, i: usize, u: v128): void {
  v128.store_lane<u64>(p + (i >> 1), v128.shuffle<i16>(u, u, 1, 3, 5, 7, 1, 3, 5, 7), 0)
}

// A byte each.
@inline
export function readCodes<T>(p: usize, i: usize): v128 {
  const four = i16x8.extend_low_i8x16_u(v128.load_zero<u32>(p + (i >> 2)))
  return i32x4.extend_low_i16x8_u(four)
}

// The lowest byte of each lane.
@inline
export function writeCodes(p: usize, i: usize, u: v128): void {
  const four = v128.shuffle<i8>(u, u, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)
  v128.store_lane<u32>(p + (i >> 2), four, 0)
}

// The scale under which the block's largest magnitude is `most`: 0 for a block of zeros, NaN where one is not finite.
@inline
export function blockScale<T>(magnitudes: v128, most: f32): f32 {
  const a = max<u32>(i32x4.extract_lane(magnitudes, 0), i32x4.extract_lane(magnitudes, 1))
  const b = max<u32>(i32x4.extract_lane(magnitudes, 2), i32x4.extract_lane(magnitudes, 3))
  const largest = max<u32>(a, b)
  if (largest >= 0x7f800000) return reinterpret<f32>(0x7fc00000)
  return largest < 0x0d800000 ? 0 : reinterpret<f32>(largest) / most
}

@inline
export function readScale<T>(scale: usize): v128 {
  return f32x4.splat(load<f32>(scale))
}

@inline
export function writeScale(to: usize, scale: f32): void {
  store<f32>(to, scale)
}

// 2/scale, 0 where there is none.
@inline
export function twiceInverse<T>(at: usize): v128 {
  const scale = load<f32>(at)
  return f32x4.splat(scale > 0 ? 2 * (1 / scale) : 0)
}

// The sign bit, none in a block that is NaN: a NaN's sign differs between machines.
@inline
export function signBit<T>(at: usize): v128 {
  const scale = load<f32>(at)
  return i32x4.splat(scale == scale ? <i32>0x80000000 : 0)
}
