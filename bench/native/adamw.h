// The hand-written AdamW kernels, by instruction set: 1, 2 or 4 vectors at a time.
#pragma once
#include <cstddef>

namespace roofline {

using AdamW = void (*)(float* p, const float* g, float* m, float* v, size_t length);

extern const AdamW adamwAvx2[3];
extern const AdamW adamwAvx512[3];

}  // namespace roofline
