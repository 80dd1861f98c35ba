// Rprop; mirrored in native/rules/rprop.h.
import { add, array, coefficient, flush, flushPositive, max, min, mul, neg, read, select, step, sub, tiny, write, zero } from '../lanes'

@inline
export function rprop<T>(a: usize, c: usize, begin: usize, end: usize): void {
  const p = array<T>(a, 0)
  const g = array<T>(a, 1)
  const b = array<T>(a, 2)
  const s = array<T>(a, 3)
  const first = coefficient<T>(c, 0)
  const etaMinus = coefficient<T>(c, 1)
  const etaPlus = coefficient<T>(c, 2)
  const smallest = coefficient<T>(c, 3)
  const largest = coefficient<T>(c, 4)
  for (let i = begin; i < end; i += step<T>()) {
    const g0 = flush<T>(read<T>(g, i), tiny<T>())
    const before = read<T>(b, i)
    const s0 = add<T>(read<T>(s, i), first)
    // agreement = g·sign(b)
    const agreement = select<T>(before, zero<T>(), neg<T>(g0), select<T>(zero<T>(), before, g0, zero<T>()))
    // s ← η·s within [Γ₋, Γ₊]; η is η₋, 1 or η₊ as the agreement is negative, zero or positive
    const grown = select<T>(zero<T>(), agreement, mul<T>(etaPlus, s0), s0)
    const scaled = select<T>(agreement, zero<T>(), mul<T>(etaMinus, s0), grown)
    const s1 = flushPositive<T>(min<T>(max<T>(scaled, smallest), largest), tiny<T>())
    write(s, i, s1)
    // b ← g, or 0 where the sign has changed
    const g1 = select<T>(agreement, zero<T>(), zero<T>(), g0)
    write(b, i, g1)
    // p ← p − sign(b)·s
    const u = select<T>(g1, zero<T>(), neg<T>(s1), select<T>(zero<T>(), g1, s1, g1))
    write(p, i, sub<T>(read<T>(p, i), u))
  }
}
