// Adagrad; mirrored in assembly/rules/adagrad.ts.
template <class L>
void adagrad(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto v = array<L>(a, 2);
  const auto lr = coefficient<L>(c, 0);
  const auto epsRoot = coefficient<L>(c, 1);
  const auto eps = coefficient<L>(c, 2);
  const auto decay = coefficient<L>(c, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← v + g²
    const auto v1 = add(read<L>(v, i), mul(g1, g1));
    write(v, i, v1);
    // p ← decay·p − lr·g / (√(v + ε₀) + ε)
    const auto denominator = add(sqrt(add(v1, epsRoot)), eps);
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, div(g0, denominator))));
  }
}
