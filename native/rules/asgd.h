// ASGD; mirrored in assembly/rules/asgd.ts.
template <class L>
void asgd(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto ax = array<L>(a, 2);
  const auto decay = coefficient<L>(c, 0);
  const auto eta = coefficient<L>(c, 1);
  const auto mu = coefficient<L>(c, 2);
  const auto one = coefficient<L>(c, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // p ← (1 − λ·η)·p − η·g
    const auto p1 = sub(mul(decay, read<L>(p, i)), mul(eta, g0));
    write(p, i, p1);
    // a ← a + μ·(p − a); a copy of p as long as μ is 1
    const auto a0 = read<L>(ax, i);
    const auto a1 = add(a0, mul(mu, flush(sub(p1, a0), tiny<L>())));
    write(ax, i, flush(select(mu, one, a1, p1), tiny<L>()));
  }
}
