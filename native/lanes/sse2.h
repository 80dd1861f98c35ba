// 128-bit lanes of the x86-64 baseline.
struct WideF32 {
  using T = float;
  using V = __m128;
  using I = __m128i;
  static constexpr size_t lanes = 4;
  static V splat(T x) { return _mm_set1_ps(x); }
  static V load(const T* p) { return _mm_loadu_ps(p); }
  static I word(uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
  static I counting(uint32_t first) { return _mm_add_epi32(word(first), _mm_setr_epi32(0, 1, 2, 3)); }
  static I loadHalves(const uint16_t* p) {
    return _mm_unpacklo_epi16(_mm_setzero_si128(), _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
  }
  static I loadCodes(const uint8_t* p) {
    int codes;
    memcpy(&codes, p, sizeof codes);
    const __m128i zero = _mm_setzero_si128();
    return _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(codes), zero), zero);
  }
};

inline void write(float* p, size_t i, __m128 x) { _mm_storeu_ps(p + i, x); }

inline __m128 add(__m128 a, __m128 b) { return _mm_add_ps(a, b); }
inline __m128 sub(__m128 a, __m128 b) { return _mm_sub_ps(a, b); }
inline __m128 mul(__m128 a, __m128 b) { return _mm_mul_ps(a, b); }
inline __m128 div(__m128 a, __m128 b) { return _mm_div_ps(a, b); }
inline __m128 sqrt(__m128 a) { return _mm_sqrt_ps(a); }
inline __m128 abs(__m128 a) { return _mm_andnot_ps(_mm_set1_ps(-0.0f), a); }
inline __m128 neg(__m128 a) { return _mm_xor_ps(_mm_set1_ps(-0.0f), a); }
// The instruction gives its second operand when the comparison is false: a < b ? b : a.
inline __m128 max(__m128 a, __m128 b) { return _mm_max_ps(b, a); }
inline __m128 min(__m128 a, __m128 b) { return _mm_min_ps(b, a); }
inline __m128 sign(__m128 a) {
  const __m128 zero = _mm_setzero_ps();
  const __m128 positive = _mm_and_ps(_mm_cmpgt_ps(a, zero), _mm_set1_ps(1.0f));
  const __m128 negative = _mm_and_ps(_mm_cmplt_ps(a, zero), _mm_set1_ps(-1.0f));
  return _mm_or_ps(_mm_or_ps(positive, negative), _mm_cmpunord_ps(a, a));
}
inline __m128 flush(__m128 a, __m128 threshold) {
  return _mm_andnot_ps(_mm_cmplt_ps(abs(a), threshold), a);
}
inline __m128 flushPositive(__m128 a, __m128 threshold) {
  return _mm_andnot_ps(_mm_cmplt_ps(a, threshold), a);
}
inline __m128 select(__m128 a, __m128 b, __m128 x, __m128 y) {
  const __m128 less = _mm_cmplt_ps(a, b);
  return _mm_or_ps(_mm_and_ps(less, x), _mm_andnot_ps(less, y));
}

inline __m128d add(__m128d a, __m128d b) { return _mm_add_pd(a, b); }
inline __m128d mul(__m128d a, __m128d b) { return _mm_mul_pd(a, b); }
inline __m128d max(__m128d a, __m128d b) { return _mm_max_pd(b, a); }

// As in scalar.h.
inline __m128 cubeRootGuess(__m128 a) {
  const __m128i h = _mm_castps_si128(a);
  const __m128i q = _mm_add_epi32(_mm_srli_epi32(h, 2), _mm_srli_epi32(h, 4));
  const __m128i r = _mm_add_epi32(q, _mm_srli_epi32(q, 4));
  const __m128i t = _mm_add_epi32(r, _mm_srli_epi32(r, 8));
  return _mm_castsi128_ps(_mm_add_epi32(t, _mm_set1_epi32(kCubeRootBias32)));
}

inline __m128d lowHalf(__m128 x) { return _mm_cvtps_pd(x); }
inline __m128d highHalf(__m128 x) { return _mm_cvtps_pd(_mm_movehl_ps(x, x)); }
inline void addTo(double* s, __m128d x) { _mm_storeu_pd(s, _mm_add_pd(_mm_loadu_pd(s), x)); }
inline void maxTo(double* s, __m128d x) { _mm_storeu_pd(s, max(_mm_loadu_pd(s), x)); }

inline __m128i bits(__m128 x) { return _mm_castps_si128(x); }
inline __m128 floats(__m128i u) { return _mm_castsi128_ps(u); }
inline __m128 quiet(__m128 x) {
  const __m128 nan = _mm_cmpunord_ps(x, x);
  return _mm_or_ps(_mm_andnot_ps(nan, x), _mm_and_ps(nan, floats(WideF32::word(kQuietNaN))));
}
inline __m128i addBits(__m128i a, __m128i b) { return _mm_add_epi32(a, b); }
// SSE2 multiplies two of four lanes at a time, to 64 bits.
inline __m128i mulBits(__m128i a, __m128i b) {
  const __m128i even = _mm_mul_epu32(a, b);
  const __m128i odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(b, 32));
  return _mm_unpacklo_epi32(_mm_shuffle_epi32(even, _MM_SHUFFLE(0, 0, 2, 0)),
                            _mm_shuffle_epi32(odd, _MM_SHUFFLE(0, 0, 2, 0)));
}
inline __m128i andBits(__m128i a, __m128i b) { return _mm_and_si128(a, b); }
inline __m128i orBits(__m128i a, __m128i b) { return _mm_or_si128(a, b); }
inline __m128i xorBits(__m128i a, __m128i b) { return _mm_xor_si128(a, b); }
// SSE2 compares signed lanes alone: with the sign bits turned that is the order of unsigned ones.
inline __m128i lessBits(__m128i a, __m128i b) {
  const __m128i turn = WideF32::word(0x80000000);
  return _mm_cmplt_epi32(_mm_xor_si128(a, turn), _mm_xor_si128(b, turn));
}
inline __m128i chooseBits(__m128i mask, __m128i a, __m128i b) {
  return _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b));
}
inline __m128i minBits(__m128i a, __m128i b) { return chooseBits(lessBits(b, a), b, a); }
inline __m128i maxBits(__m128i a, __m128i b) { return chooseBits(lessBits(a, b), b, a); }
inline __m128i shiftLeft(__m128i a, int n) { return _mm_slli_epi32(a, n); }
inline __m128i shiftRight(__m128i a, int n) { return _mm_srli_epi32(a, n); }
inline uint32_t largestOf(__m128i a) {
  const __m128i half = maxBits(a, _mm_shuffle_epi32(a, _MM_SHUFFLE(1, 0, 3, 2)));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(maxBits(half, _mm_shuffle_epi32(half, _MM_SHUFFLE(2, 3, 0, 1)))));
}
inline void writeHalves(uint16_t* p, size_t i, __m128i u) {
  const __m128i halves = _mm_srai_epi32(u, 16);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p + i), _mm_packs_epi32(halves, halves));
}
inline void writeCodes(uint8_t* p, size_t i, __m128i u) {
  const __m128i bytes = andBits(u, WideF32::word(0xff));
  const __m128i halves = _mm_packs_epi32(bytes, bytes);
  const int codes = _mm_cvtsi128_si32(_mm_packus_epi16(halves, halves));
  memcpy(p + i, &codes, sizeof codes);
}
