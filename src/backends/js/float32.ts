// The precision of the float32 copy of the JavaScript tier: every operation is done in double and rounded
// once, which for + − × ÷ √ gives the exactly rounded float32 result (53 ≥ 2·24 + 2).
export const round = Math.fround
export const TINY = 2 ** -100
export const TINY_SQUARE = 2 ** -58
export const TINY_NORM = 2 ** -126

/** What a third of the upper 32 bits lacks to those of the cube root: see native/lanes/thresholds.h. */
export const CUBE_ROOT_BIAS = 709958130
const view = new DataView(new ArrayBuffer(8))
export function upperBits(x: number): number {
  view.setFloat32(0, x)
  return view.getUint32(0)
}
export function fromUpperBits(bits: number): number {
  view.setUint32(0, bits)
  return view.getFloat32(0)
}
