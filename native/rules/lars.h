// LARS: the two norms, then momentum over gradients rescaled per tensor. Mirrored in assembly/rules/lars.ts.
template <class L>
void larsNorms(Arrays a, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // ‖p‖², ‖g‖²
    accumulateSquare<L>(s, 0, i, read<L>(p, i));
    accumulateGradient<L>(s, 1, i, read<L>(g, i));
  }
}

template <class L, bool nesterov>
void larsUpdate(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto stepSize = coefficient<L>(c, 0);
  const auto momentum = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    // u = lr·ratio·g
    const auto u = mul(stepSize, flush(read<L>(g, i), tiny<L>()));
    // m ← μ·m + u
    const auto m1 = flush(add(mul(momentum, read<L>(m, i)), u), tiny<L>());
    write(m, i, m1);
    if constexpr (nesterov) {
      // p ← p − (u + μ·m)
      write(p, i, sub(p0, add(u, mul(momentum, m1))));
    } else {
      // p ← p − m
      write(p, i, sub(p0, m1));
    }
  }
}
