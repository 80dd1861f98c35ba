// One lane at a time, on any CPU.
#define CAUCHY_INLINE inline  // compiled for size
#include "../kernel.h"

namespace cauchy {
namespace scalar {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
using WideF32 = ScalarF32;
using WideF64 = ScalarF64;
#include "../kernels.h"
constexpr Half float32 = halfOf<WideF32>;
}  // namespace
const Half float64 = halfOf<WideF64>;
const KernelTable table = {"scalar", {&float32, &float64}};
}  // namespace scalar
}  // namespace cauchy
