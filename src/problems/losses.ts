// The losses of one example, with their derivative in the prediction and what to tell of held-out examples.
import { exp, ln } from '../math/functions'
import { sigmoid } from './dense'

export interface Loss {
  /** ℓ of the prediction z against the target; writes ∂ℓ/∂z over `slope`. */
  of(z: Float64Array, target: number, slope: Float64Array): number
  /** Whether a prediction is right: then the share of right ones is told as `accuracy`. */
  isRight?(z: Float64Array, target: number): boolean
  /** |error| of a prediction: then its mean is told as `absoluteError`. */
  error?(z: Float64Array, target: number): number
}

/** −ln softmax(z)[label]; the maximum is taken off against overflow. */
export const crossEntropy: Loss = {
  of(z, label, slope) {
    let top = z[0]
    for (let k = 1; k < z.length; k++) if (z[k] > top) top = z[k]
    let sum = 0
    for (let k = 0; k < z.length; k++) {
      slope[k] = exp(z[k] - top)
      sum += slope[k]
    }
    for (let k = 0; k < z.length; k++) slope[k] /= sum
    slope[label] -= 1
    return ln(sum) - (z[label] - top)
  },
  isRight(z, label) {
    for (let k = 0; k < z.length; k++) if (k !== label && !(z[k] < z[label])) return false
    return true
  },
}

/** ln(1 + e^z) − y·z for labels 0 and 1 */
export const logistic: Loss = {
  of([z], label, slope) {
    slope[0] = sigmoid(z) - label
    // ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|))
    return (z > 0 ? z : 0) + ln(1 + exp(-Math.abs(z))) - label * z
  },
  isRight: ([z], label) => z > 0 === (label === 1),
}

/** ½·(z − y)² */
export const squared: Loss = {
  of([z], y, slope) {
    slope[0] = z - y
    return (z - y) ** 2 / 2
  },
  error: ([z], y) => Math.abs(z - y),
}

/** Huber's: ½·e² of small errors, δ·(|e| − ½δ) of larger ones than δ */
export const huber = (delta: number): Loss => ({
  of([z], y, slope) {
    const error = z - y
    const size = Math.abs(error)
    slope[0] = size <= delta ? error : delta * Math.sign(error)
    return size <= delta ? (error * error) / 2 : delta * (size - delta / 2)
  },
  error: ([z], y) => Math.abs(z - y),
})
