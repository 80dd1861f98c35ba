// MADGRAD; mirrored in assembly/rules/madgrad.ts.
template <class L>
void madgrad(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto x = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  const auto s = array<L>(a, 4);
  const auto lambda = coefficient<L>(c, 0);
  const auto eps = coefficient<L>(c, 1);
  const auto oneMinusMomentum = coefficient<L>(c, 2);
  const auto first = coefficient<L>(c, 3);
  const auto later = coefficient<L>(c, 4);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto raw = read<L>(g, i);
    const auto g0 = flush(raw, tiny<L>());
    const auto g1 = flush(raw, tinySquare<L>());
    // v ← v + lr·√t·g²
    const auto square = flushPositive(mul(g1, g1), tiny<L>());
    const auto v1 = flushPositive(add(read<L>(v, i), mul(lambda, square)), tiny<L>());
    write(v, i, v1);
    // s ← s + lr·√t·g
    const auto s1 = flush(add(read<L>(s, i), mul(lambda, g0)), tiny<L>());
    write(s, i, s1);
    // y = ∛v: a guess and three of Halley's steps, y ← y − y·(y³ − v)/(2·y³ + v)
    const auto v2 = max(v1, tiny<L>());
    const auto y0 = cubeRootGuess(v2);
    const auto c0 = mul(mul(y0, y0), y0);
    const auto y1 = sub(y0, mul(y0, div(sub(c0, v2), add(c0, add(c0, v2)))));
    const auto c1 = mul(mul(y1, y1), y1);
    const auto y2 = sub(y1, mul(y1, div(sub(c1, v2), add(c1, add(c1, v2)))));
    const auto c2 = mul(mul(y2, y2), y2);
    const auto y3 = sub(y2, mul(y2, div(sub(c2, v2), add(c2, add(c2, v2)))));
    // x ← p at the first step, x later
    const auto p0 = read<L>(p, i);
    const auto x1 = add(mul(first, p0), mul(later, read<L>(x, i)));
    write(x, i, x1);
    // p ← p + (1−μ)·(x − s / (∛v + ε) − p)
    const auto z = sub(x1, div(s1, add(y3, eps)));
    write(p, i, add(p0, mul(oneMinusMomentum, sub(z, p0))));
  }
}
