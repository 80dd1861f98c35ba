// The Node-API surface: engines that run any kernel by number over tensors bound to typed arrays.
// Generic: adding a rule does not touch it. Arguments come from src/backends/native.ts alone. Plain Node-API:
// node-addon-api, which the benchmark's addon is written with, would make libstdc++ a dependency.
#include <node_api.h>
#include <stdlib.h>

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "dispatch.h"
#include "engine.h"

namespace {

using cauchy::Engine;
using cauchy::KernelTable;
using cauchy::Pool;
using cauchy::Tensor;

const KernelTable* findTable(const char* isa) {
  for (auto tables = cauchy::supportedTables(); *tables != nullptr; tables++) {
    if (strcmp(isa, (*tables)->isa) == 0) return *tables;
  }
  return nullptr;
}

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

template <class T>
T* dataOf(napi_env env, napi_value array, size_t* length = nullptr) {
  void* data = nullptr;
  napi_get_typedarray_info(env, array, nullptr, length, &data, nullptr, nullptr);
  return static_cast<T*>(data);
}

// Asks for huge pages where the memory is large enough to have any.
void advise(const char* data, size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr uintptr_t page = 4096;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + page - 1) & ~(page - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) & ~(page - 1);
  if (bytes >= (4u << 20)) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)data, (void)bytes;
#endif
}

// create(isa, sizes: Float64Array, dtypes: Uint8Array, control, coefficients, sums, buffer, threads, cutover) → handle
// sizes: length, rows, columns and packing of each tensor; buffer: the memory of all that the optimizer owns.
napi_value create(napi_env env, napi_callback_info info) {
  napi_value args[9];
  size_t argc = 9;
  char isa[16];
  size_t count = 0;
  uint32_t threads = 1;
  double cutover = 0;
  void* pool = nullptr;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_string_utf8(env, args[0], isa, sizeof isa, nullptr);
  napi_get_value_uint32(env, args[7], &threads);
  napi_get_value_double(env, args[8], &cutover);
  napi_get_instance_data(env, &pool);
  const KernelTable* table = findTable(isa);
  if (table == nullptr) return fail(env, "unsupported instruction set");
  const double* sizes = dataOf<double>(env, args[1]);
  const uint8_t* dtypes = dataOf<uint8_t>(env, args[2], &count);
  Engine* engine = Engine::create(count);
  if (engine == nullptr) return fail(env, "out of memory");
  void* block = nullptr;
  napi_get_arraybuffer_info(env, args[6], &block, &engine->blockBytes);
  engine->block = static_cast<const char*>(block);
  engine->table = table;
  engine->control = dataOf<int32_t>(env, args[3]);
  engine->coefficients = dataOf<double>(env, args[4]);
  engine->sums = dataOf<double>(env, args[5]);
  for (size_t t = 0; t < count; t++, sizes += 4) {
    Tensor& tensor = engine->tensors[t];
    tensor.length = static_cast<size_t>(sizes[0]);
    tensor.rows = static_cast<size_t>(sizes[1]);
    tensor.columns = static_cast<size_t>(sizes[2]);
    tensor.packing = static_cast<uint32_t>(sizes[3]);
    tensor.dtype = dtypes[t];
  }
  const auto release = [](napi_env, void* data, void*) { static_cast<Engine*>(data)->release(); };
  napi_value handle;
  if (!engine->setThreads(static_cast<Pool*>(pool), threads, static_cast<size_t>(cutover)) ||
      napi_create_external(env, engine, release, nullptr, &handle) != napi_ok) {
    engine->release();
    return fail(env, "out of memory");
  }
  advise(engine->block, engine->blockBytes);
  return handle;
}

// bind(handle, tensor, slot, array): from now on the tensor's slot is the array's memory
napi_value bind(napi_env env, napi_callback_info info) {
  napi_value args[4];
  size_t argc = 4;
  void* engine;
  uint32_t tensor, slot;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_external(env, args[0], &engine);
  napi_get_value_uint32(env, args[1], &tensor);
  napi_get_value_uint32(env, args[2], &slot);
  static_cast<Engine*>(engine)->bind(tensor, slot, dataOf<void>(env, args[3]));
  return nullptr;
}

// The engine and the kernel of run(handle, kernel).
Engine* engineOf(napi_env env, napi_callback_info info, napi_value* handle, uint32_t* kernel) {
  napi_value args[2];
  size_t argc = 2;
  void* engine;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_external(env, args[0], &engine);
  napi_get_value_uint32(env, args[1], kernel);
  *handle = args[0];
  return static_cast<Engine*>(engine);
}

// run(handle, kernel) → threads: over every tensor whose control row is not −1
napi_value run(napi_env env, napi_callback_info info) {
  napi_value handle;
  uint32_t kernel;
  Engine* engine = engineOf(env, info, &handle, &kernel);
  const int used = engine->run(kernel);
  // The commonest answer costs nothing.
  if (engine->threads == 1) return nullptr;
  napi_value threads;
  napi_create_int32(env, used, &threads);
  return threads;
}

struct Run {
  Engine* engine;
  uint32_t kernel;
  int threads;
  napi_ref handle;
  napi_deferred deferred;
  napi_async_work work;
};

void finish(napi_env env, napi_status, void* data) {
  auto* task = static_cast<Run*>(data);
  napi_value threads;
  napi_create_int32(env, task->threads, &threads);
  napi_resolve_deferred(env, task->deferred, threads);
  napi_delete_reference(env, task->handle);
  napi_delete_async_work(env, task->work);
  free(task);
}

// runAsync(handle, kernel) → promise of the threads: the same, off the event loop
napi_value runAsync(napi_env env, napi_callback_info info) {
  napi_value handle, promise, name;
  auto* task = static_cast<Run*>(calloc(1, sizeof(Run)));
  if (task == nullptr) return fail(env, "out of memory");
  task->engine = engineOf(env, info, &handle, &task->kernel);
  // A worker that is being terminated gets no more promises.
  if (napi_create_promise(env, &task->deferred, &promise) != napi_ok) {
    free(task);
    return nullptr;
  }
  napi_create_reference(env, handle, 1, &task->handle);
  napi_create_string_utf8(env, "cauchy", NAPI_AUTO_LENGTH, &name);
  const auto execute = [](napi_env, void* data) {
    auto* running = static_cast<Run*>(data);
    running->threads = running->engine->run(running->kernel);
  };
  napi_create_async_work(env, nullptr, name, execute, finish, task, &task->work);
  napi_queue_async_work(env, task->work);
  return promise;
}

napi_value text(napi_env env, const char* value) {
  napi_value string;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &string);
  return string;
}

void exportFunction(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value isas;
  napi_create_array(env, &isas);
  const auto tables = cauchy::supportedTables();
  for (uint32_t i = 0; tables[i] != nullptr; i++) napi_set_element(env, isas, i, text(env, tables[i]->isa));
  napi_set_named_property(env, exports, "isas", isas);
  napi_set_named_property(env, exports, "stamp", text(env, CAUCHY_STAMP));
  exportFunction(env, exports, "create", create);
  exportFunction(env, exports, "bind", bind);
  exportFunction(env, exports, "run", run);
  exportFunction(env, exports, "runAsync", runAsync);
  // The environment's own threads; work in flight is awaited before it is torn down.
  if (auto* pool = static_cast<Pool*>(malloc(sizeof(Pool)))) {
    const auto end = [](napi_env, void* data, void*) {
      static_cast<Pool*>(data)->~Pool();
      free(data);
    };
    napi_set_instance_data(env, new (pool) Pool, end, nullptr);
  }
  return exports;
}
