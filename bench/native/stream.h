// What the addon and the kernels of an instruction set agree on: the arrays of a step as streams of bytes.
#pragma once
#include <cstddef>
#include <cstdint>

namespace roofline {

constexpr int kWritten = 4;  // state arrays read and written, at most
constexpr int kRead = 1;     // state arrays only read, at most
constexpr int kShifts = 3;   // state as wide as a parameter, half, a quarter
constexpr int kUnrolls = 3;  // 1, 2 or 4 vectors at a time

struct Streams {
  const uint8_t* g;
  uint8_t* p;
  uint8_t* states[kWritten + kRead];  // the written ones first
  size_t bytes;                       // of g and of p
  size_t stateBytes;                  // of each state array
  size_t ahead;                       // bytes to prefetch ahead, 0: leave it to the hardware
  uint8_t mask;                       // 0, which the compiler must not know: every byte keeps its value
};

// What p, g and the state arrays of a rule are to a kernel.
struct Traffic {
  int written, read, shift;
};

using Kernel = void (*)(const Streams& streams, size_t begin, size_t end);

// `unroll` is the exponent: 2^unroll vectors at a time.
using Find = Kernel (*)(Traffic traffic, int unroll, bool prefetch);

Kernel findBaseline(Traffic traffic, int unroll, bool prefetch);
Kernel findAvx2(Traffic traffic, int unroll, bool prefetch);
Kernel findAvx512(Traffic traffic, int unroll, bool prefetch);

}  // namespace roofline
