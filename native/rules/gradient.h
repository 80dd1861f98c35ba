// The gradient's way to the rule: scaling, clipping, sign and L2 decay; its squared norm; clipping in place. Mirrored in assembly/rules/gradient.ts.
template <class L, bool decayed>
void gradient(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto out = array<L>(a, 2);
  const auto gradScale = coefficient<L>(c, 0);
  const auto clipValue = coefficient<L>(c, 1);
  const auto factor = coefficient<L>(c, 2);
  const auto weightDecay = coefficient<L>(c, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    // g ← clip(s·g)
    const auto g0 = mul(gradScale, flush(read<L>(g, i), tiny<L>()));
    const auto g1 = max(min(g0, clipValue), neg(clipValue));
    // g ← f·g
    const auto g2 = mul(factor, flush(g1, tiny<L>()));
    if constexpr (decayed) {
      // g ← g + λ·p
      write(out, i, add(g2, mul(weightDecay, read<L>(p, i))));
    } else {
      write(out, i, g2);
    }
  }
}

template <class L>
void squares(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto g = array<L>(a, 1);
  const auto gradScale = coefficient<L>(c, 0);
  const auto clipValue = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // ‖clip(s·g)‖²
    const auto g0 = mul(gradScale, flush(readAhead<L>(g, i), tiny<L>()));
    accumulateSquare<L>(s, 0, i, max(min(g0, clipValue), neg(clipValue)));
  }
}

template <class L>
void gradientSquares(Arrays a, Sums s, size_t begin, size_t end) {
  const auto g = array<L>(a, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // ‖g‖², the gradient as the rule sees it
    accumulateGradient<L>(s, 0, i, readAhead<L>(g, i));
  }
}

template <class L>
void clip(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto gradScale = coefficient<L>(c, 0);
  const auto clipValue = coefficient<L>(c, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    // p ← clip(s·p)
    write(p, i, max(min(mul(gradScale, read<L>(p, i)), clipValue), neg(clipValue)));
  }
}
