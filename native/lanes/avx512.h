// 512-bit lanes of AVX-512F alone: sign bits by integer operations (the float ones need DQ).
struct WideF32 {
  using T = float;
  using V = __m512;
  using I = __m512i;
  static constexpr size_t lanes = 16;
  static V splat(T x) { return _mm512_set1_ps(x); }
  static V load(const T* p) { return _mm512_loadu_ps(p); }
  static I word(uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  static I counting(uint32_t first) {
    return _mm512_add_epi32(word(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  }
  static I loadHalves(const uint16_t* p) {
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return _mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16);
  }
  static I loadCodes(const uint8_t* p) {
    return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
};

inline void write(float* p, size_t i, __m512 x) { _mm512_storeu_ps(p + i, x); }

inline __m512 add(__m512 a, __m512 b) { return _mm512_add_ps(a, b); }
inline __m512 sub(__m512 a, __m512 b) { return _mm512_sub_ps(a, b); }
inline __m512 mul(__m512 a, __m512 b) { return _mm512_mul_ps(a, b); }
inline __m512 div(__m512 a, __m512 b) { return _mm512_div_ps(a, b); }
inline __m512 sqrt(__m512 a) { return _mm512_sqrt_ps(a); }
inline __m512 abs(__m512 a) { return _mm512_abs_ps(a); }
inline __m512 neg(__m512 a) {
  return _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(a), _mm512_set1_epi32(INT32_MIN)));
}
// The instruction gives its second operand when the comparison is false: a < b ? b : a.
inline __m512 max(__m512 a, __m512 b) { return _mm512_max_ps(b, a); }
inline __m512 min(__m512 a, __m512 b) { return _mm512_min_ps(b, a); }
CAUCHY_INLINE __m512 sign(__m512 a) {
  const __m512 zero = _mm512_setzero_ps();
  const __m512 nan = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q), a);
  const __m512 positive =
      _mm512_mask_mov_ps(nan, _mm512_cmp_ps_mask(a, zero, _CMP_GT_OQ), _mm512_set1_ps(1.0f));
  return _mm512_mask_mov_ps(positive, _mm512_cmp_ps_mask(a, zero, _CMP_LT_OQ), _mm512_set1_ps(-1.0f));
}
inline __m512 flush(__m512 a, __m512 threshold) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(abs(a), threshold, _CMP_NLT_UQ), a);
}
inline __m512 flushPositive(__m512 a, __m512 threshold) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, threshold, _CMP_NLT_UQ), a);
}
inline __m512 select(__m512 a, __m512 b, __m512 x, __m512 y) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
}

inline __m512d add(__m512d a, __m512d b) { return _mm512_add_pd(a, b); }
inline __m512d mul(__m512d a, __m512d b) { return _mm512_mul_pd(a, b); }
inline __m512d max(__m512d a, __m512d b) { return _mm512_max_pd(b, a); }

// As in scalar.h.
inline __m512 cubeRootGuess(__m512 a) {
  const __m512i h = _mm512_castps_si512(a);
  const __m512i q = _mm512_add_epi32(_mm512_srli_epi32(h, 2), _mm512_srli_epi32(h, 4));
  const __m512i r = _mm512_add_epi32(q, _mm512_srli_epi32(q, 4));
  const __m512i t = _mm512_add_epi32(r, _mm512_srli_epi32(r, 8));
  return _mm512_castsi512_ps(_mm512_add_epi32(t, _mm512_set1_epi32(kCubeRootBias32)));
}

inline __m512d lowHalf(__m512 x) { return _mm512_cvtps_pd(_mm512_castps512_ps256(x)); }
inline __m512d highHalf(__m512 x) {
  const __m256d high = _mm512_extractf64x4_pd(_mm512_castps_pd(x), 1);
  return _mm512_cvtps_pd(_mm256_castpd_ps(high));
}
inline void addTo(double* s, __m512d x) { _mm512_storeu_pd(s, _mm512_add_pd(_mm512_loadu_pd(s), x)); }
inline void maxTo(double* s, __m512d x) { _mm512_storeu_pd(s, max(_mm512_loadu_pd(s), x)); }

inline __m512i bits(__m512 x) { return _mm512_castps_si512(x); }
inline __m512 floats(__m512i u) { return _mm512_castsi512_ps(u); }
inline __m512 quiet(__m512 x) {
  return _mm512_mask_mov_ps(x, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), floats(WideF32::word(kQuietNaN)));
}
inline __m512i addBits(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }
inline __m512i mulBits(__m512i a, __m512i b) { return _mm512_mullo_epi32(a, b); }
inline __m512i andBits(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }
inline __m512i orBits(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
inline __m512i xorBits(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
inline __m512i minBits(__m512i a, __m512i b) { return _mm512_min_epu32(a, b); }
inline __m512i maxBits(__m512i a, __m512i b) { return _mm512_max_epu32(a, b); }
inline __m512i shiftLeft(__m512i a, int n) { return _mm512_slli_epi32(a, n); }
inline __m512i shiftRight(__m512i a, int n) { return _mm512_srli_epi32(a, n); }
inline uint32_t largestOf(__m512i a) { return _mm512_reduce_max_epu32(a); }
inline void writeHalves(uint16_t* p, size_t i, __m512i u) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + i), _mm512_cvtepi32_epi16(_mm512_srli_epi32(u, 16)));
}
inline void writeCodes(uint8_t* p, size_t i, __m512i u) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + i), _mm512_cvtepi32_epi8(u));
}
