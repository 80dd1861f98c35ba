// ADOPT, optionally with Nesterov's look-ahead; mirrored in assembly/rules/adopt.ts.
template <class L, bool nesterov>
void adopt(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto decay = coefficient<L>(c, 0);
  const auto beta1 = coefficient<L>(c, 1);
  const auto oneMinusBeta1 = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto eps = coefficient<L>(c, 5);
  const auto clip = coefficient<L>(c, 6);
  const auto lr = coefficient<L>(c, 7);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    const auto v0 = read<L>(v, i);
    // u = clip(g / max(√v, ε)), of the v before this gradient
    const auto normalized = div(g0, max(sqrt(v0), eps));
    const auto u = max(min(normalized, clip), neg(clip));
    // m ← β₁·m + (1−β₁)·u
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, u)), tiny<L>());
    write(m, i, m1);
    // v ← β₂·v + (1−β₂)·g²
    const auto square = flushPositive(mul(g1, g1), tiny<L>());
    write(v, i, flushPositive(add(mul(beta2, v0), mul(oneMinusBeta2, square)), tiny<L>()));
    auto update = m1;
    if constexpr (nesterov) {
      // β₁·m + (1−β₁)·u once more
      update = add(mul(beta1, m1), mul(oneMinusBeta1, u));
    }
    // p ← (1 − lr·λ)·p − lr·m
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, update)));
  }
}
