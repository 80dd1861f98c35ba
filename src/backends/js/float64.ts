// The precision of the float64 copy of the JavaScript tier.
export const round = (x: number): number => x
export const TINY = 2 ** -900
export const TINY_SQUARE = 2 ** -500
export const TINY_NORM = 2 ** -500
