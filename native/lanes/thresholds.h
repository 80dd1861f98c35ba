// Where a value is taken for zero, so that subnormals never reach the arithmetic (they cost up to forty
// times a normal one): state and gradients below tiny, what is squared below tinySquare, norms below
// tinyNorm (they are taken in double).
template <class T>
struct Thresholds;
template <>
struct Thresholds<float> {
  static constexpr float tinyNorm = 0x1p-126f;
  static constexpr float tiny = 0x1p-100f;
  static constexpr float tinySquare = 0x1p-58f;
};
template <>
struct Thresholds<double> {
  static constexpr double tinyNorm = 0x1p-500;
  static constexpr double tiny = 0x1p-900;
  static constexpr double tinySquare = 0x1p-500;
};

// What a third of the bits of x, as an integer, lacks to those of ∛x: two thirds of the exponent's bias, less what
// makes the errors of the mantissa's straight line as large upwards as downwards. For the upper half of a double.
constexpr uint32_t kCubeRootBias32 = 709958130;
constexpr uint32_t kCubeRootBias64 = 715098500;

constexpr uint32_t kQuietNaN = 0x7fc00000;
constexpr uint32_t kInfinityBits = 0x7f800000;
constexpr uint32_t kTinyBits = 0x0d800000;  // of 2⁻¹⁰⁰
