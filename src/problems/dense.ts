// Dense layers and their derivatives: what the networks among the problems are made of.
import type { FloatArray, Tensors } from 'cauchy'
import { exp, tanh } from '../math/functions'

export type Activation = 'relu' | 'tanh' | 'sigmoid'

/**
 * z₁ = W₁·x + b₁, h₁ = φ(z₁), z₂ = W₂·h₁ + b₂, …, without φ after the last; `w1` is [outputs × inputs], row-major.
 *
 * One example at a time, in double precision whatever the parameters' dtype; sums add in index order.
 */
export interface Stack {
  /** To be filled before `forward`. */
  readonly input: Float64Array
  /** What `forward` made of it. */
  readonly output: Float64Array
  /** ∂ℓ/∂output: to be filled before `backward`. */
  readonly outputSlope: Float64Array
  /** ∂ℓ/∂input, if asked for. */
  readonly inputSlope: Float64Array
  forward(params: Tensors): void
  /** Adds ∂ℓ/∂θ of the example last seen by `forward` to `grads`. */
  backward(params: Tensors, grads: Tensors): void
}

export function createStack(
  widths: readonly number[],
  activation: Activation,
  { wantsInputSlope = false } = {},
): Stack {
  const last = widths.length - 1
  const values = widths.map((width) => new Float64Array(width))
  const slopes = widths.map((width) => new Float64Array(width))
  return {
    input: values[0],
    output: values[last],
    outputSlope: slopes[last],
    inputSlope: slopes[0],
    forward(params) {
      for (let l = 1; l <= last; l++) {
        affine(params[`w${l}`], params[`b${l}`], values[l - 1], values[l])
        if (l < last) activate(values[l], activation)
      }
    },
    backward(params, grads) {
      for (let l = last; l >= 1; l--) {
        addOuter(grads[`w${l}`], grads[`b${l}`], slopes[l], values[l - 1])
        if (l > 1 || wantsInputSlope) backThrough(params[`w${l}`], slopes[l], slopes[l - 1])
        if (l > 1) timesDerivative(slopes[l - 1], values[l - 1], activation)
      }
    },
  }
}

/** z = W·x + b */
function affine(w: FloatArray, b: FloatArray, x: Float64Array, z: Float64Array): void {
  const inputs = x.length
  // Four sums at a time, so that the processor need not wait for one.
  const whole = z.length - (z.length % 4)
  for (let o = 0; o < whole; o += 4) {
    let [s0, s1, s2, s3] = [b[o], b[o + 1], b[o + 2], b[o + 3]]
    for (let i = 0, at = o * inputs; i < inputs; i++, at++) {
      const value = x[i]
      s0 += w[at] * value
      s1 += w[at + inputs] * value
      s2 += w[at + 2 * inputs] * value
      s3 += w[at + 3 * inputs] * value
    }
    z[o] = s0
    z[o + 1] = s1
    z[o + 2] = s2
    z[o + 3] = s3
  }
  for (let o = whole; o < z.length; o++) {
    let sum = b[o]
    for (let i = 0, at = o * inputs; i < inputs; i++, at++) sum += w[at] * x[i]
    z[o] = sum
  }
}

/** z ← φ(z) */
function activate(z: Float64Array, activation: Activation): void {
  // NaN is not below zero: it passes, and is seen in the loss.
  if (activation === 'relu') for (let i = 0; i < z.length; i++) z[i] = z[i] < 0 ? 0 : z[i]
  else if (activation === 'tanh') for (let i = 0; i < z.length; i++) z[i] = tanh(z[i])
  else for (let i = 0; i < z.length; i++) z[i] = sigmoid(z[i])
}

/** δ ← δ·φ′, from h = φ(z) */
function timesDerivative(slope: Float64Array, h: Float64Array, activation: Activation): void {
  if (activation === 'relu') for (let i = 0; i < h.length; i++) slope[i] = h[i] > 0 ? slope[i] : 0
  else if (activation === 'tanh') for (let i = 0; i < h.length; i++) slope[i] *= 1 - h[i] * h[i]
  else for (let i = 0; i < h.length; i++) slope[i] *= h[i] * (1 - h[i])
}

/** dW += δ·xᵀ, db += δ */
function addOuter(dw: FloatArray, db: FloatArray, slope: Float64Array, x: Float64Array): void {
  const inputs = x.length
  for (let o = 0; o < slope.length; o++) {
    const scale = slope[o]
    // A unit whose ReLU was shut has nothing to add.
    if (scale === 0) continue
    db[o] += scale
    for (let i = 0, at = o * inputs; i < inputs; i++, at++) dw[at] += scale * x[i]
  }
}

/** δ of the layer below: Wᵀ·δ */
function backThrough(w: FloatArray, slope: Float64Array, below: Float64Array): void {
  const inputs = below.length
  below.fill(0)
  for (let o = 0; o < slope.length; o++) {
    const scale = slope[o]
    if (scale === 0) continue
    for (let i = 0, at = o * inputs; i < inputs; i++, at++) below[i] += scale * w[at]
  }
}

/** 1/(1 + e^(−z)), of which neither side overflows. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + exp(-z))
  const power = exp(z)
  return power / (1 + power)
}
