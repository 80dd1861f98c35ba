// AdamW as one writes it by hand for one instruction set: fused multiply-adds and nothing for subnormals, which the
// package does without. Compiled once per instruction set; ROOFLINE_ADAMW names its table.
#include "adamw.h"

#include <immintrin.h>

namespace roofline {
namespace {

#ifdef __AVX512F__
using V = __m512;
inline V set(float x) { return _mm512_set1_ps(x); }
inline V load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, V x) { _mm512_storeu_ps(p, x); }
inline V mul(V a, V b) { return _mm512_mul_ps(a, b); }
inline V div(V a, V b) { return _mm512_div_ps(a, b); }
inline V sqrt(V a) { return _mm512_sqrt_ps(a); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline V fnma(V a, V b, V c) { return _mm512_fnmadd_ps(a, b, c); }
inline V add(V a, V b) { return _mm512_add_ps(a, b); }
#else
using V = __m256;
inline V set(float x) { return _mm256_set1_ps(x); }
inline V load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, V x) { _mm256_storeu_ps(p, x); }
inline V mul(V a, V b) { return _mm256_mul_ps(a, b); }
inline V div(V a, V b) { return _mm256_div_ps(a, b); }
inline V sqrt(V a) { return _mm256_sqrt_ps(a); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline V fnma(V a, V b, V c) { return _mm256_fnmadd_ps(a, b, c); }
inline V add(V a, V b) { return _mm256_add_ps(a, b); }
#endif

constexpr size_t kLanes = sizeof(V) / sizeof(float);

template <int unroll>
void adamw(float* p, const float* g, float* m, float* v, size_t length) {
  const V decay = set(1 - 1e-5f), beta1 = set(0.9f), beta2 = set(0.999f), eps = set(1e-8f), rate = set(1e-3f);
  const V oneMinusBeta1 = set(0.1f), oneMinusBeta2 = set(0.001f), correction = set(1.01f);
  for (size_t i = 0; i + unroll * kLanes <= length; i += unroll * kLanes) {
    for (int u = 0; u < unroll; u++) {
      const size_t k = i + u * kLanes;
      const V gradient = load(g + k);
      const V m1 = fma(beta1, load(m + k), mul(oneMinusBeta1, gradient));
      const V v1 = fma(beta2, load(v + k), mul(mul(oneMinusBeta2, gradient), gradient));
      store(m + k, m1);
      store(v + k, v1);
      const V update = div(m1, add(sqrt(mul(v1, correction)), eps));
      store(p + k, fnma(rate, update, mul(decay, load(p + k))));
    }
  }
}

}  // namespace

const AdamW ROOFLINE_ADAMW[3] = {adamw<1>, adamw<2>, adamw<4>};

}  // namespace roofline
