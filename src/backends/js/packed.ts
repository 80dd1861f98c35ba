// Runs a kernel over a tensor whose state is packed: block by block state becomes float32, is computed on as ever,
// and is packed again. Mirrored in native/packed.h.
import { PACKING, SCALED } from '../../memory'
import type { StateArray } from '../../types'
import type { Arrays, Coefficients } from './lanes'
import * as packing from './rules/packing'

interface Moves {
  readonly unpack: (a: Arrays, begin: number, end: number) => void
  readonly pack: (a: Arrays, c: Coefficients, first: number, begin: number, end: number) => void
}

const MOVES: Readonly<Record<number, Moves>> = {
  [PACKING.bf16First]: {
    unpack: packing.unpackBf16,
    pack: (a, _c, _first, begin, end) => packing.packBf16First(a, begin, end),
  },
  [PACKING.bf16Second]: { unpack: packing.unpackBf16, pack: packing.packBf16Second },
  [PACKING.int8First]: {
    unpack: packing.unpackInt8First,
    pack(a, c, first, begin, end) {
      packing.scaleInt8(a, 247, begin, end)
      packing.packInt8First(a, c, first, begin, end)
    },
  },
  [PACKING.int8Second]: {
    unpack: packing.unpackInt8Second,
    pack(a, c, first, begin, end) {
      packing.scaleInt8(a, 63487, begin, end)
      packing.packInt8Second(a, c, first, begin, end)
    },
  },
}

const unpacked = [new Float32Array(SCALED), new Float32Array(SCALED)]

/** @param compute The kernel over so many elements of p, g and the state as float32. */
export function drivePacked(
  tensor: { readonly length: number; readonly packing: number },
  slots: readonly StateArray[],
  c: Coefficients,
  compute: (slots: Float32Array[], length: number) => void,
): void {
  const kinds = [tensor.packing & 0xff, tensor.packing >>> 8].filter((kind) => kind !== 0)
  for (let start = 0; start < tensor.length; start += SCALED) {
    const end = Math.min(start + SCALED, tensor.length)
    const length = end - start
    const arrays = kinds.map((_, k) => {
      const scales = slots[2 + kinds.length + k]?.subarray(start / SCALED)
      return [unpacked[k], slots[2 + k].subarray(start, end), scales] as unknown as Arrays
    })
    kinds.forEach((kind, k) => void MOVES[kind].unpack(arrays[k], 0, length))
    const own = slots.slice(0, 2).map((array) => array.subarray(start, end) as Float32Array)
    compute([...own, ...unpacked], length)
    kinds.forEach((kind, k) => void MOVES[kind].pack(arrays[k], c, start, 0, length))
  }
}
