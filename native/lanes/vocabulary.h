// The words of the rule bodies that do not depend on the instruction set, over any lane type L.
template <class L>
inline typename L::T* array(Arrays a, int slot) {
  return static_cast<typename L::T*>(a[slot]);
}

template <class L>
inline typename L::V coefficient(Coefficients c, int k) {
  return L::splat(static_cast<typename L::T>(c[k]));
}

template <class L>
constexpr size_t step() {
  return L::lanes;
}

template <class L>
inline typename L::V read(const typename L::T* p, size_t i) {
  return L::load(p + i);
}

// For loops that read one array alone: a processor fetches a single stream too late. Such a pass takes three quarters
// of the time at 16 Mi.
template <class L>
CAUCHY_INLINE typename L::V readAhead(const typename L::T* p, size_t i) {
  CAUCHY_PREFETCH(reinterpret_cast<const char*>(p + i) + kAhead);
  return L::load(p + i);
}

template <class L>
inline typename L::V zero() {
  return L::splat(0);
}

// Below it, a value is taken for zero: its products with coefficients would be subnormal.
template <class L>
inline typename L::V tiny() {
  return L::splat(Thresholds<typename L::T>::tiny);
}

// Below it, a value is taken for zero before it is squared.
template <class L>
inline typename L::V tinySquare() {
  return L::splat(Thresholds<typename L::T>::tinySquare);
}

// Doubles, one for each column.
inline double* columnSums(Arrays a, int slot) { return static_cast<double*>(a[slot]); }

// The row's own element of an array with one for each row, in every lane.
template <class L>
inline typename L::V rowElement(Arrays a, int slot) {
  return L::splat(*array<L>(a, slot));
}

// The element at an index, in every lane.
template <class L>
inline typename L::V broadcast(const typename L::T* p, size_t i) {
  return L::splat(p[i]);
}

template <class L>
inline void copyElement(typename L::T* to, size_t i, const typename L::T* from, size_t k) {
  to[i] = from[k];
}

// A coefficient that counts.
inline size_t count(Coefficients c, int k) { return static_cast<size_t>(c[k]); }

// From one element to the next, in indices.
template <class L>
constexpr size_t unit() {
  return 1;
}

// From one row of a padded matrix to the next, in indices.
template <class L>
constexpr size_t padded(size_t columns) {
  return (columns + kPadding - 1) & ~(kPadding - 1);
}
