// The lane vocabulary over 128-bit vectors; T is f32 or f64. Indices count bytes: memory is padded, so a
// partial last vector reads and writes padding. Constants are bit patterns, exact in any compiler.

const PADDING: usize = 32 // elements to which rows of working matrices are padded

@inline
export function array<T>(a: usize, slot: i32): usize {
  return load<u32>(a + (slot << 2))
}

@inline
export function coefficient<T>(c: usize, k: i32): v128 {
  return v128.splat<T>(<T>load<f64>(c + (k << 3)))
}

@inline
export function step<T>(): usize {
  return 16
}

@inline
export function read<T>(p: usize, i: usize): v128 {
  return v128.load(p + i)
}

// In loops over one array alone; nothing can be fetched ahead here.
@inline
export function readAhead<T>(p: usize, i: usize): v128 {
  return v128.load(p + i)
}

@inline
export function write(p: usize, i: usize, x: v128): void {
  v128.store(p + i, x)
}

@inline
export function zero<T>(): v128 {
  return i64x2.splat(0)
}

@inline
export function add<T>(a: v128, b: v128): v128 {
  return v128.add<T>(a, b)
}

@inline
export function sub<T>(a: v128, b: v128): v128 {
  return v128.sub<T>(a, b)
}

@inline
export function mul<T>(a: v128, b: v128): v128 {
  return v128.mul<T>(a, b)
}

@inline
export function div<T>(a: v128, b: v128): v128 {
  return v128.div<T>(a, b)
}

@inline
export function sqrt<T>(a: v128): v128 {
  return v128.sqrt<T>(a)
}

@inline
export function abs<T>(a: v128): v128 {
  return v128.abs<T>(a)
}

@inline
export function neg<T>(a: v128): v128 {
  return v128.neg<T>(a)
}

// a < b ? b : a
@inline
export function max<T>(a: v128, b: v128): v128 {
  return v128.pmax<T>(a, b)
}

// b < a ? b : a
@inline
export function min<T>(a: v128, b: v128): v128 {
  return v128.pmin<T>(a, b)
}

// −1, 0 or 1; +0 for both zeros, NaN for NaN
@inline
export function sign<T>(a: v128): v128 {
  const zero = i64x2.splat(0)
  const positive = v128.and(v128.gt<T>(a, zero), v128.splat<T>(1))
  const negative = v128.and(v128.lt<T>(a, zero), v128.splat<T>(-1))
  return v128.or(v128.or(positive, negative), v128.ne<T>(a, a))
}

// A third of the bits of a, taken as an integer, is near ∛a: see native/lanes/scalar.h.
@inline
export function cubeRootGuess<T>(a: v128): v128 {
  if (sizeof<T>() == 4) {
    const q = i32x4.add(i32x4.shr_u(a, 2), i32x4.shr_u(a, 4))
    const r = i32x4.add(q, i32x4.shr_u(q, 4))
    return i32x4.add(i32x4.add(r, i32x4.shr_u(r, 8)), i32x4.splat(709958130))
  }
  const h = i64x2.shr_u(a, 32)
  const q = i64x2.add(i64x2.shr_u(h, 2), i64x2.shr_u(h, 4))
  const r = i64x2.add(q, i64x2.shr_u(q, 4))
  return i64x2.shl(i64x2.add(i64x2.add(r, i64x2.shr_u(r, 8)), i64x2.splat(715098500)), 32)
}

// |a| < threshold ? 0 : a
@inline
export function flush<T>(a: v128, threshold: v128): v128 {
  return v128.andnot(a, v128.lt<T>(v128.abs<T>(a), threshold))
}

// a < threshold ? 0 : a, for what is never negative: one operation less
@inline
export function flushPositive<T>(a: v128, threshold: v128): v128 {
  return v128.andnot(a, v128.lt<T>(a, threshold))
}

// a < b ? x : y
@inline
export function select<T>(a: v128, b: v128, x: v128, y: v128): v128 {
  return v128.bitselect(x, y, v128.lt<T>(a, b))
}

// 2⁻¹⁰⁰ or 2⁻⁹⁰⁰: below it, products with coefficients would be subnormal.
@inline
export function tiny<T>(): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(0x0d800000) : i64x2.splat(0x07b0000000000000)
}

// 2⁻⁵⁸ or 2⁻⁵⁰⁰: below it, squares would be.
@inline
export function tinySquare<T>(): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(0x22800000) : i64x2.splat(0x20b0000000000000)
}

// 2⁻¹²⁶ or 2⁻⁵⁰⁰: below it, double squares would be, or the value is subnormal itself.
@inline
export function tinyNorm<T>(): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(0x00800000) : i64x2.splat(0x20b0000000000000)
}

@inline
function accumulator<T>(s: usize, k: i32, i: usize): usize {
  return s + (k << 7) + (((i / sizeof<T>()) & 15) << 3)
}

@inline
function lowHalf(x: v128): v128 {
  return f64x2.promote_low_f32x4(x)
}

@inline
function highHalf(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0))
}

@inline
function addTo(s: usize, x: v128): void {
  v128.store(s, f64x2.add(v128.load(s), x))
}

// t ← t + x·y, in double
@inline
function addProduct<T>(t: usize, x: v128, y: v128): void {
  if (sizeof<T>() == 4) {
    addTo(t, f64x2.mul(lowHalf(x), lowHalf(y)))
    addTo(t + 16, f64x2.mul(highHalf(x), highHalf(y)))
  } else {
    addTo(t, f64x2.mul(x, y))
  }
}

// s[k][i mod 16] ← s[k][i mod 16] + x·y, in double
@inline
export function accumulateProduct<T>(s: usize, k: i32, i: usize, x: v128, y: v128): void {
  addProduct<T>(accumulator<T>(s, k, i), flush<T>(x, tinyNorm<T>()), flush<T>(y, tinyNorm<T>()))
}

// s[k][i mod 16] ← s[k][i mod 16] + x², in double
@inline
export function accumulateSquare<T>(s: usize, k: i32, i: usize, x: v128): void {
  accumulateProduct<T>(s, k, i, x, x)
}

// s[k][i mod 16] ← s[k][i mod 16] + g², in double, the gradient as the rules see it: both thresholds in one
@inline
export function accumulateGradient<T>(s: usize, k: i32, i: usize, g: v128): void {
  const g1 = flush<T>(g, sizeof<T>() == 4 ? tiny<T>() : tinyNorm<T>())
  addProduct<T>(accumulator<T>(s, k, i), g1, g1)
}

// s[k][i mod 16] ← s[k][i mod 16] + |x|, in double
@inline
export function accumulateAbs<T>(s: usize, k: i32, i: usize, x: v128): void {
  const t = accumulator<T>(s, k, i)
  const x1 = v128.abs<T>(flush<T>(x, tinyNorm<T>()))
  if (sizeof<T>() == 4) {
    addTo(t, lowHalf(x1))
    addTo(t + 16, highHalf(x1))
  } else {
    addTo(t, x1)
  }
}

@inline
function maxTo(s: usize, x: v128): void {
  v128.store(s, max<f64>(v128.load(s), x))
}

// s[k][i mod 16] ← max(s[k][i mod 16], x)
@inline
export function accumulateMax<T>(s: usize, k: i32, i: usize, x: v128): void {
  const t = accumulator<T>(s, k, i)
  if (sizeof<T>() == 4) {
    maxTo(t, lowHalf(x))
    maxTo(t + 16, highHalf(x))
  } else {
    maxTo(t, x)
  }
}

// t[i] ← t[i] + x², in double: each column's own sum
@inline
export function accumulateColumn<T>(t: usize, i: usize, x: v128): void {
  const x1 = flush<T>(x, tinyNorm<T>())
  addProduct<T>(t + i * (8 / sizeof<T>()), x1, x1)
}

// Doubles, one for each column.
@inline
export function columnSums(a: usize, slot: i32): usize {
  return load<u32>(a + (slot << 2))
}

// The row's own element of an array with one for each row, in every lane.
@inline
export function rowElement<T>(a: usize, slot: i32): v128 {
  return v128.splat<T>(load<T>(array<T>(a, slot)))
}

// The element at an index, in every lane.
@inline
export function broadcast<T>(p: usize, i: usize): v128 {
  return v128.splat<T>(load<T>(p + i))
}

@inline
export function copyElement<T>(to: usize, i: usize, from: usize, k: usize): void {
  store<T>(to + i, load<T>(from + k))
}

// A coefficient that counts.
@inline
export function count(c: usize, k: i32): usize {
  return <usize>load<f64>(c + (k << 3))
}

// From one element to the next, in indices.
@inline
export function unit<T>(): usize {
  return sizeof<T>()
}

// From one row of a padded matrix to the next, in indices.
@inline
export function padded<T>(columns: usize): usize {
  return ((columns + PADDING - 1) & ~(PADDING - 1)) * sizeof<T>()
}
