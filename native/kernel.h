// What the addon and the instruction-set units agree on: a tensor, a kernel, and the tables of kernels.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _MSC_VER
#define CAUCHY_NOINLINE __declspec(noinline)
#else
#define CAUCHY_NOINLINE __attribute__((noinline))
#endif
// Of what each element goes through: compilers that optimise for size would call it.
#ifndef CAUCHY_INLINE
#ifdef _MSC_VER
#define CAUCHY_INLINE __forceinline
#else
#define CAUCHY_INLINE __attribute__((always_inline)) inline
#endif
#endif

// A hint to fetch memory; none where a compiler has no form of it for all processors.
#if defined(_MSC_VER) && !defined(__clang__)
#define CAUCHY_PREFETCH(address) ((void)(address))
#else
#define CAUCHY_PREFETCH(address) __builtin_prefetch(address)
#endif

// Nothing is fused: Microsoft's compilers before 2022 do it by default.
#if defined(_MSC_VER) && !defined(__clang__)
#pragma fp_contract(off)
#endif

namespace cauchy {

constexpr int kSlots = 8;         // arrays of one tensor: p, g, its state from the third, working arrays from the last
constexpr int kRow = 24;          // doubles in one row of coefficients
constexpr int kRuleOffset = 4;    // where a rule's own coefficients start, after the gradient's
constexpr int kSums = 4;          // doubles of reduction results per tensor
constexpr size_t kBlock = 4096;   // elements per reduction block
constexpr int kAccumulators = 16; // element i adds to accumulator i mod 16
constexpr size_t kScaled = 256;    // elements of packed state that share a scale, unpacked at a time
constexpr size_t kStretch = 1024; // elements whose gradient is prepared at a time
constexpr size_t kAhead = 8192;     // bytes: past the page from which a processor fetches by itself; more gains nothing
constexpr size_t kPadding = 32;   // elements to which rows of working matrices are padded: two of the widest vectors

struct Tensor {
  void* slots[kSlots];
  size_t length;
  size_t first;          // the index of its first element in the whole, where it is a part of one
  size_t rows, columns;  // of each of the matrices that lie one after the other in it
  int dtype;             // 0: float32, 1: float64
  uint32_t packing;      // of its state arrays, a byte each; 0: as the tensor itself
  bool padded;           // all of its arrays go on to a whole vector, of which nobody minds the rest
};

// How one state array is packed.
enum Packing : uint32_t { kPlain = 0, kBf16First = 1, kBf16Second = 2, kInt8First = 3, kInt8Second = 4 };

// Of a tensor's k-th state array, counted from 0; moments come first, scales behind them.
static inline uint32_t packingOf(const Tensor& tensor, int k) { return k < 4 ? tensor.packing >> 8 * k & 0xff : kPlain; }

// How many bytes into a slot's array element `start` of the tensor lies; for scales, that of its block.
static inline size_t offsetOf(const Tensor& tensor, int slot, size_t start) {
  if (tensor.packing == 0 || slot < 2) return start * (tensor.dtype == 0 ? 4 : 8);
  const uint32_t packing = packingOf(tensor, slot - 2);
  if (packing == kPlain) return start / kScaled * 4;
  return packing < kInt8First ? start * 2 : start;
}

// How the gradient reaches the rule: as it is, scaled and clipped, or with L2 weight decay added as well.
enum GradientMode : int32_t { kAsIs = 0, kPrepared = 1, kDecayed = 2 };

using Arrays = void* const*;
using Coefficients = const double*;
using Sums = double*;

// A rule's loop over elements [begin, end) of one block; begin and end are multiples of its lanes.
using Loop = void (*)(Arrays a, Coefficients c, Sums s, size_t begin, size_t end);

// What drivers and engines need to know of a kernel.
enum Kind : uint8_t { kElements, kRows, kMatrix };
struct Info {
  Kind kind;
  uint8_t reductions;
  bool maxima;         // along rows: reductions are maxima
  char shapes[kSlots];  // along rows: the shape of each slot's array
};
extern const Info infos[];

// Takes a loop over a tensor.
using Driver = void (*)(const Tensor& tensor, const double* row, int32_t mode, double* sums, Loop loop, int kernel);

// One element type of an instruction set: a loop for each kernel, a driver for each kind of kernel.
struct Half {
  const Loop* loops;
  Driver drivers[3];
};

struct KernelTable {
  const char* isa;
  const Half* halves[2];  // by dtype
};

// Where wide lanes gain little, float64 is another unit's: it is rare, and every unit of the addon counts.
#define CAUCHY_DECLARE(isa) \
  namespace isa { extern const KernelTable table; extern const Half float64; }
CAUCHY_DECLARE(scalar)
CAUCHY_DECLARE(sse2)
CAUCHY_DECLARE(avx2)
CAUCHY_DECLARE(avx512)
CAUCHY_DECLARE(neon)
#undef CAUCHY_DECLARE

}  // namespace cauchy
