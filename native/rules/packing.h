// State in low precision: to float32 and back, a stretch at a time. Slots: float32, packed, scales, random words. Mirrored in assembly/rules/packing.ts.

// 32 random bits for each element: a hash of its index, with a multiplier and an offset that are the key.
template <class L>
void draw(Arrays a, Coefficients c, size_t first, size_t begin, size_t end) {
  const auto draws = words(a, 3);
  const auto multiplier = keyWord<L>(c, 22);
  const auto offset = keyWord<L>(c, 23);
  const auto mixer = word<L>(0x7feb352d);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto h0 = addBits(mulBits(counting<L>(first, i), multiplier), offset);
    const auto h1 = mulBits(xorBits(h0, shiftRight(h0, 16)), mixer);
    writeWords(draws, i, xorBits(h1, shiftRight(h1, 15)));
  }
}

// bfloat16 is the upper half of a float32.
template <class L>
void unpackBf16(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = halves(a, 1);
  for (size_t i = begin; i < end; i += step<L>()) {
    write(x, i, floats(readHalves<L>(packed, i)));
  }
}

// First moments: to the nearest, ties to even.
template <class L>
void packBf16First(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = halves(a, 1);
  const auto belowHalf = word<L>(0x7fff);
  const auto one = word<L>(1);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto u = bits(quiet(read<L>(x, i)));
    const auto odd = andBits(shiftRight(u, 16), one);
    writeHalves(packed, i, addBits(u, addBits(belowHalf, odd)));
  }
}

// Second moments: up with the probability of what is cut off.
template <class L>
void packBf16Second(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = halves(a, 1);
  const auto draws = words(a, 3);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto u = bits(quiet(read<L>(x, i)));
    writeHalves(packed, i, addBits(u, shiftRight(readWords<L>(draws, i), 16)));
  }
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
template <class L>
void unpackInt8First(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto scales = array<L>(a, 2);
  const auto magnitude = word<L>(0x7f);
  const auto sign = word<L>(0x80000000);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  for (size_t start = begin; start < end; start += scaled<L>()) {
    const auto stop = least(start + scaled<L>(), end);
    const auto scale = readScale<L>(scales, start);
    for (size_t i = start; i < stop; i += step<L>()) {
      const auto code = readCodes<L>(packed, i);
      // |x| = (y − 1)·scale
      const auto y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne));
      const auto u = bits(mul(sub(y, one), scale));
      write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))));
    }
  }
}

template <class L>
void packInt8First(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto scales = array<L>(a, 2);
  const auto draws = words(a, 3);
  const auto fraction = word<L>(0x7ffff);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  const auto most = floats(word<L>(0x43780000)); // 248
  for (size_t start = begin; start < end; start += scaled<L>()) {
    const auto stop = least(start + scaled<L>(), end);
    auto largest = word<L>(0);
    for (size_t i = start; i < stop; i += step<L>()) {
      largest = maxBits(largest, bits(abs(read<L>(x, i))));
    }
    const auto scale = blockScale<L>(largest, 247);
    writeScale(scales, start, scale);
    const auto inverse = inverseScale<L>(scale);
    const auto sign = signBit<L>(scale);
    for (size_t i = start; i < stop; i += step<L>()) {
      const auto x0 = read<L>(x, i);
      // q: the bits of y, up with the probability of what is cut off
      const auto y = subBits(bits(min(most, add(mul(abs(x0), inverse), one))), bitsOfOne);
      const auto q = shiftRight(addBits(y, andBits(readWords<L>(draws, i), fraction)), 19);
      writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)));
    }
  }
}

template <class L>
void unpackInt8Second(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto scales = array<L>(a, 2);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  for (size_t start = begin; start < end; start += scaled<L>()) {
    const auto stop = least(start + scaled<L>(), end);
    const auto scale = readScale<L>(scales, start);
    for (size_t i = start; i < stop; i += step<L>()) {
      // x = (y − 1)·scale
      const auto y = floats(addBits(shiftLeft(readCodes<L>(packed, i), 19), bitsOfOne));
      write(x, i, mul(sub(y, one), scale));
    }
  }
}

template <class L>
void packInt8Second(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto scales = array<L>(a, 2);
  const auto draws = words(a, 3);
  const auto smallest = word<L>(1);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  const auto most = floats(word<L>(0x47780000)); // 63488
  for (size_t start = begin; start < end; start += scaled<L>()) {
    const auto stop = least(start + scaled<L>(), end);
    auto largest = word<L>(0);
    for (size_t i = start; i < stop; i += step<L>()) {
      largest = maxBits(largest, bits(read<L>(x, i)));
    }
    const auto scale = blockScale<L>(largest, 63487);
    writeScale(scales, start, scale);
    const auto inverse = inverseScale<L>(scale);
    for (size_t i = start; i < stop; i += step<L>()) {
      const auto x0 = read<L>(x, i);
      // q: the bits of y, up with the probability of what is cut off; 1 at least, unless x is 0
      const auto y = subBits(bits(min(most, add(mul(x0, inverse), one))), bitsOfOne);
      const auto q = shiftRight(addBits(y, shiftRight(readWords<L>(draws, i), 13)), 19);
      writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)));
    }
  }
}
