// Descent along the gradient's signs, plain and with momentum; mirrored in assembly/rules/signsgd.ts.
template <class L>
void signsgd(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto decay = coefficient<L>(c, 0);
  const auto lr = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // p ← (1 − lr·λ)·p − lr·sign(g)
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, sign(g0))));
  }
}

template <class L>
void signum(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto decay = coefficient<L>(c, 0);
  const auto lr = coefficient<L>(c, 1);
  const auto momentum = coefficient<L>(c, 2);
  const auto oneMinusMomentum = coefficient<L>(c, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = flush(read<L>(g, i), tiny<L>());
    // m ← μ·m + (1−μ)·g
    const auto m1 = flush(add(mul(momentum, read<L>(m, i)), mul(oneMinusMomentum, g0)), tiny<L>());
    write(m, i, m1);
    // p ← (1 − lr·λ)·p − lr·sign(m)
    write(p, i, sub(mul(decay, read<L>(p, i)), mul(lr, sign(m1))));
  }
}
