// Which instruction sets this CPU can run.
#pragma once
#include "kernel.h"

namespace cauchy {

// The tables of the supported instruction sets, best first, ended by a null pointer.
const KernelTable* const* supportedTables();

}  // namespace cauchy
