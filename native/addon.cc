// The Node-API surface: engines that run any kernel by number over tensors bound to typed arrays.
// Generic: adding a rule does not touch it. Arguments come from src/backends/native.ts alone.
#include <napi.h>

#include <cstring>
#include <vector>

#include "dispatch.h"

namespace {

using cauchy::KernelTable;
using cauchy::Tensor;

// Pointers into memory that the engine's JavaScript object keeps alive and checks for detachment.
struct Engine {
  const KernelTable* table;
  std::vector<Tensor> tensors;
  const int32_t* control;      // per tensor: its row of coefficients (−1: leave it alone), gradient mode
  const double* coefficients;  // rows of kRow
  double* sums;                // kSums per tensor
};

const KernelTable* findTable(const std::string& isa) {
  for (auto tables = cauchy::supportedTables(); *tables != nullptr; tables++) {
    if (isa == (*tables)->isa) return *tables;
  }
  return nullptr;
}

// create(isa, sizes: Float64Array, dtypes: Uint8Array, control, coefficients, sums) → handle
// sizes: length, rows and columns of each tensor.
Napi::Value create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const KernelTable* table = findTable(info[0].As<Napi::String>());
  if (table == nullptr) {
    Napi::RangeError::New(env, "unsupported instruction set").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const double* sizes = info[1].As<Napi::Float64Array>().Data();
  const auto dtypes = info[2].As<Napi::Uint8Array>();
  auto* engine = new Engine{table, {}, info[3].As<Napi::Int32Array>().Data(),
                            info[4].As<Napi::Float64Array>().Data(), info[5].As<Napi::Float64Array>().Data()};
  for (size_t t = 0; t < dtypes.ElementLength(); t++, sizes += 3) {
    const auto size = [&](int k) { return static_cast<size_t>(sizes[k]); };
    engine->tensors.push_back(Tensor{{}, size(0), size(1), size(2), dtypes[t]});
  }
  return Napi::External<Engine>::New(env, engine, [](Napi::Env, Engine* e) { delete e; });
}

// bind(handle, tensor, slot, array): from now on the tensor's slot is the array's memory
napi_value bind(napi_env env, napi_callback_info info) {
  napi_value args[4];
  size_t count = 4;
  void* engine;
  uint32_t tensor, slot;
  void* data;
  napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  napi_get_value_external(env, args[0], &engine);
  napi_get_value_uint32(env, args[1], &tensor);
  napi_get_value_uint32(env, args[2], &slot);
  napi_get_typedarray_info(env, args[3], nullptr, nullptr, &data, nullptr, nullptr);
  static_cast<Engine*>(engine)->tensors[tensor].slots[slot] = data;
  return nullptr;
}

// run(handle, kernel): over every tensor whose control row is not −1
napi_value run(napi_env env, napi_callback_info info) {
  napi_value args[2];
  size_t count = 2;
  void* handle;
  uint32_t kernel;
  napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  napi_get_value_external(env, args[0], &handle);
  napi_get_value_uint32(env, args[1], &kernel);
  const Engine& engine = *static_cast<Engine*>(handle);
  const auto* entries = engine.table->kernels[kernel];
  const int32_t* control = engine.control;
  double* sums = engine.sums;
  for (const Tensor& tensor : engine.tensors) {
    if (control[0] >= 0) {
      entries[tensor.dtype](tensor, engine.coefficients + control[0] * cauchy::kRow, control[1], sums);
    }
    control += 2;
    sums += cauchy::kSums;
  }
  return nullptr;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports["stamp"] = CAUCHY_STAMP;
  auto isas = Napi::Array::New(env);
  const auto tables = cauchy::supportedTables();
  for (uint32_t i = 0; tables[i] != nullptr; i++) isas[i] = tables[i]->isa;
  exports["isas"] = isas;
  exports["create"] = Napi::Function::New(env, create);
  napi_value function;
  napi_create_function(env, "bind", NAPI_AUTO_LENGTH, bind, nullptr, &function);
  exports["bind"] = Napi::Value(env, function);
  napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, nullptr, &function);
  exports["run"] = Napi::Value(env, function);
  return exports;
}

}  // namespace

NODE_API_MODULE(cauchy, init)
