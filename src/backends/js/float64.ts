// The precision of the float64 copy of the JavaScript tier.
export const round = (x: number): number => x
export const TINY = 2 ** -900
export const TINY_SQUARE = 2 ** -500
export const TINY_NORM = 2 ** -500

/** What a third of the upper 32 bits lacks to those of the cube root: see native/lanes/thresholds.h. */
export const CUBE_ROOT_BIAS = 715098500
const view = new DataView(new ArrayBuffer(8))
export function upperBits(x: number): number {
  view.setFloat64(0, x)
  return view.getUint32(0)
}
export function fromUpperBits(bits: number): number {
  view.setUint32(0, bits)
  view.setUint32(4, 0)
  return view.getFloat64(0)
}
