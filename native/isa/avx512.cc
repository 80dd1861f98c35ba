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
constexpr Half float32 = halfOf<WideF32>;
}  // namespace
const KernelTable table = {"avx512", {&float32, &avx2::float64}};
}  // namespace avx512
}  // namespace cauchy
