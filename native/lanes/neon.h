// 128-bit lanes of AArch64.
struct WideF32 {
  using T = float;
  using V = float32x4_t;
  using I = uint32x4_t;
  static constexpr size_t lanes = 4;
  static V splat(T x) { return vdupq_n_f32(x); }
  static V load(const T* p) { return vld1q_f32(p); }
  static I word(uint32_t x) { return vdupq_n_u32(x); }
  static I counting(uint32_t first) {
    const uint32_t lane[] = {0, 1, 2, 3};
    return vaddq_u32(word(first), vld1q_u32(lane));
  }
  static I loadHalves(const uint16_t* p) { return vshll_n_u16(vld1_u16(p), 16); }
  static I loadCodes(const uint8_t* p) {
    uint32_t codes;
    memcpy(&codes, p, sizeof codes);
    return vmovl_u16(vget_low_u16(vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(codes)))));
  }
};

struct WideF64 {
  using T = double;
  using V = float64x2_t;
  static constexpr size_t lanes = 2;
  static V splat(T x) { return vdupq_n_f64(x); }
  static V load(const T* p) { return vld1q_f64(p); }
};

inline void write(float* p, size_t i, float32x4_t x) { vst1q_f32(p + i, x); }
inline void write(double* p, size_t i, float64x2_t x) { vst1q_f64(p + i, x); }

inline float32x4_t add(float32x4_t a, float32x4_t b) { return vaddq_f32(a, b); }
inline float32x4_t sub(float32x4_t a, float32x4_t b) { return vsubq_f32(a, b); }
inline float32x4_t mul(float32x4_t a, float32x4_t b) { return vmulq_f32(a, b); }
inline float32x4_t div(float32x4_t a, float32x4_t b) { return vdivq_f32(a, b); }
inline float32x4_t sqrt(float32x4_t a) { return vsqrtq_f32(a); }
inline float32x4_t abs(float32x4_t a) { return vabsq_f32(a); }
inline float32x4_t neg(float32x4_t a) { return vnegq_f32(a); }
// The instructions FMAX and FMIN treat NaN otherwise, so: compare and select.
inline float32x4_t max(float32x4_t a, float32x4_t b) { return vbslq_f32(vcltq_f32(a, b), b, a); }
inline float32x4_t min(float32x4_t a, float32x4_t b) { return vbslq_f32(vcltq_f32(b, a), b, a); }
inline float32x4_t sign(float32x4_t a) {
  const float32x4_t zero = vdupq_n_f32(0);
  const float32x4_t nan = vbslq_f32(vceqq_f32(a, a), zero, a);
  const float32x4_t positive = vbslq_f32(vcgtq_f32(a, zero), vdupq_n_f32(1.0f), nan);
  return vbslq_f32(vcltq_f32(a, zero), vdupq_n_f32(-1.0f), positive);
}
inline float32x4_t flush(float32x4_t a, float32x4_t threshold) {
  return vbslq_f32(vcltq_f32(abs(a), threshold), vdupq_n_f32(0), a);
}
inline float32x4_t flushPositive(float32x4_t a, float32x4_t threshold) {
  return vbslq_f32(vcltq_f32(a, threshold), vdupq_n_f32(0), a);
}
inline float32x4_t select(float32x4_t a, float32x4_t b, float32x4_t x, float32x4_t y) {
  return vbslq_f32(vcltq_f32(a, b), x, y);
}

inline float64x2_t add(float64x2_t a, float64x2_t b) { return vaddq_f64(a, b); }
inline float64x2_t sub(float64x2_t a, float64x2_t b) { return vsubq_f64(a, b); }
inline float64x2_t mul(float64x2_t a, float64x2_t b) { return vmulq_f64(a, b); }
inline float64x2_t div(float64x2_t a, float64x2_t b) { return vdivq_f64(a, b); }
inline float64x2_t sqrt(float64x2_t a) { return vsqrtq_f64(a); }
inline float64x2_t abs(float64x2_t a) { return vabsq_f64(a); }
inline float64x2_t neg(float64x2_t a) { return vnegq_f64(a); }
inline float64x2_t max(float64x2_t a, float64x2_t b) { return vbslq_f64(vcltq_f64(a, b), b, a); }
inline float64x2_t min(float64x2_t a, float64x2_t b) { return vbslq_f64(vcltq_f64(b, a), b, a); }
inline float64x2_t sign(float64x2_t a) {
  const float64x2_t zero = vdupq_n_f64(0);
  const float64x2_t nan = vbslq_f64(vceqq_f64(a, a), zero, a);
  const float64x2_t positive = vbslq_f64(vcgtq_f64(a, zero), vdupq_n_f64(1.0), nan);
  return vbslq_f64(vcltq_f64(a, zero), vdupq_n_f64(-1.0), positive);
}
inline float64x2_t flush(float64x2_t a, float64x2_t threshold) {
  return vbslq_f64(vcltq_f64(abs(a), threshold), vdupq_n_f64(0), a);
}
inline float64x2_t flushPositive(float64x2_t a, float64x2_t threshold) {
  return vbslq_f64(vcltq_f64(a, threshold), vdupq_n_f64(0), a);
}
inline float64x2_t select(float64x2_t a, float64x2_t b, float64x2_t x, float64x2_t y) {
  return vbslq_f64(vcltq_f64(a, b), x, y);
}

// As in scalar.h.
inline float32x4_t cubeRootGuess(float32x4_t a) {
  const uint32x4_t h = vreinterpretq_u32_f32(a);
  const uint32x4_t q = vaddq_u32(vshrq_n_u32(h, 2), vshrq_n_u32(h, 4));
  const uint32x4_t r = vaddq_u32(q, vshrq_n_u32(q, 4));
  const uint32x4_t t = vaddq_u32(r, vshrq_n_u32(r, 8));
  return vreinterpretq_f32_u32(vaddq_u32(t, vdupq_n_u32(kCubeRootBias32)));
}
inline float64x2_t cubeRootGuess(float64x2_t a) {
  const uint64x2_t h = vshrq_n_u64(vreinterpretq_u64_f64(a), 32);
  const uint64x2_t q = vaddq_u64(vshrq_n_u64(h, 2), vshrq_n_u64(h, 4));
  const uint64x2_t r = vaddq_u64(q, vshrq_n_u64(q, 4));
  const uint64x2_t t = vaddq_u64(r, vshrq_n_u64(r, 8));
  return vreinterpretq_f64_u64(vshlq_n_u64(vaddq_u64(t, vdupq_n_u64(kCubeRootBias64)), 32));
}

inline float64x2_t lowHalf(float32x4_t x) { return vcvt_f64_f32(vget_low_f32(x)); }
inline float64x2_t highHalf(float32x4_t x) { return vcvt_high_f64_f32(x); }
inline void addTo(double* s, float64x2_t x) { vst1q_f64(s, vaddq_f64(vld1q_f64(s), x)); }
inline void maxTo(double* s, float64x2_t x) { vst1q_f64(s, max(vld1q_f64(s), x)); }

inline uint32x4_t bits(float32x4_t x) { return vreinterpretq_u32_f32(x); }
inline float32x4_t floats(uint32x4_t u) { return vreinterpretq_f32_u32(u); }
inline float32x4_t quiet(float32x4_t x) { return vbslq_f32(vceqq_f32(x, x), x, floats(vdupq_n_u32(kQuietNaN))); }
inline uint32x4_t addBits(uint32x4_t a, uint32x4_t b) { return vaddq_u32(a, b); }
inline uint32x4_t mulBits(uint32x4_t a, uint32x4_t b) { return vmulq_u32(a, b); }
inline uint32x4_t andBits(uint32x4_t a, uint32x4_t b) { return vandq_u32(a, b); }
inline uint32x4_t orBits(uint32x4_t a, uint32x4_t b) { return vorrq_u32(a, b); }
inline uint32x4_t xorBits(uint32x4_t a, uint32x4_t b) { return veorq_u32(a, b); }
inline uint32x4_t minBits(uint32x4_t a, uint32x4_t b) { return vminq_u32(a, b); }
inline uint32x4_t maxBits(uint32x4_t a, uint32x4_t b) { return vmaxq_u32(a, b); }
inline uint32x4_t shiftLeft(uint32x4_t a, int n) { return vshlq_u32(a, vdupq_n_s32(n)); }
inline uint32x4_t shiftRight(uint32x4_t a, int n) { return vshlq_u32(a, vdupq_n_s32(-n)); }
inline uint32_t largestOf(uint32x4_t a) { return vmaxvq_u32(a); }
inline void writeHalves(uint16_t* p, size_t i, uint32x4_t u) { vst1_u16(p + i, vshrn_n_u32(u, 16)); }
inline void writeCodes(uint8_t* p, size_t i, uint32x4_t u) {
  const uint16x4_t halves = vmovn_u32(u);
  const uint8x8_t codes = vmovn_u16(vcombine_u16(halves, halves));
  const uint32_t four = vget_lane_u32(vreinterpret_u32_u8(codes), 0);
  memcpy(p + i, &four, sizeof four);
}
