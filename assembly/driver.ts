// Runs a kernel over tensors: whole vectors, then one that reaches into the padding; in blocks where the
// gradient is prepared or sums are taken; row by row, or as a matrix. Mirrored in native/driver.h.
import { call, foldsMaxima, kind, reductions, shapes } from './generated/kernels'
import { drivePacked } from './packed'
import {
  ACCUMULATORS,
  BLOCK,
  KEPT,
  prepare,
  SCRATCH_KEPT,
  SCRATCH_SUMS,
  SCRATCH_TAIL,
  SLOTS,
  STRETCH,
  SUMS,
  VECTOR,
  wholeVectors,
} from './scratch'

// A tensor's record: dtype (0: float32, 1: float64), length, rows, columns, packing of its state arrays (a byte each),
// the index of its first element, then the addresses of its slots.
const RECORD = 56
const KERNEL_SLOTS: usize = 24 // offset of the slots in a record
const ROW = 24 * 8 // bytes of one row of coefficients

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
      if (load<u32>(records) == 0) dispatch<f32>(kernel, records, c, mode, sums, scratch)
      else dispatch<f64>(kernel, records, c, mode, sums, scratch)
    }
    records += RECORD
    control += 8
    sums += SUMS * 8
  }
}

function dispatch<T>(kernel: i32, record: usize, c: usize, mode: i32, sums: usize, scratch: usize): void {
  const how = kind(kernel)
  if (how == 0) drive<T>(kernel, record, c, mode, sums, scratch)
  else if (how == 1) driveRows<T>(kernel, record, c, mode, scratch)
  else call<T>(kernel, record + KERNEL_SLOTS, c, 0, load<u32>(record + 8), load<u32>(record + 12))
}

function drive<T>(kernel: i32, record: usize, c: usize, mode: i32, sums: usize, scratch: usize): void {
  const bytes = <usize>load<u32>(record + 4) * sizeof<T>()
  const count = reductions(kernel)
  const packing = load<u32>(record + 16)
  if (sizeof<T>() == 4 && packing != 0 && count == 0) {
    // Sums are taken of gradients alone.
    const first = load<u32>(record + 20)
    drivePacked(kernel, record + KERNEL_SLOTS, load<u32>(record + 4), packing, first, c, mode, scratch)
    return
  }
  if (mode == 0 && count == 0) {
    call<T>(kernel, record + KERNEL_SLOTS, c, 0, 0, wholeVectors(bytes))
    return
  }
  const s = scratch + SCRATCH_SUMS
  // Without sums: short, so that the memory of the other arrays is fetched meanwhile.
  const stretch = (count == 0 ? STRETCH : BLOCK) * sizeof<T>()
  for (let start: usize = 0; start < bytes; start += stretch) {
    const length = min<usize>(bytes - start, stretch)
    for (let k = 0; k < SLOTS; k++) {
      store<u32>(scratch + (k << 2), load<u32>(record + KERNEL_SLOTS + (k << 2)) + <u32>start)
    }
    if (mode != 0) prepare<T>(c, mode, length, scratch)
    if (count == 0) {
      call<T>(kernel, scratch, c, 0, 0, wholeVectors(length))
    } else {
      sumBlock<T>(kernel, count, c, length, s, scratch)
      for (let k = 0; k < count; k++) {
        const sum = sums + (k << 3)
        store<f64>(sum, load<f64>(sum) + fold(s + (k << 7)))
      }
    }
  }
}

// Where an array's part for one stretch of a row begins, by the array's shape: t(ensor), c(olumns) or r(ows);
// C holds a double for each column. Offsets in bytes of T.
function place<T>(array: usize, shape: i32, element: usize, column: usize, row: usize): usize {
  if (shape == 0x74) return array + element
  if (shape == 0x63) return array + column
  if (shape == 0x43) return array + (column / sizeof<T>()) * 8
  return array + row
}

// Row by row; each row's reductions are joined to what the last working array holds for it.
function driveRows<T>(kernel: i32, record: usize, c: usize, mode: i32, scratch: usize): void {
  const columns = <usize>load<u32>(record + 12)
  const rows: usize = columns == 0 ? 0 : <usize>load<u32>(record + 4) / columns
  const height = <usize>load<u32>(record + 8)
  const width = columns * sizeof<T>()
  const count = reductions(kernel)
  const all = shapes(kernel)
  const s = scratch + SCRATCH_SUMS
  let results = <usize>load<u32>(record + KERNEL_SLOTS + ((SLOTS - 1) << 2))
  for (let row: usize = 0; row < rows; row++) {
    const matrix = (row / height) * width
    for (let start: usize = 0; start < width; start += BLOCK * sizeof<T>()) {
      const length = min<usize>(width - start, BLOCK * sizeof<T>())
      for (let k = 0, rest = all; rest != 0; k++, rest >>= 8) {
        const array = <usize>load<u32>(record + KERNEL_SLOTS + (k << 2))
        const at = place<T>(array, <i32>(rest & 0xff), row * width + start, matrix + start, row * sizeof<T>())
        store<u32>(scratch + (k << 2), <u32>at)
      }
      if (mode != 0) prepare<T>(c, mode, length, scratch)
      rowBlock<T>(kernel, all, count, c, length, s, scratch)
      for (let k = 0; k < count; k++) {
        const at = results + (k << 3)
        store<f64>(at, foldsMaxima(kernel) ? larger(load<f64>(at), foldMax(s + (k << 7))) : load<f64>(at) + fold(s + (k << 7)))
      }
    }
    results += count << 3
  }
}

// A stretch of a row. Its last vector reaches into the next row: what lies there is put back afterwards.
function rowBlock<T>(kernel: i32, all: u64, count: i32, c: usize, bytes: usize, s: usize, scratch: usize): void {
  const whole = bytes & ~(VECTOR - 1)
  if (whole != bytes) exchangeKept<T>(all, whole, VECTOR, scratch, true)
  sumBlock<T>(kernel, count, c, bytes, s, scratch)
  if (whole != bytes) exchangeKept<T>(all, whole, bytes - whole, scratch, false)
}

// Keeps a vector of each array, or puts back what lies `from` bytes into it and behind; doubles for float32's columns.
function exchangeKept<T>(all: u64, whole: usize, from: usize, scratch: usize, keep: bool): void {
  for (let k = 0, rest = all; rest != 0; k++, rest >>= 8) {
    const shape = <i32>(rest & 0xff)
    if (shape != 0x74 && shape != 0x63 && shape != 0x43) continue
    const scale: usize = shape == 0x43 ? 8 / sizeof<T>() : 1
    const at = <usize>load<u32>(scratch + (k << 2)) + whole * scale
    const kept = scratch + SCRATCH_KEPT + <usize>k * KEPT
    if (keep) memory.copy(kept, at, VECTOR * scale)
    else memory.copy(at + from * scale, kept + from * scale, (VECTOR - from) * scale)
  }
}

@inline
function larger(a: f64, b: f64): f64 {
  return a < b ? b : a
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
      const value = load<f64>(tail + at)
      store<f64>(s + at, foldsMaxima(kernel) ? larger(load<f64>(s + at), value) : load<f64>(s + at) + value)
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

// The same tree over maxima.
function foldMax(s: usize): f64 {
  for (let half = ACCUMULATORS / 2; half > 0; half >>= 1) {
    for (let i = 0; i < half; i++) {
      store<f64>(s + (i << 3), larger(load<f64>(s + (i << 3)), load<f64>(s + ((i + half) << 3))))
    }
  }
  return load<f64>(s)
}
