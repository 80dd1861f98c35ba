// Adan; mirrored in assembly/rules/adan.ts.
template <class L>
void adan(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto d = array<L>(a, 3);
  const auto n = array<L>(a, 4);
  const auto previous = array<L>(a, 5);
  const auto beta1 = coefficient<L>(c, 0);
  const auto oneMinusBeta1 = coefficient<L>(c, 1);
  const auto beta2 = coefficient<L>(c, 2);
  const auto oneMinusBeta2 = coefficient<L>(c, 3);
  const auto beta3 = coefficient<L>(c, 4);
  const auto oneMinusBeta3 = coefficient<L>(c, 5);
  const auto differenceWeight = coefficient<L>(c, 6);
  const auto inverseBiasCorrection3 = coefficient<L>(c, 7);
  const auto eps = coefficient<L>(c, 8);
  const auto gradientSize = coefficient<L>(c, 9);
  const auto differenceSize = coefficient<L>(c, 10);
  const auto decayBefore = coefficient<L>(c, 11);
  const auto decayAfter = coefficient<L>(c, 12);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // Δ = g − previous g, 0 at the first step
    const auto difference = mul(differenceWeight, sub(g0, read<L>(previous, i)));
    write(previous, i, g0);
    // m ← β₁·m + (1−β₁)·g
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, g0)), tiny<L>());
    write(m, i, m1);
    // d ← β₂·d + (1−β₂)·Δ
    const auto d0 = flush(difference, tiny<L>());
    const auto d1 = flush(add(mul(beta2, read<L>(d, i)), mul(oneMinusBeta2, d0)), tiny<L>());
    write(d, i, d1);
    // n ← β₃·n + (1−β₃)·(g + β₂·Δ)²
    const auto ahead = flush(add(g0, mul(beta2, d0)), tinySquare<L>());
    const auto n1 = flushPositive(add(mul(beta3, read<L>(n, i)), mul(mul(oneMinusBeta3, ahead), ahead)), tiny<L>());
    write(n, i, n1);
    // p ← ((1 − lr·λ)·p − lr·(m̂ + β₂·d̂) / (√n̂ + ε)), or the proximal (p − …) / (1 + lr·λ)
    const auto denominator = add(sqrt(mul(n1, inverseBiasCorrection3)), eps);
    const auto update = div(add(mul(gradientSize, m1), mul(differenceSize, d1)), denominator);
    write(p, i, mul(decayAfter, sub(mul(decayBefore, read<L>(p, i)), update)));
  }
}
