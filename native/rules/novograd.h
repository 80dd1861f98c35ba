// NovoGrad: momentum over gradients normalized per tensor. Mirrored in assembly/rules/novograd.ts.
template <class L>
void novograd(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto beta1 = coefficient<L>(c, 0);
  const auto inverseDenominator = coefficient<L>(c, 1);
  const auto weightDecay = coefficient<L>(c, 2);
  const auto lr = coefficient<L>(c, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // u = g / (√(ν + ε₀) + ε) + λ·p
    const auto u = add(mul(inverseDenominator, g0), mul(weightDecay, p0));
    // m ← β₁·m + u
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), u), tiny<L>());
    write(m, i, m1);
    // p ← p − lr·m
    write(p, i, sub(p0, mul(lr, m1)));
  }
}
