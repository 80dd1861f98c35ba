// The body of every instruction-set unit: all rules over its lanes, and the table of them. Included once
// per isa/*.cc, inside that instruction set's own unnamed namespace, so that no symbol is shared: a
// linker that merged two copies of one inline function could hand AVX-512 code to an older CPU.
#include "lanes/vocabulary.h"
#include "lanes/sums.h"
#include "lanes/words.h"

#include "rules/adabelief.h"
#include "rules/adadelta.h"
#include "rules/adafactor.h"
#include "rules/adagrad.h"
#include "rules/adamax.h"
#include "rules/adamw.h"
#include "rules/adan.h"
#include "rules/ademamix.h"
#include "rules/adopt.h"
#include "rules/asgd.h"
#include "rules/average.h"
#include "rules/gradient.h"
#include "rules/lamb.h"
#include "rules/lanes.h"
#include "rules/lars.h"
#include "rules/lbfgs.h"
#include "rules/lion.h"
#include "rules/madgrad.h"
#include "rules/muon.h"
#include "rules/nadam.h"
#include "rules/novograd.h"
#include "rules/packing.h"
#include "rules/prodigy.h"
#include "rules/radam.h"
#include "rules/rmsprop.h"
#include "rules/rprop.h"
#include "rules/sam.h"
#include "rules/schedulefree.h"
#include "rules/sgd.h"
#include "rules/signsgd.h"
#include "rules/sm3.h"
#include "rules/yogi.h"

// One copy of each loop, whichever way the driver reaches it.
#ifdef _MSC_VER
#define CAUCHY_NOINLINE __declspec(noinline)
#else
#define CAUCHY_NOINLINE __attribute__((noinline))
#endif

enum KernelNumber {
#define KERNEL(name, ...) name##Number,
#define ROWS KERNEL
#define MATRIX KERNEL
#include "rules.inc"
#undef KERNEL
#undef ROWS
#undef MATRIX
};

#define CAUCHY_LOOP(name, begin, end, ...)                                                          \
  struct name##Kernel {                                                                             \
    template <class L>                                                                              \
    CAUCHY_NOINLINE static void run(Arrays a, Coefficients c, Sums s, size_t begin, size_t end) {   \
      const Coefficients r = c + kRuleOffset;                                                       \
      (void)r, (void)c, (void)s;                                                                    \
      __VA_ARGS__;                                                                                  \
    }                                                                                               \
  };
#define KERNEL(name, reads, writes, reductions, ...) CAUCHY_LOOP(name, begin, end, __VA_ARGS__)
#define ROWS(name, reads, writes, reductions, fold, shapes, ...) CAUCHY_LOOP(name, begin, end, __VA_ARGS__)
#define MATRIX(name, ...) CAUCHY_LOOP(name, rows, columns, __VA_ARGS__)
#include "rules.inc"
#undef KERNEL
#undef ROWS
#undef MATRIX

#include "driver.h"

template <class L>
constexpr Loop loopsOf[] = {
#define KERNEL(name, ...) name##Kernel::run<L>,
#define ROWS KERNEL
#define MATRIX KERNEL
#include "rules.inc"
#undef KERNEL
#undef ROWS
#undef MATRIX
};

template <class L>
constexpr Half halfOf = {loopsOf<L>, {driveElements<L>, driveRows<L>, driveMatrix<L>}};
