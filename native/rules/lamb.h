// LAMB: the moments and the two norms, then the update with each tensor's trust ratio. Mirrored in assembly/rules/lamb.ts.
template <class L>
void lambMoments(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto beta1 = coefficient<L>(c, 0);
  const auto oneMinusBeta1 = coefficient<L>(c, 1);
  const auto beta2 = coefficient<L>(c, 2);
  const auto oneMinusBeta2 = coefficient<L>(c, 3);
  const auto inverseBiasCorrection1 = coefficient<L>(c, 4);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 5);
  const auto epsRoot = coefficient<L>(c, 6);
  const auto eps = coefficient<L>(c, 7);
  const auto weightDecay = coefficient<L>(c, 8);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // m ← β₁·m + (1−β₁)·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(m, i, m1);
    // v ← β₂·v + (1−β₂)·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g1), g1)), tiny<L>());
    write(v, i, v1);
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const auto denominator = add(sqrt(add(mul(v1, inverseBiasCorrection2), epsRoot)), eps);
    const auto u = add(div(mul(m1, inverseBiasCorrection1), denominator), mul(weightDecay, p0));
    // ‖p‖², ‖u‖²
    accumulateSquare<L>(s, 0, i, p0);
    accumulateSquare<L>(s, 1, i, u);
  }
}

template <class L>
void lambUpdate(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto inverseBiasCorrection1 = coefficient<L>(c, 4);
  const auto inverseBiasCorrection2 = coefficient<L>(c, 5);
  const auto epsRoot = coefficient<L>(c, 6);
  const auto eps = coefficient<L>(c, 7);
  const auto weightDecay = coefficient<L>(c, 8);
  const auto stepSize = coefficient<L>(c, 9);
  const auto decay = coefficient<L>(c, 10);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    // u = m̂ / (√(v̂ + ε₀) + ε) + λ·p
    const auto denominator = add(sqrt(add(mul(read<L>(v, i), inverseBiasCorrection2), epsRoot)), eps);
    const auto u = add(div(mul(read<L>(m, i), inverseBiasCorrection1), denominator), mul(weightDecay, p0));
    // p ← decay·p − lr·(‖p‖/‖u‖)·u
    write(p, i, sub(mul(decay, p0), mul(stepSize, u)));
  }
}
