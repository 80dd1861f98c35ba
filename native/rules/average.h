// Averages of weights: the average moves towards the parameters, which may then follow it; or the two change places. Mirrored in assembly/rules/average.ts.
template <class L, bool followed>
void average(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto s = array<L>(a, 2);
  const auto weight = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto s0 = read<L>(s, i);
    // s ← s + w·(p − s)
    const auto s1 = add(s0, mul(weight, flush(sub(read<L>(p, i), s0), tiny<L>())));
    write(s, i, s1);
    if constexpr (followed) {
      // p ← s
      write(p, i, s1);
    }
  }
}

template <class L>
void exchange(Arrays a, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto s = array<L>(a, 2);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto p0 = read<L>(p, i);
    // p ↔ s
    write(p, i, read<L>(s, i));
    write(s, i, p0);
  }
}
