// Prodigy: the moments and the two sums behind the distance estimate, then the update. Mirrored in assembly/rules/prodigy.ts.
template <class L>
void prodigyMoments(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto w = array<L>(a, 4);
  const auto start = array<L>(a, 5);
  const auto d = coefficient<L>(c, 0);
  const auto beta1 = coefficient<L>(c, 1);
  const auto oneMinusBeta1 = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto beta3 = coefficient<L>(c, 5);
  const auto weight = coefficient<L>(c, 6);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    const auto scaled = mul(d, g0);
    const auto g1 = flush(scaled, tiny<L>());
    const auto g2 = flush(scaled, tinySquare<L>());
    // m ← β₁·m + (1−β₁)·d·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g1)), tiny<L>());
    write(m, i, m1);
    // v ← β₂·v + (1−β₂)·(d·g)²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(v, i)), mul(mul(oneMinusBeta2, g2), g2)), tiny<L>());
    write(v, i, v1);
    // s ← β₃·s + w·g
    const auto w1 = flush(add(mul(beta3, read<L>(w, i)), mul(weight, g0)), tiny<L>());
    write(w, i, w1);
    // ⟨g, p₀ − p⟩, ‖s‖₁
    accumulateProduct<L>(s, 0, i, g0, sub(read<L>(start, i), read<L>(p, i)));
    accumulateAbs<L>(s, 1, i, w1);
  }
}

template <class L>
void prodigyUpdate(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto decay = coefficient<L>(c, 0);
  const auto eps = coefficient<L>(c, 1);
  const auto stepSize = coefficient<L>(c, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    // p ← (1 − λ·η̂)·p − η̂·m / (√v + d·ε)
    const auto u = div(read<L>(m, i), add(sqrt(read<L>(v, i)), eps));
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(stepSize, u)));
  }
}
