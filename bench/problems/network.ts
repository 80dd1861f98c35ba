// A classifier of dense layers with ReLU between them, differentiated by hand: the benchmark's problem.
import { createRandom, type FloatArray, type Problem, type Tensors } from 'cauchy'
import { exp, ln } from '../../src/math/functions'
import { CLASSES, type Digits, PIXELS } from './digits'

/**
 * z₁ = W₁·x + b₁, h₁ = max(z₁, 0), z₂ = W₂·h₁ + b₂, …; ℓ = −ln softmax(z)[label].
 * Without hidden layers it is softmax regression. Parameters: `w1` [outputs × inputs], `b1`, `w2`, …
 *
 * The same bits on every engine: dot products add in index order in double precision and are rounded to float32.
 */
export function createNetwork(name: string, hidden: readonly number[], digits: Digits): Problem {
  const widths = [PIXELS, ...hidden, CLASSES]
  const layers = widths.length - 1
  /** outputs[l]: what layer l makes of outputs[l − 1]; the last is turned into softmax's probabilities. */
  const outputs = widths.map((width) => new Float32Array(width))
  /** ∂loss/∂z of each layer. */
  const deltas = widths.map((width) => new Float32Array(width))

  /** The loss of one example; leaves the probabilities in the last outputs. */
  function forward(params: Tensors, example: number): number {
    const { pixels, labels } = digits
    outputs[0].set(pixels.subarray(example * PIXELS, (example + 1) * PIXELS))
    for (let l = 1; l <= layers; l++) {
      dense(params[`w${l}`], params[`b${l}`], outputs[l - 1], outputs[l], l < layers)
    }
    return softmax(outputs[layers], labels[example])
  }

  function backward(params: Tensors, grads: Tensors, example: number, weight: number): void {
    const last = deltas[layers]
    for (let k = 0; k < CLASSES; k++) {
      last[k] = weight * (outputs[layers][k] - (k === digits.labels[example] ? 1 : 0))
    }
    for (let l = layers; l >= 1; l--) {
      addOuter(grads[`w${l}`], deltas[l], outputs[l - 1])
      add(grads[`b${l}`], deltas[l])
      if (l > 1) backThrough(params[`w${l}`], deltas[l], outputs[l - 1], deltas[l - 1])
    }
  }

  return {
    name,
    data: { train: digits.train },
    target: { metric: 'validation.accuracy', value: 0.9, mode: 'max' },

    /** He's initialisation: normal with variance 2 / inputs; biases zero. */
    params(seed) {
      const { normal } = createRandom(seed)
      const params: Tensors = {}
      for (let l = 1; l <= layers; l++) {
        const deviation = Math.sqrt(2 / widths[l - 1])
        params[`w${l}`] = new Float32Array(widths[l] * widths[l - 1]).map(() => deviation * normal())
        params[`b${l}`] = new Float32Array(widths[l])
      }
      return params
    },

    lossAndGrad(params, grads, batch = new Uint32Array()) {
      for (const name in grads) grads[name].fill(0)
      let loss = 0
      for (const example of batch) {
        loss += forward(params, example)
        backward(params, grads, example, 1 / batch.length)
      }
      return loss / batch.length
    },

    validate(params) {
      let [loss, right] = [0, 0]
      for (let example = digits.train; example < digits.count; example++) {
        loss += forward(params, example)
        const probabilities = outputs[layers]
        if (probabilities.indexOf(Math.max(...probabilities)) === digits.labels[example]) right++
      }
      const count = digits.count - digits.train
      return { loss: loss / count, accuracy: right / count }
    },
  }
}

function dense(w: FloatArray, b: FloatArray, x: FloatArray, z: FloatArray, relu: boolean): void {
  const inputs = x.length
  for (let o = 0; o < z.length; o++) {
    let sum = b[o]
    for (let i = 0, at = o * inputs; i < inputs; i++, at++) sum += w[at] * x[i]
    // NaN is not below zero: it passes, and is seen in the loss.
    z[o] = relu && sum < 0 ? 0 : sum
  }
}

/** Turns z into probabilities in place and returns −ln of the label's; the maximum is taken off against overflow. */
function softmax(z: FloatArray, label: number): number {
  const top = Math.max(...z)
  const own = z[label] - top
  let sum = 0
  for (let k = 0; k < z.length; k++) {
    z[k] = exp(z[k] - top)
    sum += z[k]
  }
  for (let k = 0; k < z.length; k++) z[k] /= sum
  return ln(sum) - own
}

function addOuter(dw: FloatArray, delta: FloatArray, x: FloatArray): void {
  const inputs = x.length
  for (let o = 0; o < delta.length; o++) {
    const scale = delta[o]
    // A unit whose ReLU was shut has nothing to add.
    if (scale !== 0) for (let i = 0, at = o * inputs; i < inputs; i++, at++) dw[at] += scale * x[i]
  }
}

function add(db: FloatArray, delta: FloatArray): void {
  for (let o = 0; o < db.length; o++) db[o] += delta[o]
}

/** δ of the layer below: Wᵀ·δ where its ReLU let something through. */
function backThrough(w: FloatArray, delta: FloatArray, h: FloatArray, below: FloatArray): void {
  const inputs = h.length
  for (let i = 0; i < inputs; i++) {
    let sum = 0
    if (h[i] !== 0) for (let o = 0; o < delta.length; o++) sum += w[o * inputs + i] * delta[o]
    below[i] = sum
  }
}
