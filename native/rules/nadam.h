// NAdam; mirrored in assembly/rules/nadam.ts.
template <class L>
void nadam(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto beta1 = coefficient<L>(c, 0);
  const auto oneMinusBeta1 = coefficient<L>(c, 1);
  const auto beta2 = coefficient<L>(c, 2);
  const auto oneMinusBeta2 = coefficient<L>(c, 3);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 4);
  const auto eps = coefficient<L>(c, 5);
  const auto gradientWeight = coefficient<L>(c, 6);
  const auto momentWeight = coefficient<L>(c, 7);
  const auto lr = coefficient<L>(c, 8);
  const auto decay = coefficient<L>(c, 9);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // m ← β₁·m + (1−β₁)·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(m, i, m1);
    // v ← β₂·v + (1−β₂)·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny<L>());
    write(v, i, v1);
    // p ← decay·p − lr·(w₁·g + w₂·m) / (√v̂ + ε)
    const auto denominator = add(sqrt(mul(v1, inverseBiasCorrection2)), eps);
    const auto ahead = add(mul(gradientWeight, g0), mul(momentWeight, m1));
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, div(ahead, denominator))));
  }
}
