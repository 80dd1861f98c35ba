// Runs a kernel over a tensor whose state is packed: stretch by stretch state becomes float32, is computed on as ever,
// and is packed again. Mirrored in native/packed.h.
import { PACKING, SCALED, STRETCH } from '../../memory'
import type { StateArray } from '../../types'
import type { Arrays, Coefficients } from './lanes'
import * as packing from './rules/packing'

type Move = (a: Arrays, begin: number, end: number) => void

const MOVES: Readonly<Record<number, { readonly unpack: Move; readonly pack: Move }>> = {
  [PACKING.bf16First]: { unpack: packing.unpackBf16, pack: packing.packBf16First },
  [PACKING.bf16Second]: { unpack: packing.unpackBf16, pack: packing.packBf16Second },
  [PACKING.int8First]: { unpack: packing.unpackInt8First, pack: packing.packInt8First },
  [PACKING.int8Second]: { unpack: packing.unpackInt8Second, pack: packing.packInt8Second },
}

const unpacked = [new Float32Array(STRETCH), new Float32Array(STRETCH)]
const draws = new Uint32Array(STRETCH)

/** @param compute The kernel over so many elements of p, g and the state as float32. */
export function drivePacked(
  tensor: { readonly length: number; readonly packing: number },
  slots: readonly StateArray[],
  c: Coefficients,
  compute: (slots: Float32Array[], length: number) => void,
): void {
  const kinds = [tensor.packing & 0xff, tensor.packing >>> 8].filter((kind) => kind !== 0)
  for (let start = 0; start < tensor.length; start += STRETCH) {
    const end = Math.min(start + STRETCH, tensor.length)
    const length = end - start
    const arrays = kinds.map((_, k) => {
      const scales = slots[2 + kinds.length + k]?.subarray(start / SCALED, Math.ceil(end / SCALED))
      return [unpacked[k], slots[2 + k].subarray(start, end), scales, draws] as unknown as Arrays
    })
    kinds.forEach((kind, k) => void MOVES[kind].unpack(arrays[k], 0, length))
    const own = slots.slice(0, 2).map((array) => array.subarray(start, end) as Float32Array)
    compute([...own, ...unpacked], length)
    if (tensor.packing !== PACKING.bf16First) packing.draw(arrays[0], c, start, 0, length)
    kinds.forEach((kind, k) => void MOVES[kind].pack(arrays[k], 0, length))
  }
}
