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
const Loop loops[][2] = {
#define KERNEL(name, ...) {name##Kernel::run<ScalarF32>, name##Kernel::run<ScalarF64>},
#include "../rules.inc"
#undef KERNEL
};
const KernelTable table = {"scalar", kernels};
}  // namespace scalar
}  // namespace cauchy
