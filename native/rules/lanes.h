// Every lane operation on its own, one result array each: what it means is tested, not assumed. Mirrored in assembly/rules/lanes.ts.
template <class L>
void binaryLanes(Arrays a, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto sum = array<L>(a, 2);
  const auto difference = array<L>(a, 3);
  const auto product = array<L>(a, 4);
  const auto quotient = array<L>(a, 5);
  const auto larger = array<L>(a, 6);
  const auto smaller = array<L>(a, 7);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x = read<L>(p, i);
    const auto y = read<L>(g, i);
    write(sum, i, add(x, y));
    write(difference, i, sub(x, y));
    write(product, i, mul(x, y));
    write(quotient, i, div(x, y));
    write(larger, i, max(x, y));
    write(smaller, i, min(x, y));
  }
}

template <class L>
void unaryLanes(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto root = array<L>(a, 2);
  const auto magnitude = array<L>(a, 3);
  const auto negative = array<L>(a, 4);
  const auto flushed = array<L>(a, 5);
  const auto flushedSquare = array<L>(a, 6);
  const auto flushedPositive = array<L>(a, 7);
  const auto threshold = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x = read<L>(p, i);
    write(root, i, sqrt(x));
    write(magnitude, i, abs(x));
    write(negative, i, neg(x));
    write(flushed, i, flush(x, tiny<L>()));
    write(flushedSquare, i, flush(x, tinySquare<L>()));
    write(flushedPositive, i, flushPositive(x, threshold));
  }
}

template <class L>
void sumLanes(Arrays a, Sums s, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x = read<L>(p, i);
    accumulateSquare<L>(s, 0, i, x);
    accumulateProduct<L>(s, 1, i, x, read<L>(g, i));
    accumulateAbs<L>(s, 2, i, x);
    accumulateGradient<L>(s, 3, i, readAhead<L>(p, i));
  }
}

template <class L>
void selectLanes(Arrays a, Coefficients c, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto g = array<L>(a, 1);
  const auto negated = array<L>(a, 2);
  const auto limited = array<L>(a, 3);
  const auto positive = array<L>(a, 4);
  const auto threshold = coefficient<L>(c, 0);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x = read<L>(p, i);
    const auto y = read<L>(g, i);
    write(negated, i, select(x, y, neg(x), y));
    write(limited, i, select(threshold, x, x, threshold));
    write(positive, i, select(x, zero<L>(), zero<L>(), y));
  }
}

template <class L>
void moreLanes(Arrays a, size_t begin, size_t end) {
  const auto p = array<L>(a, 0);
  const auto signs = array<L>(a, 2);
  const auto guess = array<L>(a, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x = read<L>(p, i);
    write(signs, i, sign(x));
    write(guess, i, cubeRootGuess(x));
  }
}
