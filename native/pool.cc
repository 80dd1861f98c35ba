// The pool over POSIX or Windows threads. Workers wait awake for a moment, since steps often follow each other, and
// then sleep.
#include "pool.h"

#include <stdint.h>
#include <stdlib.h>

#include <atomic>
#include <new>

#ifdef _WIN32
#include <process.h>
#include <windows.h>
#else
#include <pthread.h>
#endif

#if defined(__GLIBC__) && defined(__x86_64__)
// The versions that every glibc has, not those of the newest.
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_join,pthread_join@GLIBC_2.2.5");
#elif defined(__GLIBC__) && defined(__aarch64__)
__asm__(".symver pthread_create,pthread_create@GLIBC_2.17");
__asm__(".symver pthread_join,pthread_join@GLIBC_2.17");
#endif

namespace cauchy {

namespace {

constexpr int kMostWorkers = 255;
constexpr int kTurns = 4000;  // of waiting awake: some ten microseconds

#ifdef _WIN32
struct Mutex {
  SRWLOCK lock = SRWLOCK_INIT;
  void acquire() { AcquireSRWLockExclusive(&lock); }
  void release() { ReleaseSRWLockExclusive(&lock); }
};
struct Condition {
  CONDITION_VARIABLE variable = CONDITION_VARIABLE_INIT;
  void wait(Mutex& mutex) { SleepConditionVariableSRW(&variable, &mutex.lock, INFINITE, 0); }
  void notifyAll() { WakeAllConditionVariable(&variable); }
};
using Thread = HANDLE;
#define CAUCHY_THREAD unsigned __stdcall
bool start(Thread& thread, unsigned(__stdcall* body)(void*), void* argument) {
  thread = reinterpret_cast<HANDLE>(_beginthreadex(nullptr, 0, body, argument, 0, nullptr));
  return thread != nullptr;
}
void join(Thread thread) {
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}
#else
struct Mutex {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  void acquire() { pthread_mutex_lock(&lock); }
  void release() { pthread_mutex_unlock(&lock); }
};
struct Condition {
  pthread_cond_t variable = PTHREAD_COND_INITIALIZER;
  void wait(Mutex& mutex) { pthread_cond_wait(&variable, &mutex.lock); }
  void notifyAll() { pthread_cond_broadcast(&variable); }
};
using Thread = pthread_t;
#define CAUCHY_THREAD void*
bool start(Thread& thread, void* (*body)(void*), void* argument) {
  return pthread_create(&thread, nullptr, body, argument) == 0;
}
void join(Thread thread) { pthread_join(thread, nullptr); }
#endif

void relax() {
#ifdef _WIN32
  YieldProcessor();
#elif defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

}  // namespace

struct Pool::Worker {
  State* state;
  int number;
  uint32_t seen;  // calls before it was there
  Thread thread;
};

struct Pool::State {
  Mutex mutex;
  Condition wake;
  Condition done;
  std::atomic<uint32_t> calls{0};    // so far; changed under the mutex, with what follows
  std::atomic<int> unfinished{0};    // workers of the call under way
  std::atomic<bool> taken{false};
  Job job = nullptr;
  void* context = nullptr;
  int threads = 1;  // of the call, the caller's included
  bool ending = false;
  int workers = 0;
  Worker worker[kMostWorkers];

  void work(int number, uint32_t seen) {
    for (;;) {
      for (int turn = 0; turn < kTurns && calls.load(std::memory_order_acquire) == seen; turn++) relax();
      mutex.acquire();
      while (calls.load(std::memory_order_relaxed) == seen && !ending) wake.wait(mutex);
      if (ending) return mutex.release();
      seen = calls.load(std::memory_order_relaxed);
      const Job todo = job;
      void* const argument = context;
      const int all = threads;
      mutex.release();
      if (number >= all) continue;
      todo(argument, number, all);
      if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        mutex.acquire();
        done.notifyAll();
        mutex.release();
      }
    }
  }

  static CAUCHY_THREAD body(void* argument) {
    const auto* self = static_cast<Worker*>(argument);
    self->state->work(self->number, self->seen);
    return 0;
  }

  void grow(int wanted) {
    while (workers < wanted) {
      Worker& next = worker[workers];
      next.state = this;
      next.number = workers + 1;
      next.seen = calls.load(std::memory_order_relaxed);
      if (!start(next.thread, body, &next)) return;
      workers++;
    }
  }
};

Pool::Pool() : state(static_cast<State*>(malloc(sizeof(State)))) {
  if (state != nullptr) new (state) State;
}

Pool::~Pool() {
  if (state == nullptr) return;
  state->mutex.acquire();
  state->ending = true;
  state->wake.notifyAll();
  state->mutex.release();
  for (int w = 0; w < state->workers; w++) join(state->worker[w].thread);
  free(state);
}

int Pool::run(int threads, Job job, void* context) {
  State* const s = state;
  if (threads <= 1 || s == nullptr || s->taken.exchange(true, std::memory_order_acquire)) {
    job(context, 0, 1);
    return 1;
  }
  s->grow(threads - 1 < kMostWorkers ? threads - 1 : kMostWorkers);
  const int all = s->workers + 1 < threads ? s->workers + 1 : threads;
  s->unfinished.store(all - 1, std::memory_order_relaxed);
  s->mutex.acquire();
  s->job = job;
  s->context = context;
  s->threads = all;
  s->calls.fetch_add(1, std::memory_order_release);
  s->wake.notifyAll();
  s->mutex.release();
  job(context, 0, all);
  for (int turn = 0; turn < kTurns && s->unfinished.load(std::memory_order_acquire) > 0; turn++) relax();
  s->mutex.acquire();
  while (s->unfinished.load(std::memory_order_acquire) > 0) s->done.wait(s->mutex);
  s->mutex.release();
  s->taken.store(false, std::memory_order_release);
  return all;
}

}  // namespace cauchy
