// The kernels for x86-64 with SSE2.
#include <immintrin.h>

#include "../kernel.h"

namespace cauchy {
namespace sse2 {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
#include "../lanes/sse2.h"
#include "../kernels.h"
}  // namespace
const KernelTable table = {"sse2", kernels};
}  // namespace sse2
}  // namespace cauchy
