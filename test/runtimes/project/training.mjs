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

function make(cauchy, { name, options, dtype, owned }, { backend, threads }) {
  const FloatArray = dtype === 'float32' ? Float32Array : Float64Array
  const params = owned
    ? { w: [FEATURES, OUTPUTS], b: [OUTPUTS] }
    : { w: new FloatArray(FEATURES * OUTPUTS), b: new FloatArray(OUTPUTS) }
  const optimizer = new cauchy[name](params, { ...options, lr: 0.05, dtype, backend, threads })
  optimizer.params.w.set(start.w)
  optimizer.params.b.set(start.b)
  const grads = owned
    ? optimizer.grads
    : { w: new FloatArray(FEATURES * OUTPUTS), b: new FloatArray(OUTPUTS) }
  return { optimizer, grads }
}

/** A warm-up, then a cosine. */
function makeScheduler({ CosineAnnealingLR, LinearLR, SequentialLR }, optimizer) {
  const warmup = new LinearLR(optimizer, { startFactor: 0.1, totalIters: 7 })
  const cosine = new CosineAnnealingLR(optimizer, { tMax: STEPS - 7, etaMin: 1e-3 })
  return new SequentialLR(optimizer, { schedulers: [warmup, cosine], milestones: [7] })
}

async function trainOne(cauchy, variant, { saved, end, ahead, ...options }) {
  const { optimizer, grads } = make(cauchy, variant, options)
  const scheduler = makeScheduler(cauchy, optimizer)
  const { params } = optimizer
  const first = lossAndGrad(params, grads)
  if (saved) {
    params.w.set(saved.params.w)
    params.b.set(saved.params.b)
    optimizer.loadStateDict(saved.optimizer)
    scheduler.loadStateDict(saved.scheduler)
  }
  for (let t = optimizer.stepCount; t < end; t++) {
    lossAndGrad(params, grads)
    const step = [variant.owned ? undefined : grads, { clipNorm: 0.5 }]
    if (ahead && variant.owned) await optimizer.stepAsync(...step)
    else optimizer.step(...step)
    scheduler.step()
  }
  const last = lossAndGrad(params, grads)
  if (!(last < first / 2)) throw new Error(`${variant.name}: the loss went from ${first} to ${last}`)
  for (const name of ['w', 'b']) {
    const same = params[name].findIndex((x, i) => x === Math.fround(start[name][i]) || x === start[name][i])
    if (same >= 0) throw new Error(`${variant.name}: ${name}[${same}] has not changed`)
  }
  return { params, optimizer: optimizer.stateDict(), scheduler: scheduler.stateDict() }
}

/** Adds parameters and state, which must be finite. */
function addRun(hash, { params, optimizer: { state } }) {
  for (const name of ['w', 'b']) {
    hash.addFinite(params[name], `parameter ${name}`)
    for (const slot of Object.keys(state[name]).sort()) {
      const value = state[name][slot]
      hash.addFinite(value.length === undefined ? [value] : value, `${name}.${slot}`)
    }
  }
}

/** Steps into NaN, whose sign and payload are each engine's own: the hash takes all for one. */
function addNaN(hash, cauchy, backend) {
  for (const FloatArray of [Float32Array, Float64Array]) {
    const p = FloatArray.of(1, 2, 3, 4, 5)
    const optimizer = new cauchy.AdamW({ p }, { backend })
    const specials = FloatArray.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1)
    for (let t = 0; t < 2; t++) optimizer.step({ p: specials })
    if (p.map(Number.isNaN).join() !== '1,1,1,0,0') throw new Error(`NaN became ${p.join()}`)
    const { expAvg, expAvgSq } = optimizer.stateDict().state.p
    for (const array of [p, expAvg, expAvgSq]) hash.addAll(array)
  }
}

/**
 * Trains from the bytes `saved`, or the start, to step `end`; what it returns has the hash, and bytes again. `ahead`:
 * steps of owned parameters off the event loop.
 */
export async function train(
  cauchy,
  { saved, end = STEPS, backend = 'auto', threads = 1, ahead = false } = {},
) {
  const before = saved && cauchy.decodeState(saved)
  const runs = {}
  for (const [i, variant] of variants.entries()) {
    runs[i] = await trainOne(cauchy, variant, { saved: before?.[i], end, ahead, backend, threads })
  }
  const hash = new Hash()
  for (const run of Object.values(runs)) addRun(hash, run)
  addNaN(hash, cauchy, backend)
  const { name, isa, reason, errors } = cauchy.backendInfo({ backend })
  return {
    backend: name,
    isa,
    reason,
    errors: errors.map(({ message }) => message),
    hash: hash.toString(),
    saved: cauchy.encodeState(runs),
  }
}

const toText = (bytes) => btoa(String.fromCharCode(...bytes))
const toBytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** The same where job and answer are JSON: its bytes in base64. */
export async function trainByText(cauchy, { saved, ...job } = {}) {
  const answer = await train(cauchy, { ...job, saved: saved && toBytes(saved) })
  return { ...answer, saved: toText(answer.saved) }
}
