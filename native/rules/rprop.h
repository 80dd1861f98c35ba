// Rprop; mirrored in assembly/rules/rprop.ts.
template <class L>
void rprop(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto b = array<L>(a, 2);
  const auto s = array<L>(a, 3);
  const auto first = coefficient<L>(c, 0);
  const auto etaMinus = coefficient<L>(c, 1);
  const auto etaPlus = coefficient<L>(c, 2);
  const auto smallest = coefficient<L>(c, 3);
  const auto largest = coefficient<L>(c, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    const auto before = read<L>(b, i);
    const auto s0 = add(read<L>(s, i), first);
    // agreement = g·sign(b)
    const auto agreement = select(before, zero<L>(), neg(g0), select(zero<L>(), before, g0, zero<L>()));
    // s ← η·s within [Γ₋, Γ₊]; η is η₋, 1 or η₊ as the agreement is negative, zero or positive
    const auto grown = select(zero<L>(), agreement, mul(etaPlus, s0), s0);
    const auto scaled = select(agreement, zero<L>(), mul(etaMinus, s0), grown);
    const auto s1 = flushPositive(min(max(scaled, smallest), largest), tiny<L>());
    write(s, i, s1);
    // b ← g, or 0 where the sign has changed
    const auto g1 = select(agreement, zero<L>(), zero<L>(), g0);
    write(b, i, g1);
    // p ← p − sign(b)·s
    const auto u = select(g1, zero<L>(), neg(s1), select(zero<L>(), g1, s1, g1));
    write(p, i, sub(read<L>(p, i), u));
  }
}
