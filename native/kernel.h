// What the addon and the instruction-set units agree on: a tensor, a kernel, and the tables of kernels.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace cauchy {

constexpr int kSlots = 8;         // arrays of one tensor: p, g, then its state
constexpr int kRow = 24;          // doubles in one row of coefficients
constexpr int kRuleOffset = 4;    // where a rule's own coefficients start, after the gradient's
constexpr int kSums = 4;          // doubles of reduction results per tensor
constexpr size_t kBlock = 4096;   // elements per reduction block
constexpr int kAccumulators = 16; // element i adds to accumulator i mod 16

struct Tensor {
  void* slots[kSlots];
  size_t length;
  int dtype;  // 0: float32, 1: float64
};

// How the gradient reaches the rule: as it is, scaled and clipped, or with L2 weight decay added as well.
enum GradientMode : int32_t { kAsIs = 0, kPrepared = 1, kDecayed = 2 };

using Arrays = void* const*;
using Coefficients = const double*;
using Sums = double*;

// A rule's loop over elements [begin, end) of one block; begin and end are multiples of its lanes.
using Loop = void (*)(Arrays a, Coefficients c, Sums s, size_t begin, size_t end);

using Kernel = void (*)(const Tensor& tensor, const double* row, int32_t mode, double* sums);

struct KernelTable {
  const char* isa;
  const Kernel (*kernels)[2];  // by kernel number and dtype
};

#define CAUCHY_DECLARE(isa) \
  namespace isa { extern const KernelTable table; }
CAUCHY_DECLARE(scalar)
CAUCHY_DECLARE(sse2)
CAUCHY_DECLARE(avx2)
CAUCHY_DECLARE(avx512)
CAUCHY_DECLARE(neon)
#undef CAUCHY_DECLARE

// One lane at a time, by kernel number and dtype: the tails of every instruction set.
namespace scalar { extern const Loop loops[][2]; }

}  // namespace cauchy
