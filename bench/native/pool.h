// Threads that share a loop: they spin for a moment after each, so that the next starts at once, and then sleep.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace roofline {

class Worker {
 public:
  Worker() : thread_([this] { loop(); }) {}
  ~Worker() {
    start(nullptr);
    thread_.join();
  }
  // Runs `job` in the thread, or ends the thread when there is none.
  void start(const std::function<void()>* job) {
    finished_.store(false, std::memory_order_relaxed);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      job_ = job;
      started_.store(true, std::memory_order_release);
    }
    wake_.notify_one();
  }
  void wait() const {
    while (!finished_.load(std::memory_order_acquire)) std::this_thread::yield();
  }

 private:
  static constexpr int kSpins = 1 << 14;

  void loop() {
    for (;;) {
      for (int i = 0; i < kSpins && !started_.load(std::memory_order_acquire); i++) {
      }
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return started_.load(std::memory_order_acquire); });
      started_.store(false, std::memory_order_relaxed);
      const auto* job = job_;
      lock.unlock();
      if (job == nullptr) return;
      (*job)();
      finished_.store(true, std::memory_order_release);
    }
  }

  std::atomic<bool> started_{false};
  std::atomic<bool> finished_{false};
  const std::function<void()>* job_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;  // last: it uses the rest
};

// One job a thread; the caller's thread does the first.
class Pool {
 public:
  void run(const std::vector<std::function<void()>>& jobs) {
    while (workers_.size() + 1 < jobs.size()) workers_.push_back(std::make_unique<Worker>());
    for (size_t k = 1; k < jobs.size(); k++) workers_[k - 1]->start(&jobs[k]);
    jobs[0]();
    for (size_t k = 1; k < jobs.size(); k++) workers_[k - 1]->wait();
  }

 private:
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace roofline
