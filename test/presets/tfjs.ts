// TensorFlow.js' update formulas, written down from tfjs-core.
import { adamax, betas, type Port } from './port'

export const tfjs: Port[] = [
  // tfjs-core: momentum, adagrad, rmsprop and adam optimizers, with the float32 backends' epsilon of 1e-7
  {
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) + g
      c.p += -0.1 * (g + 0.9 * c.m)
    },
  },
  {
    rule: 'Adagrad',
    options: { lr: 0.1 },
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p += (-0.1 * g) / Math.sqrt(c.a + 1e-7)
    },
  },
  {
    rule: 'RMSprop',
    options: { lr: 0.1, momentum: 0.5 },
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.m = 0.5 * (c.m ?? 0) + (0.1 * g) / Math.sqrt(c.v + 1e-7)
      c.p -= c.m
    },
  },
  {
    rule: 'Adam',
    options: {},
    formula(c, g, t) {
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      c.p -= (1e-3 * (c.m / (1 - 0.9 ** t))) / (Math.sqrt(c.v / (1 - 0.999 ** t)) + 1e-7)
    },
  },
  // tfjs-core: AdadeltaOptimizer divides by the accumulated squares of the gradients before
  ...[
    { lr: 1e-3, rho: 0.95, eps: 1e-7 },
    { lr: 0.5, rho: 0.8, eps: 1e-2 },
  ].map(
    (options, k): Port => ({
      rule: 'Adadelta',
      options: k === 0 ? {} : options,
      formula(c, g) {
        const { lr, rho, eps } = options
        const before = c.a ?? 0
        const update = (Math.sqrt((c.d ?? 0) + eps) / Math.sqrt(before + eps)) * g
        c.a = before * rho + g * g * (1 - rho)
        c.d = (c.d ?? 0) * rho + update * update * (1 - rho)
        c.p -= lr * update
      },
    }),
  ),
  {
    rule: 'Adamax',
    options: { betas, lrDecay: 0.5 },
    formula: (c, g, t) => adamax(c, g, t, { lr: 2e-3 / (1 + 0.5 * (t - 1)), betas, eps: 1e-7 }),
  },
]
