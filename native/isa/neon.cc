// The kernels for AArch64.
#include <arm_neon.h>

#include "../kernel.h"

namespace cauchy {
namespace neon {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
#include "../lanes/neon.h"
#include "../kernels.h"
constexpr Half float32 = halfOf<WideF32>;
}  // namespace
const Half float64 = halfOf<WideF64>;
const KernelTable table = {"neon", {&float32, &float64}};
}  // namespace neon
}  // namespace cauchy
