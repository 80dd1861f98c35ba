// Sums and maxima over lanes L, in double: float32 lanes are taken as two halves, the lower first.
template <class L>
CAUCHY_INLINE double* accumulator(double* s, int k, size_t i) {
  return s + k * kAccumulators + (L::lanes == kAccumulators ? 0 : i % kAccumulators);
}

// Below it, a value is taken for zero in sums: its square in double would be subnormal, or it is subnormal itself.
template <class L>
inline typename L::V tinyNorm() {
  return L::splat(Thresholds<typename L::T>::tinyNorm);
}

template <class L>
constexpr bool isDouble() {
  return sizeof(typename L::T) == sizeof(double);
}

// t ← t + x·y
template <class L>
CAUCHY_INLINE void addProduct(double* t, typename L::V x, typename L::V y) {
  if constexpr (isDouble<L>()) {
    addTo(t, mul(x, y));
  } else {
    addTo(t, mul(lowHalf(x), lowHalf(y)));
    if constexpr (L::lanes > 1) addTo(t + L::lanes / 2, mul(highHalf(x), highHalf(y)));
  }
}

// s[k][i mod 16] ← s[k][i mod 16] + x·y
template <class L>
CAUCHY_INLINE void accumulateProduct(double* s, int k, size_t i, typename L::V x, typename L::V y) {
  addProduct<L>(accumulator<L>(s, k, i), flush(x, tinyNorm<L>()), flush(y, tinyNorm<L>()));
}

// s[k][i mod 16] ← s[k][i mod 16] + x²
template <class L>
CAUCHY_INLINE void accumulateSquare(double* s, int k, size_t i, typename L::V x) {
  accumulateProduct<L>(s, k, i, x, x);
}

// s[k][i mod 16] ← s[k][i mod 16] + g², the gradient as the rules see it: both thresholds in one
template <class L>
CAUCHY_INLINE void accumulateGradient(double* s, int k, size_t i, typename L::V g) {
  const auto g1 = flush(g, max(tiny<L>(), tinyNorm<L>()));
  addProduct<L>(accumulator<L>(s, k, i), g1, g1);
}

// t[i] ← t[i] + x²: each column's own sum
template <class L>
inline void accumulateColumn(double* t, size_t i, typename L::V x) {
  const auto x1 = flush(x, tinyNorm<L>());
  addProduct<L>(t + i, x1, x1);
}

// s[k][i mod 16] ← s[k][i mod 16] + |x|
template <class L>
inline void accumulateAbs(double* s, int k, size_t i, typename L::V x) {
  double* t = accumulator<L>(s, k, i);
  const auto x1 = abs(flush(x, tinyNorm<L>()));
  if constexpr (isDouble<L>()) {
    addTo(t, x1);
  } else {
    addTo(t, lowHalf(x1));
    if constexpr (L::lanes > 1) addTo(t + L::lanes / 2, highHalf(x1));
  }
}

// s[k][i mod 16] ← max(s[k][i mod 16], x)
template <class L>
inline void accumulateMax(double* s, int k, size_t i, typename L::V x) {
  double* t = accumulator<L>(s, k, i);
  if constexpr (isDouble<L>()) {
    maxTo(t, x);
  } else {
    maxTo(t, lowHalf(x));
    if constexpr (L::lanes > 1) maxTo(t + L::lanes / 2, highHalf(x));
  }
}
