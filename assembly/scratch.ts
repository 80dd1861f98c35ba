// The scratch area of a run, and the gradient that is prepared there.
import { call, GRADIENT, GRADIENT_DECAYED } from './generated/kernels'

export const SLOTS = 8
export const SUMS = 4 // doubles of reduction results per tensor
export const BLOCK: usize = 4096 // elements per reduction block
export const STRETCH: usize = 1024 // elements whose gradient is prepared at a time
export const ACCUMULATORS = 16
export const VECTOR: usize = 16 // bytes

// The working slots, what lies behind the end of a row in each of them, two sets of accumulators, the prepared
// gradient, unpacked state.
export const SCRATCH_KEPT = 64
export const KEPT = 32 // bytes of one slot
export const SCRATCH_SUMS = SCRATCH_KEPT + SLOTS * KEPT
export const SCRATCH_TAIL = SCRATCH_SUMS + SUMS * ACCUMULATORS * 8
const SCRATCH_PREPARED = SCRATCH_TAIL + SUMS * ACCUMULATORS * 8
export const SCRATCH_PACKED = SCRATCH_PREPARED + BLOCK * 8

// Puts the prepared gradient in place of the tensor's.
export function prepare<T>(c: usize, mode: i32, length: usize, scratch: usize): void {
  const prepared = scratch + SCRATCH_PREPARED
  const state = load<u32>(scratch + 8)
  store<u32>(scratch + 8, <u32>prepared)
  call<T>(mode == 1 ? GRADIENT : GRADIENT_DECAYED, scratch, c, 0, 0, wholeVectors(length))
  store<u32>(scratch + 4, <u32>prepared)
  store<u32>(scratch + 8, state)
}

// To whole vectors.
@inline
export function wholeVectors(bytes: usize): usize {
  return (bytes + VECTOR - 1) & ~(VECTOR - 1)
}
