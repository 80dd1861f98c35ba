// Runs a kernel over a tensor: wide lanes, then the scalar unit's loop for the tail; in blocks where the
// gradient is prepared or sums are taken. Mirrored in assembly/driver.ts.
constexpr int reductions[] = {
#define KERNEL(name, reads, writes, sumCount, ...) sumCount,
#include "rules.inc"
#undef KERNEL
};

template <class Wide>
void span(Loop wide, int kernel, Arrays a, Coefficients row, Sums s, size_t length) {
  const size_t whole = length - length % Wide::lanes;
  wide(a, row, s, 0, whole);
  if (whole < length) scalar::loops[kernel][sizeof(typename Wide::T) == 8](a, row, s, whole, length);
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

template <class Wide>
CAUCHY_NOINLINE void driveLoop(const Tensor& tensor, const double* row, int32_t mode, double* sums, Loop wide,
                               int kernel) {
  if (mode == kAsIs && reductions[kernel] == 0) {
    span<Wide>(wide, kernel, tensor.slots, row, nullptr, tensor.length);
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
        span<Wide>(gradientDecayedKernel::run<Wide>, gradientDecayedNumber, arrays, row, nullptr, length);
      } else {
        span<Wide>(gradientKernel::run<Wide>, gradientNumber, arrays, row, nullptr, length);
      }
      slots[1] = prepared;
    }
    double s[kSums * kAccumulators] = {};
    span<Wide>(wide, kernel, slots, row, s, length);
    for (int k = 0; k < reductions[kernel]; k++) sums[k] += fold(s + k * kAccumulators);
  }
}

template <class K, class Wide>
void drive(const Tensor& tensor, const double* row, int32_t mode, double* sums) {
  driveLoop<Wide>(tensor, row, mode, sums, K::template run<Wide>, K::number);
}
