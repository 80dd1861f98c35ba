// Integer powers in multiplications only, so that β^t and γ^t have the same bits in every engine.

/** base^exponent by repeated squaring; `exponent` is a non-negative integer, and base^0 is 1. */
export function integerPower(base: number, exponent: number): number {
  let result = 1
  let square = base
  let rest = exponent
  for (; rest > 0x7fffffff; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  // The same in operations on small integers, which take a third of the time: every step needs powers.
  for (let bits = rest | 0; bits > 0; bits >>= 1) {
    if (bits & 1) result *= square
    square *= square
  }
  return result
}
