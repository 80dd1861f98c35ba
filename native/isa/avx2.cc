// The kernels for x86-64 with AVX2.
#include <immintrin.h>

#include "../kernel.h"

namespace cauchy {
namespace avx2 {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
#include "../lanes/avx2.h"
#include "../kernels.h"
}  // namespace
const KernelTable table = {"avx2", kernels};
}  // namespace avx2
}  // namespace cauchy
