// L-BFGS: a pair for the history, the turns of the two-loop recursion, a move along the line, and what a gradient is asked. Mirrored in assembly/rules/lbfgs.ts.
template <class L>
void lbfgsPair(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto d = array<L>(a, 2);
  const auto last = array<L>(a, 3);
  const auto g = array<L>(a, 4);
  const auto t = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    // s ← t·d
    const auto s1 = flush(mul(t, read<L>(d, i)), tiny<L>());
    write(d, i, s1);
    // y ← g − g₋
    const auto y1 = flush(sub(flush(read<L>(g, i), tiny<L>()), flush(read<L>(last, i), tiny<L>())), tiny<L>());
    write(last, i, y1);
    // ⟨y, s⟩, ‖y‖²
    accumulateProduct<L>(s, 0, i, y1, s1);
    accumulateSquare<L>(s, 1, i, y1);
  }
}

template <class L>
void lbfgsScale(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto d = array<L>(a, 2);
  const auto x = array<L>(a, 3);
  const auto y = array<L>(a, 4);
  const auto scale = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    // d ← c·x
    const auto d1 = flush(mul(scale, flush(read<L>(x, i), tiny<L>())), tiny<L>());
    write(d, i, d1);
    // ⟨d, y⟩
    accumulateProduct<L>(s, 0, i, d1, read<L>(y, i));
  }
}

template <class L>
void lbfgsAdd(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto d = array<L>(a, 2);
  const auto x = array<L>(a, 3);
  const auto y = array<L>(a, 4);
  const auto scale = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    // d ← d + c·x
    const auto d1 = flush(add(read<L>(d, i), mul(scale, read<L>(x, i))), tiny<L>());
    write(d, i, d1);
    // ⟨d, y⟩
    accumulateProduct<L>(s, 0, i, d1, read<L>(y, i));
  }
}

template <class L>
void lbfgsMove(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto d = array<L>(a, 2);
  const auto t = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    // p ← p + t·d
    write(p, i, add(read<L>(p, i), mul(t, read<L>(d, i))));
  }
}

template <class L>
void lbfgsMeasure(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {
  const auto x = array<L>(a, 2);
  const auto y = array<L>(a, 3);
  const auto scale = coefficient<L>(c, 0);
  const auto limit = coefficient<L>(c, 1);
  const auto one = coefficient<L>(c, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x0 = flush(read<L>(x, i), tiny<L>());
    // ‖x‖₁
    accumulateAbs<L>(s, 0, i, x0);
    // how many |c·x| are above the limit
    accumulateAbs<L>(s, 1, i, select(limit, abs(mul(scale, x0)), one, zero<L>()));
    // ⟨x, y⟩
    accumulateProduct<L>(s, 2, i, x0, read<L>(y, i));
  }
}
