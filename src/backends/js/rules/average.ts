// Averages of weights: the average moves towards the parameters, which may then follow it; or the two change places. Mirrored in native/rules/average.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  mul,
  read,
  step,
  sub,
  tiny,
  write,
} from '../lanes'

export function average(a: Arrays, c: Coefficients, begin: number, end: number, followed: boolean): void {
  const p = array(a, 0)
  const s = array(a, 2)
  const weight = coefficient(c, 0)
  for (let i = begin; i < end; i += step()) {
    const s0 = read(s, i)
    // s ← s + w·(p − s)
    const s1 = add(s0, mul(weight, flush(sub(read(p, i), s0), tiny())))
    write(s, i, s1)
    if (followed) {
      // p ← s
      write(p, i, s1)
    }
  }
}

export function exchange(a: Arrays, begin: number, end: number): void {
  const p = array(a, 0)
  const s = array(a, 2)
  for (let i = begin; i < end; i += step()) {
    const p0 = read(p, i)
    // p ↔ s
    write(p, i, read(s, i))
    write(s, i, p0)
  }
}
