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
constexpr Half float32 = halfOf<WideF32>;
}  // namespace
const Half float64 = halfOf<WideF64>;
const KernelTable table = {"avx2", {&float32, &float64}};
}  // namespace avx2
}  // namespace cauchy
