// The kernels for x86-64 with AVX512.
#include <immintrin.h>

#include "../kernel.h"

namespace cauchy {
namespace avx512 {
namespace {
#include "../lanes/thresholds.h"
#include "../lanes/scalar.h"
#include "../lanes/avx512.h"
#include "../kernels.h"
}  // namespace
const KernelTable table = {"avx512", kernels};
}  // namespace avx512
}  // namespace cauchy
