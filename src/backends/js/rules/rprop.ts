// Rprop; mirrored in native/rules/rprop.h.
import {
  type Arrays,
  add,
  array,
  type Coefficients,
  coefficient,
  flush,
  flushPositive,
  max,
  min,
  mul,
  neg,
  read,
  select,
  step,
  sub,
  tiny,
  write,
  zero,
} from '../lanes'

export function rprop(a: Arrays, c: Coefficients, begin: number, end: number): void {
  const p = array(a, 0)
  const g = array(a, 1)
  const b = array(a, 2)
  const s = array(a, 3)
  const first = coefficient(c, 0)
  const etaMinus = coefficient(c, 1)
  const etaPlus = coefficient(c, 2)
  const smallest = coefficient(c, 3)
  const largest = coefficient(c, 4)
  for (let i = begin; i < end; i += step()) {
    const g0 = flush(read(g, i), tiny())
    const before = read(b, i)
    const s0 = add(read(s, i), first)
    // agreement = g·sign(b)
    const agreement = select(before, zero(), neg(g0), select(zero(), before, g0, zero()))
    // s ← η·s within [Γ₋, Γ₊]; η is η₋, 1 or η₊ as the agreement is negative, zero or positive
    const grown = select(zero(), agreement, mul(etaPlus, s0), s0)
    const scaled = select(agreement, zero(), mul(etaMinus, s0), grown)
    const s1 = flushPositive(min(max(scaled, smallest), largest), tiny())
    write(s, i, s1)
    // b ← g, or 0 where the sign has changed
    const g1 = select(agreement, zero(), zero(), g0)
    write(b, i, g1)
    // p ← p − sign(b)·s
    const u = select(g1, zero(), neg(s1), select(zero(), g1, s1, g1))
    write(p, i, sub(read(p, i), u))
  }
}
