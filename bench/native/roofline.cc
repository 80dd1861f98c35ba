// The Node-API surface of the roofline: what this CPU can load and store, in streams bound to typed arrays.
#include <napi.h>

#include "adamw.h"
#include "pool.h"
#include "stream.h"

namespace {

using namespace roofline;

struct Isa {
  const char* name;
  Find find;
};

std::vector<Isa> supported() {
  std::vector<Isa> isas;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) isas.push_back({"avx512", findAvx512});
  if (__builtin_cpu_supports("avx2")) isas.push_back({"avx2", findAvx2});
#endif
  isas.push_back({"baseline", findBaseline});
  return isas;
}

struct Step {
  Streams streams;
  Napi::ObjectReference arrays;  // keeps the memory alive
  std::vector<std::function<void()>> jobs;
  Pool* pool;
};

uint8_t* bytes(const Napi::Value& array) { return array.As<Napi::Uint8Array>().Data(); }

// prepare(isa, unroll, ahead, threads, [p, g, …state], written) → step, or null where there is no such kernel.
// All arrays are Uint8Array; unroll is an exponent, ahead in bytes; the state arrays that are written come first.
Napi::Value prepare(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto isas = supported();
  const Isa& isa = isas[info[0].As<Napi::Number>().Uint32Value()];
  const int unroll = info[1].As<Napi::Number>().Int32Value();
  const size_t ahead = info[2].As<Napi::Number>().Uint32Value();
  const size_t threads = info[3].As<Napi::Number>().Uint32Value();
  const auto arrays = info[4].As<Napi::Array>();
  const int states = static_cast<int>(arrays.Length()) - 2;
  Traffic traffic{info[5].As<Napi::Number>().Int32Value(), 0, 0};
  traffic.read = states - traffic.written;

  auto step = std::make_unique<Step>();
  Streams& s = step->streams;
  s = {bytes(arrays[1u]), bytes(arrays[0u]), {}, arrays.Get(0u).As<Napi::Uint8Array>().ByteLength(), 0, ahead, 0};
  for (int k = 0; k < states; k++) s.states[k] = bytes(arrays[2u + k]);
  if (states > 0) s.stateBytes = arrays.Get(2u).As<Napi::Uint8Array>().ByteLength();
  while (states > 0 && traffic.shift < kShifts - 1 && s.stateBytes <= (s.bytes >> (traffic.shift + 1))) traffic.shift++;
  const Kernel kernel = isa.find(traffic, unroll, ahead > 0);
  if (kernel == nullptr) return env.Null();

  constexpr size_t line = 256;  // a quarter of it is a whole cache line
  const size_t share = (s.bytes / threads + line - 1) / line * line;
  for (size_t k = 0; k < threads; k++) {
    const size_t begin = std::min(k * share, s.bytes);
    const size_t end = k + 1 == threads ? s.bytes : std::min(begin + share, s.bytes);
    step->jobs.push_back([kernel, streams = &s, begin, end] { kernel(*streams, begin, end); });
  }
  step->arrays = Napi::Persistent(arrays.As<Napi::Object>());
  step->pool = env.GetInstanceData<Pool>();
  return Napi::External<Step>::New(env, step.release(), [](Napi::Env, Step* old) { delete old; });
}

// adamw(form, p, g, m, v): the hand-written step, of float32; false where there is no such form.
Napi::Value adamw(const Napi::CallbackInfo& info) {
  std::vector<AdamW> forms;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) forms.insert(forms.end(), adamwAvx512, adamwAvx512 + 3);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    forms.insert(forms.end(), adamwAvx2, adamwAvx2 + 3);
  }
#endif
  const size_t form = info[0].As<Napi::Number>().Uint32Value();
  if (form >= forms.size()) return Napi::Boolean::New(info.Env(), false);
  const auto array = [&](int k) { return reinterpret_cast<float*>(bytes(info[k])); };
  const size_t length = info[1].As<Napi::Uint8Array>().ByteLength() / sizeof(float);
  forms[form](array(1), array(2), array(3), array(4), length);
  return Napi::Boolean::New(info.Env(), true);
}

// run(step)
napi_value run(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  void* data;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_external(env, argument, &data);
  const Step& step = *static_cast<Step*>(data);
  if (step.jobs.size() == 1) step.jobs[0]();
  else step.pool->run(step.jobs);
  return nullptr;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Pool);
  auto isas = Napi::Array::New(env);
  for (const auto& isa : supported()) isas[isas.Length()] = isa.name;
  exports["isas"] = isas;
  exports["prepare"] = Napi::Function::New(env, prepare);
  exports["adamw"] = Napi::Function::New(env, adamw);
  napi_value function;
  napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, nullptr, &function);
  exports["run"] = Napi::Value(env, function);
  return exports;
}

}  // namespace

NODE_API_MODULE(roofline, init)
