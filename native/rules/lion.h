// Lion; mirrored in assembly/rules/lion.ts.
template <class L>
void lion(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto decay = coefficient<L>(c, 0);
  const auto beta1 = coefficient<L>(c, 1);
  const auto oneMinusBeta1 = coefficient<L>(c, 2);
  const auto beta2 = coefficient<L>(c, 3);
  const auto oneMinusBeta2 = coefficient<L>(c, 4);
  const auto lr = coefficient<L>(c, 5);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    const auto m0 = read<L>(m, i);
    // u = sign(β₁·m + (1−β₁)·g)
    const auto u = sign(add(mul(beta1, m0), mul(oneMinusBeta1, g0)));
    // m ← β₂·m + (1−β₂)·g
    write(m, i, flush(add(mul(beta2, m0), mul(oneMinusBeta2, g0)), tiny<L>()));
    // p ← (1 − lr·λ)·p − lr·u
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, u)));
  }
}
