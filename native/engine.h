// An engine: the tensors of one optimizer, and how a kernel goes over them, on one thread or several.
#pragma once
#include "kernel.h"
#include "pool.h"

namespace cauchy {

// Pointers into memory that the engine's JavaScript object keeps alive and checks for detachment.
struct Engine {
  const KernelTable* table;
  Pool* pool;
  int threads;           // at most
  size_t cutover;        // elements below which one thread does better
  const int32_t* control;      // per tensor: its row of coefficients (−1: leave it alone), gradient mode
  const double* coefficients;  // rows of kRow
  double* sums;                // kSums per tensor
  double* blockSums;           // kSums per block of every tensor, for several threads
  const char* block;  // the memory of all that the optimizer owns, where arrays are padded
  size_t blockBytes;
  size_t count;
  Tensor tensors[1];  // count of them

  // Tensors without lengths or arrays; null where memory is out.
  static Engine* create(size_t count);
  // To be called once lengths are known; false where memory is out.
  bool setThreads(Pool* pool, int threads, size_t cutover);
  void release();
  // Arrays in the block are taken to be padded to whole vectors, where the block is long enough.
  void bind(size_t tensor, int slot, void* array);

  // Runs a kernel over every tensor whose control row is not −1; returns the threads that did.
  int run(uint32_t kernel);
};

}  // namespace cauchy
