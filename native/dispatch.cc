// CPU probe → kernel tables.
#include "dispatch.h"

#if defined(_MSC_VER) && defined(_M_X64)
#include <intrin.h>
#endif

namespace cauchy {

namespace {

#if defined(_MSC_VER) && defined(_M_X64)
// CPUID leaf 7 for the instruction set, XCR0 for an operating system that saves its registers.
bool has(int ebxBit, unsigned long long states) {
  int leaf[4];
  __cpuid(leaf, 1);
  constexpr int osxsave = 1 << 27;
  if (!(leaf[2] & osxsave) || (_xgetbv(0) & states) != states) return false;
  __cpuidex(leaf, 7, 0);
  return (leaf[1] >> ebxBit) & 1;
}
bool hasAvx2() { return has(5, 0x06); }
bool hasAvx512() { return has(16, 0xe6); }
#elif defined(__x86_64__)
bool hasAvx2() { return __builtin_cpu_supports("avx2"); }
bool hasAvx512() { return __builtin_cpu_supports("avx512f"); }
#endif

struct Supported {
  const KernelTable* tables[5] = {};
  Supported() {
    int count = 0;
#if defined(__x86_64__) && !defined(_MSC_VER)
    __builtin_cpu_init();  // nothing orders this constructor after the compiler's own on macOS
#endif
#if defined(__x86_64__) || defined(_M_X64)
    if (hasAvx512()) tables[count++] = &avx512::table;
    if (hasAvx2()) tables[count++] = &avx2::table;
    tables[count++] = &sse2::table;
#elif defined(__aarch64__) || defined(_M_ARM64)
    tables[count++] = &neon::table;
#endif
    tables[count] = &scalar::table;
  }
};

const Supported supported;

}  // namespace

const KernelTable* const* supportedTables() { return supported.tables; }

}  // namespace cauchy
