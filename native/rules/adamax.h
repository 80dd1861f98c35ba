// Adamax; mirrored in assembly/rules/adamax.ts.
template <class L>
void adamax(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto u = array<L>(a, 3);
  const auto beta1 = coefficient<L>(c, 0);
  const auto oneMinusBeta1 = coefficient<L>(c, 1);
  const auto beta2 = coefficient<L>(c, 2);
  const auto eps = coefficient<L>(c, 3);
  const auto stepSize = coefficient<L>(c, 4);
  const auto epsOutside = coefficient<L>(c, 5);
  const auto decay = coefficient<L>(c, 6);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // m ← β₁·m + (1−β₁)·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(m, i, m1);
    // u ← max(β₂·u, |g| + ε)
    const auto u1 = flushPositive(max(mul(beta2, read<L>(u, i)), add(abs(g0), eps)), tiny<L>());
    write(u, i, u1);
    // p ← decay·p − lr·m̂ / (u + ε₀)
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(stepSize, div(m1, add(u1, epsOutside)))));
  }
}
