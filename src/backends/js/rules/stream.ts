// The memory limit: AdamW's loads and stores around one addition each. A measuring stick, not an optimizer; mirrored in native/rules/stream.h.
import { type Arrays, add, array, read, step, write } from '../lanes'

export function stream(a: Arrays, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const m = array(a, 2)
  const v = array(a, 3)
  for (let i = begin; i < end; i += step()) {
    const g0 = read(g, i)
    write(m, i, add(read(m, i), g0))
    write(v, i, add(read(v, i), g0))
    write(p, i, add(read(p, i), g0))
  }
}
