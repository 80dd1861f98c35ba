// The memory limit: AdamW's loads and stores around one addition each. A measuring stick, not an optimizer; mirrored in native/rules/stream.h.
import { add, array, read, step, write } from '../lanes'

@inline
export function stream<T>(a: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const m = array<T>(a, 2)
  const v = array<T>(a, 3)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = read<T>(g, i)
    write(m, i, add<T>(read<T>(m, i), g0))
    write(v, i, add<T>(read<T>(v, i), g0))
    write(p, i, add<T>(read<T>(p, i), g0))
  }
}
