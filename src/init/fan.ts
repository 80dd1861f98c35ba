// Fans of a weight's shape and the gains of activation functions, as `torch.nn.init` has them.
import { checkNumber, checkOneOf } from '../check'
import type { Shape } from '../types'

export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'selu'

const nonlinearities = ['linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'selu'] as const

export interface GainOptions {
  /** Multiplies the standard deviation, ≥ 0. */
  gain?: number
  /** Instead of `gain`: the activation function after the layer. */
  nonlinearity?: Nonlinearity
  /** The slope of 'leakyRelu' below zero. Default 0.01. */
  negativeSlope?: number
}

export const gainOptions = ['gain', 'nonlinearity', 'negativeSlope'] as const

/** Inputs and outputs of one unit, of weights in PyTorch's order [out, in, …kernel]. */
export function fans([out, inputs, ...kernel]: Shape): { fanIn: number; fanOut: number } {
  const field = kernel.reduce((product, size) => product * size, 1)
  return { fanIn: inputs * field, fanOut: out * field }
}

/** 1 for linear and sigmoid, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for leakyRelu, 3/4 for selu */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  return gainOf('init.calculateGain', nonlinearity, negativeSlope)
}

export function checkGain(who: string, given: Record<string, unknown>, byDefault: number): number {
  const { gain = byDefault, nonlinearity, negativeSlope } = given
  if (nonlinearity === undefined) {
    if (negativeSlope !== undefined)
      throw new TypeError(`${who}: negativeSlope needs nonlinearity 'leakyRelu'`)
    return checkNumber(`${who}: gain`, gain, { min: 0 })
  }
  if (given.gain !== undefined) throw new TypeError(`${who}: give gain or nonlinearity, not both`)
  if (negativeSlope !== undefined && nonlinearity !== 'leakyRelu') {
    throw new TypeError(`${who}: negativeSlope needs nonlinearity 'leakyRelu'`)
  }
  return gainOf(who, nonlinearity, negativeSlope === undefined ? 0.01 : negativeSlope)
}

function gainOf(who: string, nonlinearity: unknown, negativeSlope: unknown): number {
  const name = checkOneOf(`${who}: nonlinearity`, nonlinearity, nonlinearities)
  const slope = checkNumber(`${who}: negativeSlope`, negativeSlope)
  const gains = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.SQRT2,
    leakyRelu: Math.sqrt(2 / (1 + slope * slope)),
    selu: 3 / 4,
  }
  return gains[name]
}
