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
}  // namespace
const KernelTable table = {"neon", kernels};
}  // namespace neon
}  // namespace cauchy
