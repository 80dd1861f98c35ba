// The Node-API surface: engines that run any kernel by number over tensors bound to typed arrays.
// Generic: adding a rule does not touch it. Arguments come from src/backends/native.ts alone.
#include <node_api.h>
#include <stdlib.h>

#include "dispatch.h"

namespace {

using cauchy::KernelTable;
using cauchy::Tensor;

// Pointers into memory that the engine's JavaScript object keeps alive and checks for detachment.
struct Engine {
  const KernelTable* table;
  size_t count;
  const int32_t* control;      // per tensor: its row of coefficients (−1: leave it alone), gradient mode
  const double* coefficients;  // rows of kRow
  double* sums;                // kSums per tensor
  Tensor tensors[1];           // count of them
};

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

// create(isa, lengths: Float64Array, dtypes: Uint8Array, control, coefficients, sums) → handle
napi_value create(napi_env env, napi_callback_info info) {
  napi_value args[6];
  size_t argc = 6;
  char isa[16];
  size_t count = 0;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_string_utf8(env, args[0], isa, sizeof isa, nullptr);
  const KernelTable* table = findTable(isa);
  if (table == nullptr) return fail(env, "unsupported instruction set");
  const double* lengths = dataOf<double>(env, args[1], &count);
  const uint8_t* dtypes = dataOf<uint8_t>(env, args[2]);
  auto* engine = static_cast<Engine*>(calloc(1, sizeof(Engine) + count * sizeof(Tensor)));
  if (engine == nullptr) return fail(env, "out of memory");
  engine->table = table;
  engine->count = count;
  engine->control = dataOf<int32_t>(env, args[3]);
  engine->coefficients = dataOf<double>(env, args[4]);
  engine->sums = dataOf<double>(env, args[5]);
  for (size_t t = 0; t < count; t++) {
    engine->tensors[t].length = static_cast<size_t>(lengths[t]);
    engine->tensors[t].dtype = dtypes[t];
  }
  napi_value handle;
  const auto release = [](napi_env, void* data, void*) { free(data); };
  if (napi_create_external(env, engine, release, nullptr, &handle) == napi_ok) return handle;
  free(engine);
  return nullptr;
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
  static_cast<Engine*>(engine)->tensors[tensor].slots[slot] = dataOf<void>(env, args[3]);
  return nullptr;
}

// run(handle, kernel): over every tensor whose control row is not −1
napi_value run(napi_env env, napi_callback_info info) {
  napi_value args[2];
  size_t argc = 2;
  void* handle;
  uint32_t kernel;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_external(env, args[0], &handle);
  napi_get_value_uint32(env, args[1], &kernel);
  const Engine& engine = *static_cast<Engine*>(handle);
  const auto* entries = engine.table->kernels[kernel];
  const int32_t* control = engine.control;
  double* sums = engine.sums;
  for (size_t t = 0; t < engine.count; t++) {
    const Tensor& tensor = engine.tensors[t];
    if (control[0] >= 0) {
      entries[tensor.dtype](tensor, engine.coefficients + control[0] * cauchy::kRow, control[1], sums);
    }
    control += 2;
    sums += cauchy::kSums;
  }
  return nullptr;
}

napi_value stringOf(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
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
  for (uint32_t i = 0; tables[i] != nullptr; i++) napi_set_element(env, isas, i, stringOf(env, tables[i]->isa));
  napi_set_named_property(env, exports, "stamp", stringOf(env, CAUCHY_STAMP));
  napi_set_named_property(env, exports, "isas", isas);
  exportFunction(env, exports, "create", create);
  exportFunction(env, exports, "bind", bind);
  exportFunction(env, exports, "run", run);
  return exports;
}
