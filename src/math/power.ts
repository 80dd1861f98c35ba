// Integer powers in multiplications only, so that β^t and γ^t have the same bits in every engine.

/** base^exponent by repeated squaring; `exponent` is a non-negative integer, and base^0 is 1. */
export function integerPower(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}
