// One lane: the tail of every instruction set, and an instruction set of its own. It also states what
// each operation means: the other headers do the same to more lanes.
struct ScalarF32 {
  using T = float;
  using V = float;
  using I = uint32_t;
  static constexpr size_t lanes = 1;
  static V splat(T x) { return x; }
  static V load(const T* p) { return *p; }
  static I word(uint32_t x) { return x; }
  static I counting(uint32_t first) { return first; }
  static I loadHalves(const uint16_t* p) { return static_cast<uint32_t>(*p) << 16; }
  static I loadCodes(const uint8_t* p) { return *p; }
};

struct ScalarF64 {
  using T = double;
  using V = double;
  static constexpr size_t lanes = 1;
  static V splat(T x) { return x; }
  static V load(const T* p) { return *p; }
};

inline void write(float* p, size_t i, float x) { p[i] = x; }
inline void write(double* p, size_t i, double x) { p[i] = x; }

inline float add(float a, float b) { return a + b; }
inline float sub(float a, float b) { return a - b; }
inline float mul(float a, float b) { return a * b; }
inline float div(float a, float b) { return a / b; }
inline float sqrt(float a) { return ::sqrtf(a); }
inline float abs(float a) { return ::fabsf(a); }
inline float neg(float a) { return -a; }
inline float max(float a, float b) { return a < b ? b : a; }
inline float min(float a, float b) { return b < a ? b : a; }
// −1, 0 or 1; +0 for both zeros, NaN for NaN.
inline float sign(float a) { return a > 0 ? 1.0f : a < 0 ? -1.0f : a == 0 ? 0.0f : a; }
// A third of an integer in shifts and additions, 1.3e-6 of it too small.
inline uint32_t third(uint32_t h) {
  const uint32_t a = (h >> 2) + (h >> 4);
  const uint32_t b = a + (a >> 4);
  return b + (b >> 8);
}
// ∛a within 4 %, for positive normal a: a third of its bits, taken as an integer; of a double's upper half.
inline float cubeRootGuess(float a) {
  uint32_t bits;
  memcpy(&bits, &a, sizeof a);
  bits = third(bits) + kCubeRootBias32;
  memcpy(&a, &bits, sizeof a);
  return a;
}
inline double cubeRootGuess(double a) {
  uint64_t bits;
  memcpy(&bits, &a, sizeof a);
  bits = static_cast<uint64_t>(third(static_cast<uint32_t>(bits >> 32)) + kCubeRootBias64) << 32;
  memcpy(&a, &bits, sizeof a);
  return a;
}
inline float flush(float a, float threshold) { return abs(a) < threshold ? 0.0f : a; }
inline float flushPositive(float a, float threshold) { return a < threshold ? 0.0f : a; }
inline float select(float a, float b, float x, float y) { return a < b ? x : y; }

inline double add(double a, double b) { return a + b; }
inline double sub(double a, double b) { return a - b; }
inline double mul(double a, double b) { return a * b; }
inline double div(double a, double b) { return a / b; }
inline double sqrt(double a) { return ::sqrt(a); }
inline double abs(double a) { return ::fabs(a); }
inline double neg(double a) { return -a; }
inline double max(double a, double b) { return a < b ? b : a; }
inline double min(double a, double b) { return b < a ? b : a; }
inline double sign(double a) { return a > 0 ? 1.0 : a < 0 ? -1.0 : a == 0 ? 0.0 : a; }
inline double flush(double a, double threshold) { return abs(a) < threshold ? 0.0 : a; }
inline double flushPositive(double a, double threshold) { return a < threshold ? 0.0 : a; }
inline double select(double a, double b, double x, double y) { return a < b ? x : y; }

// Of wider lanes the lower half and the upper one, in double.
inline double lowHalf(float x) { return x; }
inline void addTo(double* s, double x) { *s += x; }
inline void maxTo(double* s, double x) { *s = max(*s, x); }

// Bits of float32 lanes, and arithmetic on them modulo 2³².
inline uint32_t bits(float x) {
  uint32_t u;
  memcpy(&u, &x, sizeof x);
  return u;
}
inline float floats(uint32_t u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}
// x, or the positive NaN without payload for any NaN
inline float quiet(float x) { return x == x ? x : floats(kQuietNaN); }
inline uint32_t addBits(uint32_t a, uint32_t b) { return a + b; }
inline uint32_t mulBits(uint32_t a, uint32_t b) { return a * b; }
inline uint32_t andBits(uint32_t a, uint32_t b) { return a & b; }
inline uint32_t orBits(uint32_t a, uint32_t b) { return a | b; }
inline uint32_t xorBits(uint32_t a, uint32_t b) { return a ^ b; }
inline uint32_t minBits(uint32_t a, uint32_t b) { return b < a ? b : a; }
inline uint32_t maxBits(uint32_t a, uint32_t b) { return a < b ? b : a; }
inline uint32_t shiftLeft(uint32_t a, int n) { return a << n; }
inline uint32_t shiftRight(uint32_t a, int n) { return a >> n; }
inline uint32_t largestOf(uint32_t a) { return a; }
// The upper half of each lane.
inline void writeHalves(uint16_t* p, size_t i, uint32_t u) { p[i] = static_cast<uint16_t>(u >> 16); }
// Lanes below 256 as a byte each.
inline void writeCodes(uint8_t* p, size_t i, uint32_t u) { p[i] = static_cast<uint8_t>(u); }
