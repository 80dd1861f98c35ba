// Reads a saved second moment in any format.
import type { StateArray } from 'cauchy'

const lane = new Float32Array(1)
const laneBits = new Uint32Array(lane.buffer)
const fromBits = (bits: number) => {
  laneBits[0] = bits
  return lane[0]
}

/** The mean of Adam's v. */
export function meanSecondMoment(saved: Readonly<Record<string, number | StateArray>>): number {
  const codes = saved.expAvgSq as StateArray
  const scales = saved.expAvgSqScales as Float32Array | undefined
  const value = (code: number, i: number) => {
    if (codes instanceof Uint16Array) return fromBits(code * 2 ** 16)
    if (scales === undefined) return code
    return (fromBits(0x3f800000 + code * 2 ** 19) - 1) * scales[Math.floor(i / 256)]
  }
  let sum = 0
  for (let i = 0; i < codes.length; i++) sum += value(codes[i], i)
  return sum / codes.length
}
