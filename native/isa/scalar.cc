// One lane at a time, on any CPU.
#include "../kernel.h"

namespace cauchy {
namespace scalar {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
using WideF32 = ScalarF32;
using WideF64 = ScalarF64;
#include "../kernels.h"
}  // namespace
const KernelTable table = {"scalar", kernels};
}  // namespace scalar
}  // namespace cauchy
