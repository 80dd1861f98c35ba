// Runs a kernel over a tensor: wide lanes, then one lane for the tail; in blocks where the gradient is
// prepared or sums are taken. Mirrored in assembly/driver.ts.
template <class K, class Wide, class Narrow>
void span(Arrays a, Coefficients row, Sums s, size_t length) {
  const size_t whole = length - length % Wide::lanes;
  K::template run<Wide>(a, row, s, 0, whole);
  K::template run<Narrow>(a, row, s, whole, length);
}

// Sixteen accumulators to one, in a fixed tree: (0+8, 1+9, …), then halves of that.
inline double fold(const double* s) {
  double t[kAccumulators];
  for (int i = 0; i < kAccumulators; i++) t[i] = s[i];
  for (int half = kAccumulators / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) t[i] += t[i + half];
  }
  return t[0];
}

template <class K, class Wide, class Narrow>
void drive(const Tensor& tensor, const double* row, int32_t mode, double* sums) {
  if (mode == kAsIs && K::reductions == 0) {
    span<K, Wide, Narrow>(tensor.slots, row, nullptr, tensor.length);
    return;
  }
  using T = typename Wide::T;
  alignas(64) T prepared[kBlock];
  for (size_t start = 0; start < tensor.length; start += kBlock) {
    const size_t rest = tensor.length - start;
    const size_t length = rest < kBlock ? rest : kBlock;
    void* slots[kSlots];
    for (int k = 0; k < kSlots; k++) {
      slots[k] = tensor.slots[k] == nullptr ? nullptr : static_cast<T*>(tensor.slots[k]) + start;
    }
    if (mode != kAsIs) {
      void* const arrays[] = {slots[0], slots[1], prepared};
      if (mode == kDecayed) {
        span<gradientDecayedKernel, Wide, Narrow>(arrays, row, nullptr, length);
      } else {
        span<gradientKernel, Wide, Narrow>(arrays, row, nullptr, length);
      }
      slots[1] = prepared;
    }
    double s[kSums * kAccumulators] = {};
    span<K, Wide, Narrow>(slots, row, s, length);
    for (int k = 0; k < K::reductions; k++) sums[k] += fold(s + k * kAccumulators);
  }
}
