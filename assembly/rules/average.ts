// Averages of weights: the average moves towards the parameters, which may then follow it; or the two change places. Mirrored in native/rules/average.h.
import { add, array, coefficient, flush, mul, read, step, sub, tiny, write } from '../lanes'

@inline
export function average<T>(a: usize, c: usize, begin: usize, end: usize, followed: bool): void {
  const p = array<T>(a, 0)
  const s = array<T>(a, 2)
  const weight = coefficient<T>(c, 0)
  for (let i = begin; i < end; i += step<T>()) {
    const s0 = read<T>(s, i)
    // s ← s + w·(p − s)
    const s1 = add<T>(s0, mul<T>(weight, flush<T>(sub<T>(read<T>(p, i), s0), tiny<T>())))
    write(s, i, s1)
    if (followed) {
      // p ← s
      write(p, i, s1)
    }
  }
}

@inline
export function exchange<T>(a: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const s = array<T>(a, 2)
  for (let i = begin; i < end; i += step<T>()) {
    const p0 = read<T>(p, i)
    // p ↔ s
    write(p, i, read<T>(s, i))
    write(s, i, p0)
  }
}
