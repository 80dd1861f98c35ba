// AdEMAMix; mirrored in assembly/rules/ademamix.ts.
template <class L>
void ademamix(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto fast = array<L>(a, 2);
  const auto slow = array<L>(a, 3);
  const auto v = array<L>(a, 4);
  const auto decay = coefficient<L>(c, 0);
  const auto beta1 = coefficient<L>(c, 1);
  const auto oneMinusBeta1 = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto beta3 = coefficient<L>(c, 5);
  const auto oneMinusBeta3 = coefficient<L>(c, 6);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 7);
  const auto epsRoot = coefficient<L>(c, 8);
  const auto eps = coefficient<L>(c, 9);
  const auto fastSize = coefficient<L>(c, 10);
  const auto slowSize = coefficient<L>(c, 11);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // m ← β₁·m + (1−β₁)·g
    const auto fast1 = flush(add(mul(beta1, read<L>(fast, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(fast, i, fast1);
    // s ← β₃·s + (1−β₃)·g
    const auto slow1 = flush(add(mul(beta3, read<L>(slow, i)), mul(oneMinusBeta3, g0)), tiny<L>());
    write(slow, i, slow1);
    // v ← β₂·v + (1−β₂)·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny<L>());
    write(v, i, v1);
    // p ← (1 − lr·λ)·p − lr·(m̂ + α·s) / (√(v̂ + ε₀) + ε)
    const auto denominator = add(sqrt(add(mul(v1, inverseBiasCorrection2), epsRoot)), eps);
    const auto update = div(add(mul(fastSize, fast1), mul(slowSize, slow1)), denominator);
    write(p, i, sub(mul(decay, read<L>(p, i)), update));
  }
}
