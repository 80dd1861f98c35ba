// RMSprop, optionally centered and with momentum; mirrored in assembly/rules/rmsprop.ts.
template <class L, bool centered, bool momentum>
void rmsprop(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto v = array<L>(a, 2);
  const auto m = array<L>(a, 3);
  const auto b = array<L>(a, centered ? 4 : 3);
  const auto alpha = coefficient<L>(c, 0);
  const auto oneMinusAlpha = coefficient<L>(c, 1);
  const auto epsRoot = coefficient<L>(c, 2);
  const auto eps = coefficient<L>(c, 3);
  const auto mu = coefficient<L>(c, 4);
  const auto bufferRate = coefficient<L>(c, 5);
  const auto lr = coefficient<L>(c, 6);
  const auto decay = coefficient<L>(c, 7);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← α·v + (1−α)·g²
    const auto v1 = flushPositive(add(mul(alpha, read<L>(v, i)), mul(mul(oneMinusAlpha, g1), g1)), tiny<L>());
    write(v, i, v1);
    auto variance = v1;
    if constexpr (centered) {
      // m ← α·m + (1−α)·g
      const auto m1 = flush(add(mul(alpha, read<L>(m, i)), mul(oneMinusAlpha, g0)), tiny<L>());
      write(m, i, m1);
      // variance = max(v − m², 0): rounding may leave it below zero
      const auto m2 = flush(m1, tinySquare<L>());
      variance = max(sub(v1, mul(m2, m2)), zero<L>());
    }
    auto update = div(g0, add(sqrt(add(variance, epsRoot)), eps));
    if constexpr (momentum) {
      // b ← μ·b + r·g / (√(variance + ε₀) + ε)
      update = flush(add(mul(mu, read<L>(b, i)), mul(bufferRate, update)), tiny<L>());
      write(b, i, update);
    }
    // p ← decay·p − lr·b
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, update)));
  }
}
