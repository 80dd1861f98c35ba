// SM3: accumulators per row and column, or of each element; momentum; the step. Mirrored in assembly/rules/sm3.ts.
template <class L>
void sm3Vector(Arrays a, Coefficients r, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto accumulator = array<L>(a, 3);
  const auto beta1 = coefficient<L>(r, 0);
  const auto oneMinusBeta1 = coefficient<L>(r, 1);
  const auto beta2 = coefficient<L>(r, 2);
  const auto weight = coefficient<L>(r, 3);
  const auto eps = coefficient<L>(r, 4);
  const auto lr = coefficient<L>(r, 5);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← β₂·v + w·g²
    const auto v1 = flushPositive(add(mul(beta2, read<L>(accumulator, i)), mul(mul(weight, g1), g1)), tiny<L>());
    write(accumulator, i, v1);
    // u = g/√(v + ε), 0 where v is
    const auto u = select(zero<L>(), v1, div(g0, sqrt(add(v1, eps))), zero<L>());
    // m ← β₁·m + (1−β₁)·u
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, u)), tiny<L>());
    write(m, i, m1);
    // p ← p − lr·m
    write(p, i, sub(read<L>(p, i), mul(lr, m1)));
  }
}

template <class L>
void sm3(Arrays a, Coefficients r, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto columns = array<L>(a, 3);
  const auto nextColumns = array<L>(a, 5);
  const auto row = rowElement<L>(a, 6);
  const auto beta1 = coefficient<L>(r, 0);
  const auto oneMinusBeta1 = coefficient<L>(r, 1);
  const auto beta2 = coefficient<L>(r, 2);
  const auto weight = coefficient<L>(r, 3);
  const auto eps = coefficient<L>(r, 4);
  const auto lr = coefficient<L>(r, 5);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v = β₂·min(row, column) + w·g²
    const auto least = min(row, read<L>(columns, i));
    const auto v1 = flushPositive(add(mul(beta2, least), mul(mul(weight, g1), g1)), tiny<L>());
    // row ← max(v), column ← max(v)
    accumulateMax<L>(s, 0, i, v1);
    write(nextColumns, i, max(read<L>(nextColumns, i), v1));
    // u = g/√(v + ε), 0 where v is
    const auto u = select(zero<L>(), v1, div(g0, sqrt(add(v1, eps))), zero<L>());
    // m ← β₁·m + (1−β₁)·u
    const auto m1 = flush(add(mul(beta1, read<L>(m, i)), mul(oneMinusBeta1, u)), tiny<L>());
    write(m, i, m1);
    // p ← p − lr·m
    write(p, i, sub(read<L>(p, i), mul(lr, m1)));
  }
}
