// Runs a kernel over a tensor whose state is packed: block by block state becomes float32, is computed on as ever,
// and is packed again. Mirrored in native/packed.h.
import { call } from './generated/kernels'
import {
  packBf16First,
  packBf16Second,
  packInt8First,
  packInt8Second,
  scaleInt8,
  unpackBf16,
  unpackInt8First,
  unpackInt8Second,
} from './rules/packing'
import { prepare, SCRATCH_PACKED, wholeVectors } from './scratch'
import { SCALED } from './words'

const MOMENTS = 2

const BF16_FIRST: u32 = 1
const BF16_SECOND: u32 = 2
const INT8_FIRST: u32 = 3
const INT8_SECOND: u32 = 4

// Its part of the scratch area: the slots for each state array's packing, the arrays unpacked.
const ARRAYS: usize = 16
const UNPACKED = MOMENTS * ARRAYS

function unpack(packing: u32, a: usize, end: usize): void {
  if (packing == INT8_FIRST) unpackInt8First<f32>(a, 0, end)
  else if (packing == INT8_SECOND) unpackInt8Second<f32>(a, 0, end)
  else unpackBf16<f32>(a, 0, end)
}

function scale(packing: u32, a: usize, end: usize): void {
  if (packing >= INT8_FIRST) scaleInt8<f32>(a, packing == INT8_FIRST ? 247 : 63487, 0, end)
}

function pack(packing: u32, a: usize, c: usize, first: usize, end: usize): void {
  if (packing == INT8_FIRST) packInt8First<f32>(a, c, first, 0, end)
  else if (packing == INT8_SECOND) packInt8Second<f32>(a, c, first, 0, end)
  else if (packing == BF16_SECOND) packBf16Second<f32>(a, c, first, 0, end)
  else packBf16First<f32>(a, 0, end)
}

// Element `first` of a packed array: 16 bits, or bytes.
function packedAt(array: usize, packing: u32, first: usize): usize {
  return array + (packing < INT8_FIRST ? first << 1 : first)
}

// `slots` are the record's; `first` is the index of its first element in the whole tensor.
export function drivePacked(
  kernel: i32,
  slots: usize,
  elements: usize,
  packing: u32,
  first: usize,
  c: usize,
  mode: i32,
  scratch: usize,
): void {
  const area = scratch + SCRATCH_PACKED
  const count = packing >> 8 == 0 ? 1 : 2
  for (let start: usize = 0; start < elements; start += SCALED) {
    const bytes = min<usize>(elements - start, SCALED) << 2
    const end = wholeVectors(bytes)
    store<u32>(scratch, load<u32>(slots) + <u32>(start << 2))
    store<u32>(scratch + 4, load<u32>(slots + 4) + <u32>(start << 2))
    for (let k = 0; k < count; k++) {
      const a = area + k * ARRAYS
      const own = packing >> (8 * k) & 0xff
      const unpacked = area + UNPACKED + k * (SCALED << 2)
      const slot = slots + ((2 + k) << 2)
      store<u32>(scratch + ((2 + k) << 2), <u32>unpacked)
      store<u32>(a, <u32>unpacked)
      store<u32>(a + 4, <u32>packedAt(load<u32>(slot), own, start))
      if (own >= INT8_FIRST) store<u32>(a + 8, load<u32>(slot + (count << 2)) + <u32>((start / SCALED) << 2))
      unpack(own, a, end)
    }
    if (mode != 0) prepare<f32>(c, mode, bytes, scratch)
    call<f32>(kernel, scratch, c, 0, 0, end)
    for (let k = 0; k < count; k++) {
      // What lies behind the end was computed on as well: packed arrays hold zeros there.
      memory.fill(area + UNPACKED + k * (SCALED << 2) + bytes, 0, end - bytes)
      scale(packing >> (8 * k) & 0xff, area + k * ARRAYS, end)
      pack(packing >> (8 * k) & 0xff, area + k * ARRAYS, c, first + start, end)
    }
  }
}
