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
