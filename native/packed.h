// Runs a kernel over a tensor whose state is packed: block by block, within the first-level cache, state becomes
// float32, is computed on as ever, and is packed again. Mirrored in assembly/packed.ts.

constexpr int kMoments = 2;  // packed arrays of one tensor

template <class L>
void unpack(uint32_t packing, Arrays a, size_t length) {
  if (packing == kInt8First) return unpackInt8First<L>(a, 0, length);
  if (packing == kInt8Second) return unpackInt8Second<L>(a, 0, length);
  unpackBf16<L>(a, 0, length);
}

template <class L>
void scale(uint32_t packing, Arrays a, size_t length) {
  if (packing >= kInt8First) scaleInt8<L>(a, packing == kInt8First ? 247.0f : 63487.0f, 0, length);
}

template <class L>
void pack(uint32_t packing, Arrays a, Coefficients c, size_t first, size_t length) {
  if (packing == kInt8First) return packInt8First<L>(a, c, first, 0, length);
  if (packing == kInt8Second) return packInt8Second<L>(a, c, first, 0, length);
  if (packing == kBf16Second) return packBf16Second<L>(a, c, first, 0, length);
  packBf16First<L>(a, 0, length);
}

// Packed arrays end in padding, so that the last block is one of whole vectors.
template <class Wide>
CAUCHY_NOINLINE void drivePacked(const Tensor& tensor, const double* row, int32_t mode, Loop wide, int kernel) {
  alignas(64) float prepared[kScaled];
  alignas(64) float unpacked[kMoments][kScaled];
  const int count = packingOf(tensor, 1) == kPlain ? 1 : kMoments;
  for (size_t start = 0; start < tensor.length; start += kScaled) {
    const size_t rest = tensor.length - start;
    const size_t length = rest < kScaled ? rest : kScaled;
    const size_t padded = (length + Wide::lanes - 1) / Wide::lanes * Wide::lanes;
    const auto at = [&](int slot) -> void* {
      return static_cast<char*>(tensor.slots[slot]) + offsetOf(tensor, slot, start);
    };
    void* slots[kSlots] = {at(0), at(1)};
    void* arrays[kMoments][3];
    for (int k = 0; k < count; k++) {
      const uint32_t packing = packingOf(tensor, k);
      void** a = arrays[k];
      a[0] = slots[2 + k] = unpacked[k];
      a[1] = at(2 + k);
      a[2] = packing < kInt8First ? nullptr : at(2 + count + k);
      unpack<Wide>(packing, a, padded);
    }
    if (mode != kAsIs) prepare<Wide>(slots, prepared, row, mode, length);
    span<Wide>(wide, kernel, slots, row, nullptr, length);
    // Scales apart, so that nothing waits for a division.
    for (int k = 0; k < count; k++) scale<Wide>(packingOf(tensor, k), arrays[k], padded);
    for (int k = 0; k < count; k++) {
      pack<Wide>(packingOf(tensor, k), arrays[k], row, tensor.first + start, padded);
    }
  }
}
