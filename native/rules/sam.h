// Steps along a gradient outside an optimizer: p + s·g, and ASAM's perturbation scaled by the size of each parameter. Mirrored in assembly/rules/sam.ts.
template <class L>
void addScaled(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto scale = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    // p ← p + s·g
    write(p, i, add(read<L>(p, i), mul(scale, flush(read<L>(g, i), tiny<L>()))));
  }
}

template <class L>
void asamSquares(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto eta = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // t = |p| + η
    const auto t = flush(add(abs(read<L>(p, i)), eta), tinySquare<L>());
    // ‖t·g‖²
    accumulateSquare<L>(s, 0, i, mul(t, flush(read<L>(g, i), tinySquare<L>())));
  }
}

template <class L>
void asamPerturb(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto scale = coefficient<L>(c, 0);
  const auto eta = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    // t = |p| + η
    const auto t = flush(add(abs(p0), eta), tinySquare<L>());
    // u = s·t·g
    const auto u = mul(scale, mul(t, flush(read<L>(g, i), tinySquare<L>())));
    // p ← p + t·u
    write(p, i, add(p0, mul(t, flush(u, tinySquare<L>()))));
  }
}
