// State in low precision: to float32 and back, a block of elements that share a scale at a time. Slots: float32, packed, scale. Mirrored in assembly/rules/packing.ts.

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
void packBf16Second(Arrays a, Coefficients c, size_t first, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = halves(a, 1);
  const auto turn = hashTurn<L>(c);
  auto hash = hashes<L>(c, first, begin);
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto u = bits(quiet(read<L>(x, i)));
    writeHalves(packed, i, addBits(u, shiftRight(draw<L>(hash), 16)));
    hash = addBits(hash, turn);
  }
}

// The scale under which the largest magnitude of the block is `most`.
template <class L>
void scaleInt8(Arrays a, float most, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  auto largest = word<L>(0);
  for (size_t i = begin; i < end; i += step<L>()) {
    largest = maxBits(largest, bits(abs(read<L>(x, i))));
  }
  writeScale(array<L>(a, 2), blockScale<L>(largest, most));
}

// A byte is a sign and 7 bits q, or 8 bits q: the upper bits of the float32 y = 1 + |x|/scale, four of them its
// mantissa's, less those of 1. Steps are even near zero and grow with x; q = 0 is zero, the largest x of a block the
// last code.
template <class L>
void unpackInt8First(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto magnitude = word<L>(0x7f);
  const auto sign = word<L>(0x80000000);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  const auto scale = readScale<L>(array<L>(a, 2));
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto code = readCodes<L>(packed, i);
    // |x| = (y − 1)·scale
    const auto y = floats(addBits(shiftLeft(andBits(code, magnitude), 19), bitsOfOne));
    const auto u = bits(mul(sub(y, one), scale));
    write(x, i, floats(xorBits(u, andBits(shiftLeft(code, 24), sign))));
  }
}

template <class L>
void packInt8First(Arrays a, Coefficients c, size_t first, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto two = floats(word<L>(0x40000000));
  const auto most = floats(word<L>(0x43f80000)); // 2·248
  const auto turn = hashTurn<L>(c);
  auto hash = hashes<L>(c, first, begin);
  const auto inverse = twiceInverse<L>(array<L>(a, 2));
  const auto sign = signBit<L>(array<L>(a, 2));
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x0 = read<L>(x, i);
    // q: the bits of 2·y, up with the probability of what is cut off; the lowest byte of those of 2 is 0
    const auto y = bits(min(most, add(mul(abs(x0), inverse), two)));
    const auto q = shiftRight(addBits(y, shiftRight(draw<L>(hash), 13)), 19);
    writeCodes(packed, i, orBits(q, shiftRight(andBits(bits(x0), sign), 24)));
    hash = addBits(hash, turn);
  }
}

template <class L>
void unpackInt8Second(Arrays a, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto bitsOfOne = word<L>(0x3f800000);
  const auto one = floats(bitsOfOne);
  const auto scale = readScale<L>(array<L>(a, 2));
  for (size_t i = begin; i < end; i += step<L>()) {
    // x = (y − 1)·scale
    const auto y = floats(addBits(shiftLeft(readCodes<L>(packed, i), 19), bitsOfOne));
    write(x, i, mul(sub(y, one), scale));
  }
}

template <class L>
void packInt8Second(Arrays a, Coefficients c, size_t first, size_t begin, size_t end) {
  const auto x = array<L>(a, 0);
  const auto packed = codes(a, 1);
  const auto smallest = word<L>(0x801);
  const auto two = floats(word<L>(0x40000000));
  const auto most = floats(word<L>(0x47f80000)); // 2·63488
  const auto turn = hashTurn<L>(c);
  auto hash = hashes<L>(c, first, begin);
  const auto inverse = twiceInverse<L>(array<L>(a, 2));
  for (size_t i = begin; i < end; i += step<L>()) {
    const auto x0 = read<L>(x, i);
    // q: the bits of 2·y, up with the probability of what is cut off; 1 at least, unless x is 0
    const auto y = bits(min(most, add(mul(x0, inverse), two)));
    const auto q = shiftRight(addBits(y, shiftRight(draw<L>(hash), 13)), 19);
    writeCodes(packed, i, maxBits(q, minBits(bits(x0), smallest)));
    hash = addBits(hash, turn);
  }
}
