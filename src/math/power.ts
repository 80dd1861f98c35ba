// Integer powers in multiplications only, so that β^t and γ^t have the same bits in every engine.

/** A power that only gets smaller from here counts as zero: products of subnormal numbers take a hundred times as long. */
const SMALLEST = 2 ** -500

/** base^exponent by repeated squaring; `exponent` is a non-negative integer, and base^0 is 1. */
export function integerPower(base: number, exponent: number): number {
  if (exponent > 0x7fffffff) {
    const root = integerPower(base, Math.floor(exponent / 2))
    return exponent % 2 === 1 ? root * root * base : root * root
  }
  let result = 1
  for (let bit = 31 - Math.clz32(exponent); bit >= 0; bit--) {
    if (Math.abs(result) < SMALLEST) return 0
    result *= result
    if ((exponent >> bit) & 1) result *= base
  }
  return result
}
