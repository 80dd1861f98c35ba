// The memory limit: AdamW's loads and stores around one addition each. A measuring stick, not an optimizer; mirrored in assembly/rules/stream.ts.
template <class L>
void stream(Arrays a, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto m = array<L>(a, 2);
  const auto v = array<L>(a, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto g0 = read<L>(g, i);
    write(m, i, add(read<L>(m, i), g0));
    write(v, i, add(read<L>(v, i), g0));
    write(p, i, add(read<L>(p, i), g0));
  }
}
