// Adadelta, optionally divided by the average before; mirrored in assembly/rules/adadelta.ts.
template <class L, bool delayed>
void adadelta(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto v = array<L>(a, 2);
  const auto d = array<L>(a, 3);
  const auto rho = coefficient<L>(c, 0);
  const auto oneMinusRho = coefficient<L>(c, 1);
  const auto eps = coefficient<L>(c, 2);
  const auto lr = coefficient<L>(c, 3);
  const auto decay = coefficient<L>(c, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tinySquare<L>());
    const auto v0 = read<L>(v, i);
    const auto d0 = read<L>(d, i);
    // v ← ρ·v + (1−ρ)·g²
    const auto v1 = flushPositive(add(mul(rho, v0), mul(mul(oneMinusRho, g0), g0)), tiny<L>());
    write(v, i, v1);
    auto second = v1;
    if constexpr (delayed) {
      // Divides by the average before this gradient.
      second = v0;
    }
    // u = g / √(v + ε) · √(d + ε)
    const auto relative = flush(div(g0, sqrt(add(second, eps))), tinySquare<L>());
    const auto u = mul(relative, sqrt(add(d0, eps)));
    // d ← ρ·d + (1−ρ)·u²
    const auto u1 = flush(u, tinySquare<L>());
    const auto d1 = flushPositive(add(mul(rho, d0), mul(mul(oneMinusRho, u1), u1)), tiny<L>());
    write(d, i, d1);
    // p ← decay·p − lr·u
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, u)));
  }
}
