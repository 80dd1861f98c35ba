// Splits a kernel's run into units of whole blocks, so that sums are the same whichever thread computes them.
#include "engine.h"

#include <stdlib.h>

#include <atomic>

namespace cauchy {

const Info infos[] = {
#define KERNEL(name, reads, writes, reductions, ...) {kElements, reductions, false, ""},
#define ROWS(name, reads, writes, reductions, fold, shapes, ...) {kRows, reductions, #fold[0] == 'm', #shapes},
#define MATRIX(name, ...) {kMatrix, 0, false, ""},
#include "rules.inc"
#undef KERNEL
#undef ROWS
#undef MATRIX
};

namespace {

constexpr size_t kUnits = 4;        // that each thread takes about, so that a slow one delays little
constexpr size_t kMostBlocks = 16;  // of a unit

size_t blocksOf(const Tensor& tensor) { return (tensor.length + kBlock - 1) / kBlock; }

struct Share {
  const Engine* engine;
  uint32_t kernel;
  size_t blocks;
  size_t unit;  // blocks that a thread takes at a time
  std::atomic<size_t> next;
};

void runTensor(const Engine& engine, uint32_t kernel, size_t t, const Tensor& tensor, double* sums) {
  const int32_t* control = engine.control + 2 * t;
  const Half& half = *engine.table->halves[tensor.dtype];
  const Driver drive = half.drivers[infos[kernel].kind];
  drive(tensor, engine.coefficients + control[0] * kRow, control[1], sums, half.loops[kernel], kernel);
}

// Blocks [begin, end) of a tensor, whose first block has the number `first` among all.
void runBlocks(const Engine& engine, uint32_t kernel, size_t t, size_t begin, size_t end, size_t first) {
  const Tensor& whole = engine.tensors[t];
  const Info& info = infos[kernel];
  if (info.kind != kElements) {
    if (begin == 0) runTensor(engine, kernel, t, whole, nullptr);
    return;
  }
  const size_t step = info.reductions > 0 ? 1 : end - begin;
  for (size_t block = begin; block < end; block += step) {
    Tensor part = whole;
    const size_t start = block * kBlock;
    const size_t rest = whole.length - start;
    part.length = rest < step * kBlock ? rest : step * kBlock;
    part.first = start;
    for (int slot = 0; slot < kSlots; slot++) {
      void*& array = part.slots[slot];
      if (array != nullptr) array = static_cast<char*>(array) + offsetOf(whole, slot, start);
    }
    double* sums = engine.blockSums + (first + block) * kSums;
    for (int k = 0; k < info.reductions; k++) sums[k] = 0;
    runTensor(engine, kernel, t, part, sums);
  }
}

// The first unit is the thread's own, so that every thread has one; the others go to whoever is free. A thread's units
// ascend: it goes over the tensors once.
void work(void* context, int thread, int threads) {
  auto& share = *static_cast<Share*>(context);
  const Engine& engine = *share.engine;
  size_t t = 0;
  size_t first = 0;  // block of the tensor among all
  for (size_t unit = thread; unit * share.unit < share.blocks;
       unit = threads - 1 + share.next.fetch_add(1, std::memory_order_relaxed)) {
    const size_t begin = unit * share.unit;
    const size_t end = begin + share.unit;
    while (t < engine.count && first < end) {
      const size_t last = first + blocksOf(engine.tensors[t]);
      if (last > begin && engine.control[2 * t] >= 0) {
        const size_t from = begin > first ? begin - first : 0;
        const size_t to = (end < last ? end : last) - first;
        runBlocks(engine, share.kernel, t, from, to, first);
      }
      if (last > end) break;  // its rest belongs to a later unit
      first = last;
      t++;
    }
  }
}

}  // namespace

Engine* Engine::create(size_t count) {
  auto* engine = static_cast<Engine*>(calloc(1, sizeof(Engine) + count * sizeof(Tensor)));
  if (engine != nullptr) engine->count = count;
  return engine;
}

bool Engine::setThreads(Pool* shared, int most, size_t least) {
  pool = shared;
  threads = shared == nullptr ? 1 : most;
  cutover = least;
  if (threads == 1) return true;
  size_t blocks = 0;
  for (size_t t = 0; t < count; t++) blocks += blocksOf(tensors[t]);
  blockSums = static_cast<double*>(malloc((blocks + 1) * kSums * sizeof(double)));
  return blockSums != nullptr;
}

void Engine::release() {
  free(blockSums);
  free(this);
}

void Engine::bind(size_t t, int slot, void* array) {
  Tensor& tensor = tensors[t];
  tensor.slots[slot] = array;
  const size_t bytes = (tensor.length + kAccumulators - 1) / kAccumulators * kAccumulators * (tensor.dtype == 0 ? 4 : 8);
  tensor.padded = true;
  for (void* bound : tensor.slots) {
    const auto offset = static_cast<size_t>(static_cast<const char*>(bound) - block);
    if (bound != nullptr && (offset >= blockBytes || blockBytes - offset < bytes)) tensor.padded = false;
  }
}

int Engine::run(uint32_t kernel) {
  size_t blocks = 0;
  size_t elements = 0;
  if (threads > 1) {
    for (size_t t = 0; t < count; t++) {
      blocks += blocksOf(tensors[t]);
      if (control[2 * t] >= 0) elements += tensors[t].length;
    }
  }
  const size_t most = static_cast<size_t>(threads);
  const int useful = static_cast<int>(blocks < most ? blocks : most);
  if (useful <= 1 || elements < cutover) {
    for (size_t t = 0; t < count; t++) {
      if (control[2 * t] >= 0) runTensor(*this, kernel, t, tensors[t], sums + t * kSums);
    }
    return 1;
  }
  const size_t portion = blocks / (kUnits * most);
  const size_t unit = portion < 1 ? 1 : portion < kMostBlocks ? portion : kMostBlocks;
  Share share{this, kernel, blocks, unit, {1}};
  const int used = pool->run(useful, work, &share);
  const double* block = blockSums;
  for (size_t t = 0; t < count; t++) {
    for (size_t b = 0; b < blocksOf(tensors[t]); b++, block += kSums) {
      if (control[2 * t] < 0 || infos[kernel].kind != kElements) continue;
      for (int k = 0; k < infos[kernel].reductions; k++) sums[t * kSums + k] += block[k];
    }
  }
  return used;
}

}  // namespace cauchy
