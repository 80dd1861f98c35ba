// Gradient descent, plain and with momentum; mirrored in assembly/rules/sgd.ts.
template <class L>
void sgd(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto lr = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // p ← p − lr·g
    write(p, i, sub(read<L>(p, i), mul(lr, g0)));
  }
}

template <class L, bool nesterov>
void sgdMomentum(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto lr = coefficient<L>(c, 0);
  const auto momentum = coefficient<L>(c, 1);
  const auto oneMinusDampening = coefficient<L>(c, 2);
  const auto gradientWeight = coefficient<L>(c, 3);
  const auto decay = coefficient<L>(c, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = mul(decay, read<L>(p, i));
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // m ← μ·m + (1−τ)·g
    const auto m1 = flush(add(mul(momentum, read<L>(m, i)), mul(oneMinusDampening, g0)), tiny<L>());
    write(m, i, m1);
    if constexpr (nesterov) {
      // p ← p − lr·(w·g + μ·m)
      write(p, i, sub(p0, mul(lr, add(mul(gradientWeight, g0), mul(momentum, m1)))));
    } else {
      // p ← p − lr·m
      write(p, i, sub(p0, mul(lr, m1)));
    }
  }
}
