// AdaBelief, optionally with Nesterov's look-ahead; mirrored in assembly/rules/adabelief.ts.
template <class L, bool nesterov>
void adabelief(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto decay = coefficient<L>(c, 0);
  const auto beta1 = coefficient<L>(c, 1);
  const auto oneMinusBeta1 = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 5);
  const auto epsRoot = coefficient<L>(c, 6);
  const auto eps = coefficient<L>(c, 7);
  const auto averageSize = coefficient<L>(c, 8);
  const auto gradientSize = coefficient<L>(c, 9);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // m ← β₁·m + (1−β₁)·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(m, i, m1);
    // v ← β₂·v + (1−β₂)·(g − m)² + ε₀
    const auto surprise = flush(sub(g0, m1), tinySquare<L>());
    const auto v0 = add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, surprise), surprise));
    const auto v1 = flushPositive(add(v0, epsRoot), tiny<L>());
    write(v, i, v1);
    // p ← (1 − lr·λ)·p − lr·m̂ / (√v̂ + ε)
    const auto denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps);
    auto average = mul(averageSize, m1);
    if constexpr (nesterov) {
      // lr·m̂ = lr·β₁·m/(1−β₁ᵗ⁺¹) + lr·(1−β₁)·g/(1−β₁ᵗ)
      average = add(average, mul(gradientSize, g0));
    }
    write(p, i, sub(mul(decay, read<L>(p, i)), div(average, denominator)));
  }
}
