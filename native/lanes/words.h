// The words of packed state that do not depend on the instruction set, over float32 lanes L.
inline uint16_t* halves(Arrays a, int slot) { return static_cast<uint16_t*>(a[slot]); }
inline uint8_t* codes(Arrays a, int slot) { return static_cast<uint8_t*>(a[slot]); }

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

// Random bits for each element: a hash of its index, with a multiplier and an offset that are the key. Before mixing.
template <class L>
inline typename L::I hashes(Coefficients c, size_t first, size_t i) {
  return addBits(mulBits(counting<L>(first, i), keyWord<L>(c, 22)), keyWord<L>(c, 23));
}

// From the hashes of one vector to those of the next.
template <class L>
inline typename L::I hashTurn(Coefficients c) {
  return mulBits(word<L>(L::lanes), keyWord<L>(c, 22));
}

// Mixed: the upper bits are random.
template <class L>
inline typename L::I draw(typename L::I hash) {
  return mulBits(xorBits(hash, shiftRight(hash, 16)), word<L>(0x7feb352d));
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

// The scale under which the block's largest magnitude is `most`: 0 for a block of zeros, NaN where one is not finite.
template <class L>
inline float blockScale(typename L::I magnitudes, float most) {
  const uint32_t largest = largestOf(magnitudes);
  if (largest >= kInfinityBits) return floats(kQuietNaN);
  return largest < kTinyBits ? 0.0f : floats(largest) / most;
}

template <class L>
inline typename L::V readScale(const float* scale) {
  return L::splat(*scale);
}

inline void writeScale(float* to, float scale) { *to = scale; }

// 2/scale, 0 where there is none.
template <class L>
inline typename L::V twiceInverse(const float* scale) {
  return L::splat(*scale > 0 ? 2 * (1 / *scale) : 0.0f);
}

// The sign bit, none in a block that is NaN: a NaN's sign differs between machines.
template <class L>
inline typename L::I signBit(const float* scale) {
  return L::word(*scale == *scale ? 0x80000000 : 0);
}
