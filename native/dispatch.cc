// CPU probe → kernel tables.
#include "dispatch.h"

namespace cauchy {

namespace {

struct Supported {
  const KernelTable* tables[5] = {};
  Supported() {
    int count = 0;
#if defined(__x86_64__) || defined(_M_X64)
    if (__builtin_cpu_supports("avx512f")) tables[count++] = &avx512::table;
    if (__builtin_cpu_supports("avx2")) tables[count++] = &avx2::table;
    tables[count++] = &sse2::table;
#elif defined(__aarch64__) || defined(_M_ARM64)
    tables[count++] = &neon::table;
#endif
    tables[count] = &scalar::table;
  }
};

}  // namespace

const KernelTable* const* supportedTables() {
  static const Supported supported;
  return supported.tables;
}

}  // namespace cauchy
