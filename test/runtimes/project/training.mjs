// The training run that every runtime repeats: it can stop at any step, and go on anywhere else from what it saved.
import { Hash } from './hash.mjs'

const STEPS = 100
const [EXAMPLES, FEATURES, OUTPUTS] = [24, 13, 3]

/** Integers from a linear congruence, so that no engine has a say in the data. */
function numbers(length, seed) {
  let x = seed
  return Array.from({ length }, () => {
    x = (x * 1103 + 12345) % 65536
    return x / 32768 - 1
  })
}

const inputs = numbers(EXAMPLES * FEATURES, 1)
const targets = numbers(EXAMPLES * OUTPUTS, 2).map((y) => Math.sqrt(y * y + 1) + y / 3)
const start = { w: numbers(FEATURES * OUTPUTS, 3), b: numbers(OUTPUTS, 4) }

/** Linear least squares, in doubles whatever the arrays are: the mean loss, and its gradient into `grads`. */
function lossAndGrad({ w, b }, grads) {
  const dw = new Float64Array(w.length)
  const db = new Float64Array(b.length)
  let loss = 0
  for (let n = 0; n < EXAMPLES; n++) {
    for (let k = 0; k < OUTPUTS; k++) {
      let error = b[k] - targets[n * OUTPUTS + k]
      for (let i = 0; i < FEATURES; i++) error += inputs[n * FEATURES + i] * w[i * OUTPUTS + k]
      loss += (error * error) / EXAMPLES
      db[k] += (2 * error) / EXAMPLES
      for (let i = 0; i < FEATURES; i++) {
        dw[i * OUTPUTS + k] += (2 * error * inputs[n * FEATURES + i]) / EXAMPLES
      }
    }
  }
  grads.w.set(dw)
  grads.b.set(db)
  return loss
}

const rules = [
  ['AdamW', { betas: [0.8, 0.99], eps: 1e-6, weightDecay: 0.1 }],
  ['SGD', { momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
]
const variants = rules.flatMap(([name, options]) =>
  ['float32', 'float64'].flatMap((dtype) => [true, false].map((owned) => ({ name, options, dtype, owned }))),
)

function make(cauchy, { name, options, dtype, owned }, backend) {
  const FloatArray = dtype === 'float32' ? Float32Array : Float64Array
  const params = owned
    ? { w: [FEATURES, OUTPUTS], b: [OUTPUTS] }
    : { w: new FloatArray(FEATURES * OUTPUTS), b: new FloatArray(OUTPUTS) }
  const optimizer = new cauchy[name](params, { ...options, dtype, backend })
  optimizer.params.w.set(start.w)
  optimizer.params.b.set(start.b)
  const grads = owned
    ? optimizer.grads
    : { w: new FloatArray(FEATURES * OUTPUTS), b: new FloatArray(OUTPUTS) }
  return { optimizer, grads }
}

function trainOne(cauchy, variant, { saved, end, backend }) {
  const { optimizer, grads } = make(cauchy, variant, backend)
  const { params } = optimizer
  const first = lossAndGrad(params, grads)
  if (saved) {
    params.w.set(saved.params.w)
    params.b.set(saved.params.b)
    optimizer.loadStateDict(saved.state)
  }
  const lr = cauchy.schedules.warmupCosine({ lr: 0.05, warmupSteps: 7, totalSteps: STEPS })
  for (let t = optimizer.stateDict().step; t < end; t++) {
    optimizer.groups[0].lr = lr(t)
    lossAndGrad(params, grads)
    optimizer.step(variant.owned ? undefined : grads, { clipNorm: 0.5 })
  }
  const last = lossAndGrad(params, grads)
  if (!(last < first / 2)) throw new Error(`${variant.name}: the loss went from ${first} to ${last}`)
  return { params: { w: params.w, b: params.b }, state: optimizer.stateDict() }
}

const isArray = (value) => value instanceof Float32Array || value instanceof Float64Array
const encode = (_key, value) =>
  isArray(value)
    ? {
        dtype: value.BYTES_PER_ELEMENT,
        bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)],
      }
    : value
const decode = (_key, value) =>
  value?.bytes
    ? new (value.dtype === 4 ? Float32Array : Float64Array)(Uint8Array.from(value.bytes).buffer)
    : value

/** Trains from `saved`, or the start, to step `end`. What it returns can be sent anywhere as JSON. */
export function train(cauchy, { saved, end = STEPS, backend = 'auto' } = {}) {
  const before = saved && JSON.parse(saved, decode)
  const runs = variants.map((variant, i) => trainOne(cauchy, variant, { saved: before?.[i], end, backend }))
  const hash = new Hash()
  for (const { params, state } of runs) {
    for (const name of ['w', 'b']) {
      hash.addAll(params[name], `parameter ${name}`)
      for (const slot of Object.keys(state.state[name]).sort()) {
        const value = state.state[name][slot]
        hash.addAll(isArray(value) ? value : [value], `${name}.${slot}`)
      }
    }
  }
  const { name, isa, reason, errors } = cauchy.backendInfo({ backend })
  return {
    backend: name,
    isa,
    reason,
    errors: errors.map(({ message }) => message),
    hash: hash.toString(),
    saved: JSON.stringify(runs, encode),
  }
}
