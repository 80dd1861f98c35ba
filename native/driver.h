// Runs a kernel over a tensor: wide lanes, then the scalar unit's loop for the tail; in blocks where the
// gradient is prepared or sums are taken; row by row, or as a matrix. Mirrored in assembly/driver.ts.

// One lane at a time: the tails of every instruction set.
template <class Wide>
const Loop* tailOf() {
  return scalar::table.halves[sizeof(typename Wide::T) == sizeof(double)]->loops;
}

template <class Wide>
void span(Loop wide, int kernel, Arrays a, Coefficients row, Sums s, size_t length) {
  const size_t whole = length - length % Wide::lanes;
  wide(a, row, s, 0, whole);
  if (whole < length) tailOf<Wide>()[kernel](a, row, s, whole, length);
}

// Sixteen accumulators to one, in a fixed tree: (0+8, 1+9, …), then halves of that; or their maximum.
inline double fold(const double* s, bool maxima) {
  double t[kAccumulators];
  for (int i = 0; i < kAccumulators; i++) t[i] = s[i];
  for (int half = kAccumulators / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) t[i] = maxima ? max(t[i], t[i + half]) : t[i] + t[i + half];
  }
  return t[0];
}

// Puts the prepared gradient in place of the tensor's.
template <class Wide>
void prepare(void** slots, typename Wide::T* prepared, const double* row, int32_t mode, size_t length) {
  void* const arrays[] = {slots[0], slots[1], prepared};
  if (mode == kDecayed) {
    span<Wide>(gradientDecayedKernel::run<Wide>, gradientDecayedNumber, arrays, row, nullptr, length);
  } else {
    span<Wide>(gradientKernel::run<Wide>, gradientNumber, arrays, row, nullptr, length);
  }
  slots[1] = prepared;
}

#include "packed.h"

template <class Wide>
void driveElements(const Tensor& tensor, const double* row, int32_t mode, double* sums, Loop wide, int kernel) {
  const int reductions = infos[kernel].reductions;
  using T = typename Wide::T;
  if constexpr (sizeof(T) == sizeof(float)) {
    // Sums are taken of gradients alone.
    if (tensor.packing != 0 && reductions == 0) return drivePacked<Wide>(tensor, row, mode, wide, kernel);
  }
  // Without sums, a last vector may reach into the padding.
  const size_t whole = (tensor.length + Wide::lanes - 1) / Wide::lanes * Wide::lanes;
  const size_t end = tensor.padded && reductions == 0 ? whole : tensor.length;
  if (mode == kAsIs && reductions == 0) {
    span<Wide>(wide, kernel, tensor.slots, row, nullptr, end);
    return;
  }
  // Without sums: short, so that the memory of the other arrays is fetched meanwhile.
  const size_t stretch = reductions == 0 ? kStretch : kBlock;
  alignas(64) T prepared[kBlock];
  for (size_t start = 0; start < end; start += stretch) {
    const size_t rest = end - start;
    const size_t length = rest < stretch ? rest : stretch;
    void* slots[kSlots];
    for (int k = 0; k < kSlots; k++) {
      slots[k] = tensor.slots[k] == nullptr ? nullptr : static_cast<T*>(tensor.slots[k]) + start;
    }
    if (mode != kAsIs) prepare<Wide>(slots, prepared, row, mode, length);
    double s[kSums * kAccumulators] = {};
    span<Wide>(wide, kernel, slots, row, s, length);
    for (int k = 0; k < reductions; k++) sums[k] += fold(s + k * kAccumulators, false);
  }
}

// Where an array's part for one stretch of a row begins, by the array's shape: t(ensor), c(olumns) or r(ows);
// C holds a double for each column.
template <class T>
void* place(void* array, char shape, size_t element, size_t column, size_t row) {
  switch (shape) {
    case 't': return static_cast<T*>(array) + element;
    case 'c': return static_cast<T*>(array) + column;
    case 'C': return static_cast<double*>(array) + column;
    case 'r': return static_cast<T*>(array) + row;
    default: return nullptr;
  }
}

// Row by row; each row's reductions are joined to what the last working array holds for it.
template <class Wide>
void driveRows(const Tensor& tensor, const double* coefficients, int32_t mode, double*, Loop wide, int kernel) {
  using T = typename Wide::T;
  alignas(64) T prepared[kBlock];
  const auto& [kind, reductions, maxima, shapes] = infos[kernel];
  (void)kind;
  const size_t columns = tensor.columns;
  const size_t rows = columns == 0 ? 0 : tensor.length / columns;
  double* results = static_cast<double*>(tensor.slots[kSlots - 1]);
  for (size_t row = 0; row < rows; row++) {
    const size_t matrix = row / tensor.rows;
    for (size_t start = 0; start < columns; start += kBlock) {
      const size_t rest = columns - start;
      const size_t length = rest < kBlock ? rest : kBlock;
      void* slots[kSlots] = {};
      for (int k = 0; shapes[k] != 0; k++) {
        slots[k] = place<T>(tensor.slots[k], shapes[k], row * columns + start, matrix * columns + start, row);
      }
      if (mode != kAsIs) prepare<Wide>(slots, prepared, coefficients, mode, length);
      double s[kSums * kAccumulators] = {};
      span<Wide>(wide, kernel, slots, coefficients, s, length);
      for (int k = 0; k < reductions; k++) {
        double& joined = results[row * reductions + k];
        const double result = fold(s + k * kAccumulators, maxima);
        joined = maxima ? max(joined, result) : joined + result;
      }
    }
  }
}

// All of a matrix at once, over working arrays padded to whole vectors.
template <class Wide>
void driveMatrix(const Tensor& tensor, const double* coefficients, int32_t, double*, Loop wide, int) {
  wide(tensor.slots, coefficients, nullptr, tensor.rows, tensor.columns);
}
