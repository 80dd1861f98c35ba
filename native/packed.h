// Runs a kernel over a tensor whose state is packed: stretch by stretch, within the first-level cache, state becomes
// float32, is computed on as ever, and is packed again. Mirrored in assembly/packed.ts.

constexpr int kMoments = 2;  // packed arrays of one tensor

template <class L>
void unpack(uint32_t packing, Arrays a, size_t length) {
  if (packing == kInt8First) return unpackInt8First<L>(a, 0, length);
  if (packing == kInt8Second) return unpackInt8Second<L>(a, 0, length);
  unpackBf16<L>(a, 0, length);
}

template <class L>
void pack(uint32_t packing, Arrays a, size_t length) {
  if (packing == kInt8First) return packInt8First<L>(a, 0, length);
  if (packing == kInt8Second) return packInt8Second<L>(a, 0, length);
  if (packing == kBf16Second) return packBf16Second<L>(a, 0, length);
  packBf16First<L>(a, 0, length);
}

// Packed arrays end in padding, so that the last stretch is one of whole vectors.
template <class Wide>
CAUCHY_NOINLINE void drivePacked(const Tensor& tensor, const double* row, int32_t mode, Loop wide, int kernel) {
  alignas(64) float prepared[kStretch];
  alignas(64) float unpacked[kMoments][kStretch];
  alignas(64) float draws[kStretch];
  const int count = packingOf(tensor, 1) == kPlain ? 1 : kMoments;
  const bool drawn = tensor.packing != kBf16First;
  for (size_t start = 0; start < tensor.length; start += kStretch) {
    const size_t length = least(tensor.length - start, kStretch);
    const size_t padded = (length + Wide::lanes - 1) / Wide::lanes * Wide::lanes;
    const auto at = [&](int slot) -> void* {
      return static_cast<char*>(tensor.slots[slot]) + offsetOf(tensor, slot, start);
    };
    void* slots[kSlots] = {at(0), at(1)};
    void* arrays[kMoments][4];
    for (int k = 0; k < count; k++) {
      const uint32_t packing = packingOf(tensor, k);
      void** a = arrays[k];
      a[0] = slots[2 + k] = unpacked[k];
      a[1] = at(2 + k);
      a[2] = packing < kInt8First ? nullptr : at(2 + count + k);
      a[3] = draws;
      unpack<Wide>(packing, a, padded);
    }
    if (mode != kAsIs) prepare<Wide>(slots, prepared, row, mode, length);
    span<Wide>(wide, kernel, slots, row, nullptr, length);
    if (drawn) draw<Wide>(arrays[0], row, tensor.first + start, 0, padded);
    for (int k = 0; k < count; k++) pack<Wide>(packingOf(tensor, k), arrays[k], padded);
  }
}
