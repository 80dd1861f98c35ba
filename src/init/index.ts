// Initial parameters: seeded, the same bits on every engine.
import { constant, normal, truncatedNormal, uniform } from './distributions'
import { calculateGain } from './fan'
import { orthogonal } from './orthogonal'
import { heNormal, heUniform, lecunNormal, lecunUniform, xavierNormal, xavierUniform } from './scaled'

export type {
  ConstantOptions,
  NormalOptions,
  TruncatedNormalOptions,
  UniformOptions,
} from './distributions'
export type { GainOptions, Nonlinearity } from './fan'
export type { RandomSource, Shaped } from './fill'
export type { OrthogonalOptions } from './orthogonal'
export type { HeOptions, LeCunOptions, XavierOptions } from './scaled'

/**
 * Initialisers: `init.x(array, { … })` fills a Float32Array or Float64Array in place and returns it.
 *
 * Random ones take `seed` (an integer) or `random` (a stream from `createRandom`, which several arrays share): arrays
 * filled from the same seed are the same. Those that look at a layer's size take `shape`, in PyTorch's order
 * [out, in, …kernel]: fanIn is in · kernel, fanOut out · kernel. Values are computed in doubles and rounded once to
 * the array's element type; the same bits on every engine.
 *
 * | initialiser | values | options besides `seed` or `random` |
 * |---|---|---|
 * | constant | value | value (no seed) |
 * | uniform | [low, high) | low = 0, high = 1 |
 * | normal | mean + std · N(0, 1) | mean = 0, std = 1 |
 * | truncatedNormal | normal within [lower, upper] | mean = 0, std = 1, lower = −2, upper = 2 |
 * | xavierUniform | ± gain · √(6 / (fanIn + fanOut)) | shape, gain = 1 |
 * | xavierNormal | gain · √(2 / (fanIn + fanOut)) · N(0, 1) | shape, gain = 1 |
 * | heUniform | ± gain · √(3 / fan) | shape, mode = 'fanIn', gain = √2 |
 * | heNormal | gain / √fan · N(0, 1) | shape, mode = 'fanIn', gain = √2 |
 * | lecunUniform | ± √(3 / fanIn) | shape |
 * | lecunNormal | N(0, 1) / √fanIn | shape |
 * | orthogonal | orthonormal rows or columns · gain | shape, gain = 1 |
 *
 * Xavier and He take `nonlinearity` ('linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu' with `negativeSlope` = 0.01,
 * 'selu') instead of `gain`; `init.calculateGain` gives the same number.
 *
 * Source: `torch.nn.init`, whose kaiming_… are He's; Glorot and Bengio (2010); He et al. (2015); LeCun et al. (1998).
 * Deviations: other random numbers than PyTorch's; the default slope of 'leakyRelu' is 0.01 for He, too; lecunNormal is not truncated as Keras' and JAX's is.
 *
 * ```ts
 * import { AdamW, createRandom, init } from 'cauchy'
 *
 * const opt = new AdamW({ w1: [64, 784], b1: [64], w2: [10, 64] })
 * const random = createRandom(42)
 * init.heNormal(opt.params.w1, { shape: [64, 784], random })
 * init.constant(opt.params.b1, { value: 0.1 })
 * init.xavierUniform(opt.params.w2, { shape: [10, 64], nonlinearity: 'tanh', random })
 * Math.max(...opt.params.w2) < (5 / 3) * Math.sqrt(6 / 74) // → true
 * ```
 */
export const init = {
  constant,
  uniform,
  normal,
  truncatedNormal,
  xavierUniform,
  xavierNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal,
  calculateGain,
} as const
