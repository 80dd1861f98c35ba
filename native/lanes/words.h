// The words of packed state that do not depend on the instruction set, over float32 lanes L.
inline uint16_t* halves(Arrays a, int slot) { return static_cast<uint16_t*>(a[slot]); }
inline uint8_t* codes(Arrays a, int slot) { return static_cast<uint8_t*>(a[slot]); }
inline float* words(Arrays a, int slot) { return static_cast<float*>(a[slot]); }

template <class L>
inline typename L::I word(uint32_t x) {
  return L::word(x);
}

// A coefficient that is a word.
template <class L>
inline typename L::I keyWord(Coefficients c, int k) {
  return L::word(static_cast<uint32_t>(c[k]));
}

// The indices of elements from first + i on, modulo 2³².
template <class L>
inline typename L::I counting(size_t first, size_t i) {
  return L::counting(static_cast<uint32_t>(first + i));
}

// Words lie where floats could: nothing but their bits is looked at.
template <class L>
inline typename L::I readWords(const float* p, size_t i) {
  return bits(L::load(p + i));
}

template <class I>
inline void writeWords(float* p, size_t i, I u) {
  write(p, i, floats(u));
}

// 16 bits each, as the upper half of a lane.
template <class L>
inline typename L::I readHalves(const uint16_t* p, size_t i) {
  return L::loadHalves(p + i);
}

// A byte each.
template <class L>
inline typename L::I readCodes(const uint8_t* p, size_t i) {
  return L::loadCodes(p + i);
}

// Elements that share a scale, in indices.
template <class L>
constexpr size_t scaled() {
  return kScaled;
}

inline size_t least(size_t a, size_t b) { return a < b ? a : b; }

// The scale under which the block's largest magnitude is `most`: 0 for a block of zeros, NaN where one is not finite.
template <class L>
inline float blockScale(typename L::I magnitudes, float most) {
  const uint32_t largest = largestOf(magnitudes);
  if (largest >= kInfinityBits) return floats(kQuietNaN);
  return largest < kTinyBits ? 0.0f : floats(largest) / most;
}

template <class L>
inline typename L::V readScale(const float* scales, size_t i) {
  return L::splat(scales[i / kScaled]);
}

inline void writeScale(float* scales, size_t i, float scale) { scales[i / kScaled] = scale; }

// 1/scale, 0 where there is none.
template <class L>
inline typename L::V inverseScale(float scale) {
  return L::splat(scale > 0 ? 1 / scale : 0.0f);
}

// The sign bit, none in a block that is NaN: a NaN's sign differs between machines.
template <class L>
inline typename L::I signBit(float scale) {
  return L::word(scale == scale ? 0x80000000 : 0);
}
