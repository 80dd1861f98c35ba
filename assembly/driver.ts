// Runs a kernel over tensors: whole vectors, then one that reaches into the padding; in blocks where the
// gradient is prepared or sums are taken. Mirrored in native/driver.h.
import { call, GRADIENT, GRADIENT_DECAYED, reductions } from './generated/kernels'

// A tensor's record: dtype (0: float32, 1: float64), length, then the addresses of its slots.
const RECORD = 40
const SLOTS = 8
const KERNEL_SLOTS: usize = 8 // offset of the slots in a record
const ROW = 24 * 8 // bytes of one row of coefficients
const SUMS = 4 // doubles of reduction results per tensor
const BLOCK = 4096 // elements per reduction block
const ACCUMULATORS = 16
const VECTOR = 16 // bytes

// The scratch area: the working slots, two sets of accumulators, the prepared gradient.
const SCRATCH_SUMS = 64
const SCRATCH_TAIL = SCRATCH_SUMS + SUMS * ACCUMULATORS * 8
const SCRATCH_PREPARED = SCRATCH_TAIL + SUMS * ACCUMULATORS * 8

// Over every tensor whose control row is not −1.
export function run(
  kernel: i32,
  count: i32,
  records: usize,
  control: usize,
  coefficients: usize,
  sums: usize,
  scratch: usize,
): void {
  for (let t = 0; t < count; t++) {
    const row = load<i32>(control)
    const mode = load<i32>(control + 4)
    if (row >= 0) {
      const c = coefficients + row * ROW
      if (load<u32>(records) == 0) drive<f32>(kernel, records, c, mode, sums, scratch)
      else drive<f64>(kernel, records, c, mode, sums, scratch)
    }
    records += RECORD
    control += 8
    sums += SUMS * 8
  }
}

function drive<T>(kernel: i32, record: usize, c: usize, mode: i32, sums: usize, scratch: usize): void {
  const bytes = <usize>load<u32>(record + 4) * sizeof<T>()
  const count = reductions(kernel)
  if (mode == 0 && count == 0) {
    call<T>(kernel, record + KERNEL_SLOTS, c, 0, 0, padded(bytes))
    return
  }
  const s = scratch + SCRATCH_SUMS
  const prepared = scratch + SCRATCH_PREPARED
  for (let start: usize = 0; start < bytes; start += BLOCK * sizeof<T>()) {
    const length = min<usize>(bytes - start, BLOCK * sizeof<T>())
    for (let k = 0; k < SLOTS; k++) {
      store<u32>(scratch + (k << 2), load<u32>(record + KERNEL_SLOTS + (k << 2)) + <u32>start)
    }
    if (mode != 0) {
      const state = load<u32>(scratch + 8)
      store<u32>(scratch + 8, <u32>prepared)
      call<T>(mode == 1 ? GRADIENT : GRADIENT_DECAYED, scratch, c, 0, 0, padded(length))
      store<u32>(scratch + 4, <u32>prepared)
      store<u32>(scratch + 8, state)
    }
    if (count == 0) {
      call<T>(kernel, scratch, c, 0, 0, padded(length))
    } else {
      sumBlock<T>(kernel, count, c, length, s, scratch)
      for (let k = 0; k < count; k++) {
        const sum = sums + (k << 3)
        store<f64>(sum, load<f64>(sum) + fold(s + (k << 7)))
      }
    }
  }
}

@inline
function padded(bytes: usize): usize {
  return (bytes + VECTOR - 1) & ~(VECTOR - 1)
}

// One block with sums. The last, partial vector adds to accumulators of its own, of which only the lanes
// within the tensor count.
function sumBlock<T>(kernel: i32, count: i32, c: usize, bytes: usize, s: usize, scratch: usize): void {
  const tail = scratch + SCRATCH_TAIL
  memory.fill(s, 0, SUMS * ACCUMULATORS * 8)
  const whole = bytes & ~(VECTOR - 1)
  call<T>(kernel, scratch, c, s, 0, whole)
  if (whole == bytes) return
  memory.fill(tail, 0, SUMS * ACCUMULATORS * 8)
  call<T>(kernel, scratch, c, tail, whole, whole + VECTOR)
  for (let i = whole / sizeof<T>(); i < bytes / sizeof<T>(); i++) {
    for (let k = 0; k < count; k++) {
      const at = <usize>((k << 7) + ((<i32>i & (ACCUMULATORS - 1)) << 3))
      store<f64>(s + at, load<f64>(s + at) + load<f64>(tail + at))
    }
  }
}

// Sixteen accumulators to one, in a fixed tree: (0+8, 1+9, …), then halves of that.
function fold(s: usize): f64 {
  for (let half = ACCUMULATORS / 2; half > 0; half >>= 1) {
    for (let i = 0; i < half; i++) {
      store<f64>(s + (i << 3), load<f64>(s + (i << 3)) + load<f64>(s + ((i + half) << 3)))
    }
  }
  return load<f64>(s)
}
