// Threads that compute together: a persistent pool, forked and joined at every call.
#pragma once

namespace cauchy {

class Pool {
 public:
  // Called once on each thread with its number, below `threads`.
  using Job = void (*)(void* context, int thread, int threads);

  Pool();
  // Waits for the threads to end.
  ~Pool();
  Pool(const Pool&) = delete;

  // Runs the job on so many threads, the caller's among them, and returns how many there were: fewer where none
  // more can be had, one while another call is under way.
  int run(int threads, Job job, void* context);

 private:
  struct State;
  struct Worker;
  State* state;
};

}  // namespace cauchy
