// 256-bit lanes.
struct WideF32 {
  using T = float;
  using V = __m256;
  using I = __m256i;
  static constexpr size_t lanes = 8;
  static V splat(T x) { return _mm256_set1_ps(x); }
  static V load(const T* p) { return _mm256_loadu_ps(p); }
  static I word(uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
  static I counting(uint32_t first) {
    return _mm256_add_epi32(word(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static I loadHalves(const uint16_t* p) {
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return _mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16);
  }
  static I loadCodes(const uint8_t* p) {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
  }
};

struct WideF64 {
  using T = double;
  using V = __m256d;
  static constexpr size_t lanes = 4;
  static V splat(T x) { return _mm256_set1_pd(x); }
  static V load(const T* p) { return _mm256_loadu_pd(p); }
};

inline void write(float* p, size_t i, __m256 x) { _mm256_storeu_ps(p + i, x); }
inline void write(double* p, size_t i, __m256d x) { _mm256_storeu_pd(p + i, x); }

inline __m256 add(__m256 a, __m256 b) { return _mm256_add_ps(a, b); }
inline __m256 sub(__m256 a, __m256 b) { return _mm256_sub_ps(a, b); }
inline __m256 mul(__m256 a, __m256 b) { return _mm256_mul_ps(a, b); }
inline __m256 div(__m256 a, __m256 b) { return _mm256_div_ps(a, b); }
inline __m256 sqrt(__m256 a) { return _mm256_sqrt_ps(a); }
inline __m256 abs(__m256 a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
inline __m256 neg(__m256 a) { return _mm256_xor_ps(_mm256_set1_ps(-0.0f), a); }
// The instruction gives its second operand when the comparison is false: a < b ? b : a.
inline __m256 max(__m256 a, __m256 b) { return _mm256_max_ps(b, a); }
inline __m256 min(__m256 a, __m256 b) { return _mm256_min_ps(b, a); }
CAUCHY_INLINE __m256 sign(__m256 a) {
  const __m256 zero = _mm256_setzero_ps();
  const __m256 positive = _mm256_and_ps(_mm256_cmp_ps(a, zero, _CMP_GT_OQ), _mm256_set1_ps(1.0f));
  const __m256 negative = _mm256_and_ps(_mm256_cmp_ps(a, zero, _CMP_LT_OQ), _mm256_set1_ps(-1.0f));
  return _mm256_or_ps(_mm256_or_ps(positive, negative), _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}
inline __m256 flush(__m256 a, __m256 threshold) {
  return _mm256_andnot_ps(_mm256_cmp_ps(abs(a), threshold, _CMP_LT_OQ), a);
}
inline __m256 flushPositive(__m256 a, __m256 threshold) {
  return _mm256_andnot_ps(_mm256_cmp_ps(a, threshold, _CMP_LT_OQ), a);
}
inline __m256 select(__m256 a, __m256 b, __m256 x, __m256 y) {
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

inline __m256d add(__m256d a, __m256d b) { return _mm256_add_pd(a, b); }
inline __m256d sub(__m256d a, __m256d b) { return _mm256_sub_pd(a, b); }
inline __m256d mul(__m256d a, __m256d b) { return _mm256_mul_pd(a, b); }
inline __m256d div(__m256d a, __m256d b) { return _mm256_div_pd(a, b); }
inline __m256d sqrt(__m256d a) { return _mm256_sqrt_pd(a); }
inline __m256d abs(__m256d a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
inline __m256d neg(__m256d a) { return _mm256_xor_pd(_mm256_set1_pd(-0.0), a); }
inline __m256d max(__m256d a, __m256d b) { return _mm256_max_pd(b, a); }
inline __m256d min(__m256d a, __m256d b) { return _mm256_min_pd(b, a); }
CAUCHY_INLINE __m256d sign(__m256d a) {
  const __m256d zero = _mm256_setzero_pd();
  const __m256d positive = _mm256_and_pd(_mm256_cmp_pd(a, zero, _CMP_GT_OQ), _mm256_set1_pd(1.0));
  const __m256d negative = _mm256_and_pd(_mm256_cmp_pd(a, zero, _CMP_LT_OQ), _mm256_set1_pd(-1.0));
  return _mm256_or_pd(_mm256_or_pd(positive, negative), _mm256_cmp_pd(a, a, _CMP_UNORD_Q));
}
inline __m256d flush(__m256d a, __m256d threshold) {
  return _mm256_andnot_pd(_mm256_cmp_pd(abs(a), threshold, _CMP_LT_OQ), a);
}
inline __m256d flushPositive(__m256d a, __m256d threshold) {
  return _mm256_andnot_pd(_mm256_cmp_pd(a, threshold, _CMP_LT_OQ), a);
}
inline __m256d select(__m256d a, __m256d b, __m256d x, __m256d y) {
  return _mm256_blendv_pd(y, x, _mm256_cmp_pd(a, b, _CMP_LT_OQ));
}

// As in scalar.h.
inline __m256 cubeRootGuess(__m256 a) {
  const __m256i h = _mm256_castps_si256(a);
  const __m256i q = _mm256_add_epi32(_mm256_srli_epi32(h, 2), _mm256_srli_epi32(h, 4));
  const __m256i r = _mm256_add_epi32(q, _mm256_srli_epi32(q, 4));
  const __m256i t = _mm256_add_epi32(r, _mm256_srli_epi32(r, 8));
  return _mm256_castsi256_ps(_mm256_add_epi32(t, _mm256_set1_epi32(kCubeRootBias32)));
}
inline __m256d cubeRootGuess(__m256d a) {
  const __m256i h = _mm256_srli_epi64(_mm256_castpd_si256(a), 32);
  const __m256i q = _mm256_add_epi64(_mm256_srli_epi64(h, 2), _mm256_srli_epi64(h, 4));
  const __m256i r = _mm256_add_epi64(q, _mm256_srli_epi64(q, 4));
  const __m256i t = _mm256_add_epi64(r, _mm256_srli_epi64(r, 8));
  return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_add_epi64(t, _mm256_set1_epi64x(kCubeRootBias64)), 32));
}

inline __m256d lowHalf(__m256 x) { return _mm256_cvtps_pd(_mm256_castps256_ps128(x)); }
inline __m256d highHalf(__m256 x) { return _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)); }
inline void addTo(double* s, __m256d x) { _mm256_storeu_pd(s, _mm256_add_pd(_mm256_loadu_pd(s), x)); }
inline void maxTo(double* s, __m256d x) { _mm256_storeu_pd(s, max(_mm256_loadu_pd(s), x)); }

inline __m256i bits(__m256 x) { return _mm256_castps_si256(x); }
inline __m256 floats(__m256i u) { return _mm256_castsi256_ps(u); }
inline __m256 quiet(__m256 x) {
  return _mm256_blendv_ps(x, floats(WideF32::word(kQuietNaN)), _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}
inline __m256i addBits(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }
inline __m256i mulBits(__m256i a, __m256i b) { return _mm256_mullo_epi32(a, b); }
inline __m256i andBits(__m256i a, __m256i b) { return _mm256_and_si256(a, b); }
inline __m256i orBits(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
inline __m256i xorBits(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
inline __m256i minBits(__m256i a, __m256i b) { return _mm256_min_epu32(a, b); }
inline __m256i maxBits(__m256i a, __m256i b) { return _mm256_max_epu32(a, b); }
inline __m256i shiftLeft(__m256i a, int n) { return _mm256_slli_epi32(a, n); }
inline __m256i shiftRight(__m256i a, int n) { return _mm256_srli_epi32(a, n); }
inline uint32_t largestOf(__m256i a) {
  const __m128i four = _mm_max_epu32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
  const __m128i two = _mm_max_epu32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_max_epu32(two, _mm_shuffle_epi32(two, _MM_SHUFFLE(2, 3, 0, 1)))));
}
inline void writeHalves(uint16_t* p, size_t i, __m256i u) {
  const __m256i halves = _mm256_srli_epi32(u, 16);
  const __m128i packed = _mm_packus_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + i), packed);
}
inline void writeCodes(uint8_t* p, size_t i, __m256i u) {
  const __m256i bytes = andBits(u, WideF32::word(0xff));
  const __m128i halves = _mm_packus_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p + i), _mm_packus_epi16(halves, halves));
}
