// A step's loads and stores around one bit operation an array, for any number of state arrays. Compiled once per
// instruction set, with ROOFLINE_BYTES, the width of its vectors, and ROOFLINE_FIND, the name of its table.
#include "stream.h"

#include <utility>

namespace roofline {
namespace {

typedef uint64_t V __attribute__((vector_size(ROOFLINE_BYTES), aligned(1), may_alias));

constexpr size_t kLine = 64;

inline V load(const uint8_t* from) { return *reinterpret_cast<const V*>(from); }
inline void store(uint8_t* to, V x) { *reinterpret_cast<V*>(to) = x; }

inline void prefetchLines(const uint8_t* from, size_t bytes) {
  for (size_t k = 0; k < bytes; k += kLine) __builtin_prefetch(from + k, 0, 3);
}

void tail(const Streams& s, int written, int read, size_t begin, size_t end, size_t stateBegin, size_t stateEnd) {
  for (size_t i = begin; i < end; i++) s.p[i] ^= s.g[i] & s.mask;
  for (int k = 0; k < written; k++) {
    for (size_t i = stateBegin; i < stateEnd; i++) s.states[k][i] ^= s.mask;
  }
  uint8_t seen = 0;
  for (int k = written; k < written + read; k++) {
    for (size_t i = stateBegin; i < stateEnd; i++) seen |= s.states[k][i];
  }
  if (begin < end) s.p[begin] ^= seen & s.mask;
}

// state ← state ⊕ (g ∧ 0), p ← p ⊕ (g ∧ 0): every byte is loaded, computed with and stored, and keeps its value.
template <int written, int read, int shift, int unroll, bool prefetch>
void stream(const Streams& s, size_t begin, size_t end) {
  constexpr size_t block = unroll * sizeof(V);
  constexpr int stateVectors = unroll >> shift;
  const V mask = V{} + s.mask;
  size_t i = begin;
  for (; i + block <= end; i += block) {
    const size_t j = i >> shift;
    if constexpr (prefetch) {
      prefetchLines(s.g + i + s.ahead, block);
      prefetchLines(s.p + i + s.ahead, block);
      for (int k = 0; k < written + read; k++) prefetchLines(s.states[k] + j + (s.ahead >> shift), block >> shift);
    }
    V g[unroll];
    for (int u = 0; u < unroll; u++) g[u] = load(s.g + i + u * sizeof(V)) & mask;
    for (int k = 0; k < written; k++) {
      uint8_t* const state = s.states[k] + j;
      for (int u = 0; u < stateVectors; u++) store(state + u * sizeof(V), load(state + u * sizeof(V)) ^ g[u]);
    }
    for (int k = written; k < written + read; k++) {
      for (int u = 0; u < stateVectors; u++) g[u] ^= load(s.states[k] + j + u * sizeof(V)) & mask;
    }
    for (int u = 0; u < unroll; u++) store(s.p + i + u * sizeof(V), load(s.p + i + u * sizeof(V)) ^ g[u]);
  }
  tail(s, written, read, i, end, i >> shift, end == s.bytes ? s.stateBytes : end >> shift);
}

// Numbers a kernel of the table: unroll and prefetch fastest, then shift, read, written.
constexpr size_t number(Traffic t, int unroll, bool prefetch) {
  return (((t.written * (kRead + 1) + t.read) * kShifts + t.shift) * kUnrolls + unroll) * 2 + prefetch;
}

template <size_t index>
constexpr Kernel kernel() {
  constexpr bool prefetch = index % 2;
  constexpr int unroll = 1 << (index / 2 % kUnrolls);
  constexpr int shift = index / 2 / kUnrolls % kShifts;
  constexpr int read = index / 2 / kUnrolls / kShifts % (kRead + 1);
  constexpr int written = index / 2 / kUnrolls / kShifts / (kRead + 1);
  if constexpr (unroll >> shift == 0 && written + read > 0) return nullptr;  // less than a vector of state
  else return stream<written, read, shift, unroll, prefetch>;
}

template <size_t... indices>
Kernel find(size_t index, std::index_sequence<indices...>) {
  static constexpr Kernel kernels[] = {kernel<indices>()...};
  return kernels[index];
}

}  // namespace

Kernel ROOFLINE_FIND(Traffic traffic, int unroll, bool prefetch) {
  constexpr size_t count = number({kWritten, kRead, kShifts - 1}, kUnrolls - 1, true) + 1;
  return find(number(traffic, unroll, prefetch), std::make_index_sequence<count>());
}

}  // namespace roofline
