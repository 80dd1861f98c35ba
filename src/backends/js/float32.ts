// The precision of the float32 copy of the JavaScript tier: every operation is done in double and rounded
// once, which for + − × ÷ √ gives the exactly rounded float32 result (53 ≥ 2·24 + 2).
export const round = Math.fround
export const TINY = 2 ** -100
export const TINY_SQUARE = 2 ** -58
export const TINY_NORM = 2 ** -126
