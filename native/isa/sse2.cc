// The kernels for x86-64 with SSE2.
#include <immintrin.h>

#define CAUCHY_INLINE inline  // compiled for size
#include "../kernel.h"

namespace cauchy {
namespace sse2 {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
#include "../lanes/sse2.h"
#include "../kernels.h"
constexpr Half float32 = halfOf<WideF32>;
}  // namespace
const KernelTable table = {"sse2", {&float32, &scalar::float64}};
}  // namespace sse2
}  // namespace cauchy
