// Keras' update formulas, written down from keras.optimizers.
import { type Adam, adadelta, adamax, betas, type Cell, type Port } from './port'

export const keras: Port[] = [
  // keras.optimizers: SGD.update_step
  {
    rule: 'SGD',
    options: {},
    formula(c, g) {
      c.p -= 0.01 * g
    },
  },
  {
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9 },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += c.m
    },
  },
  {
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += 0.9 * c.m - 0.1 * g
    },
  },
  // keras.optimizers: Adam.update_step, with the default epsilon of 1e-7 beside the uncorrected root
  {
    rule: 'Adam',
    options: {},
    formula(c, g, t) {
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      const alpha = (1e-3 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
      c.p -= (c.m * alpha) / (Math.sqrt(c.v) + 1e-7)
    },
  },
  {
    rule: 'AdamW',
    options: { lr: 0.1 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.004 * c.p
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      const alpha = (0.1 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
      c.p -= (c.m * alpha) / (Math.sqrt(c.v) + 1e-7)
    },
  },
  // keras.optimizers: Adagrad and RMSprop divide by √(accumulator + epsilon)
  {
    rule: 'Adagrad',
    options: {},
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p -= (1e-3 * g) / Math.sqrt(c.a + 1e-7)
    },
  },
  {
    rule: 'RMSprop',
    options: { momentum: 0.8, centered: true, eps: 0.01 },
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.a = 0.9 * (c.a ?? 0) + 0.1 * g
      c.m = 0.8 * (c.m ?? 0) + (1e-3 * g) / Math.sqrt(c.v - c.a * c.a + 0.01)
      c.p -= c.m
    },
  },
  {
    rule: 'RMSprop',
    options: {},
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.p -= (1e-3 * g) / Math.sqrt(c.v + 1e-7)
    },
  },
  // keras.optimizers: weight_decay is taken off the variable before the update, by every rule
  {
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += 0.9 * c.m - 0.1 * g
    },
  },
  {
    rule: 'SGD',
    options: { lr: 0.1, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.p -= 0.1 * g
    },
  },
  {
    rule: 'Adam',
    options: { lr: 0.1, betas, eps: 0.01, amsgrad: true, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      c.m = 0.8 * (c.m ?? 0) + 0.2 * g
      c.v = 0.95 * (c.v ?? 0) + 0.05 * g * g
      c.max = Math.max(c.max ?? 0, c.v)
      const alpha = (0.1 * Math.sqrt(1 - 0.95 ** t)) / (1 - 0.8 ** t)
      c.p -= (c.m * alpha) / (Math.sqrt(c.max) + 0.01)
    },
  },
  {
    rule: 'Adagrad',
    options: { lr: 0.1, weightDecay: 0.2, initialAccumulatorValue: 0.3, eps: 0.01 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.a = (c.a ?? 0.3) + g * g
      c.p -= (0.1 * g) / Math.sqrt(c.a + 0.01)
    },
  },
  {
    rule: 'RMSprop',
    options: { lr: 0.1, alpha: 0.8, momentum: 0.5, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.v = 0.8 * (c.v ?? 0) + 0.2 * g * g
      c.m = 0.5 * (c.m ?? 0) + (0.1 * g) / Math.sqrt(c.v + 1e-7)
      c.p -= c.m
    },
  },
  {
    rule: 'Adadelta',
    options: {},
    formula: (c, g) => adadelta(c, g, { lr: 1e-3, rho: 0.95, eps: 1e-7 }),
  },
  {
    rule: 'Adadelta',
    options: { lr: 0.5, rho: 0.8, eps: 1e-3, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.5 * 0.2 * c.p
      adadelta(c, g, { lr: 0.5, rho: 0.8, eps: 1e-3 })
    },
  },
  // keras.optimizers.Adamax: w − lr / (1 − beta1^t) · m / (u + epsilon)
  {
    rule: 'Adamax',
    options: {},
    formula: (c, g, t) => adamax(c, g, t, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-7 }),
  },
  {
    rule: 'Adamax',
    options: { lr: 0.1, betas, eps: 0.05, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      adamax(c, g, t, { lr: 0.1, betas, eps: 0.05 })
    },
  },
  // keras.optimizers.Nadam; its product of momenta is float32
  {
    rule: 'NAdam',
    tolerance: 1e-6,
    options: {},
    formula: (c, g, t) => kerasNadam(c, g, t, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-7 }),
  },
  {
    rule: 'NAdam',
    tolerance: 1e-6,
    options: { lr: 0.1, betas, eps: 0.01, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      kerasNadam(c, g, t, { lr: 0.1, betas, eps: 0.01 })
    },
  },
  {
    rule: 'Lion',
    options: { betas },
    formula(c, g) {
      c.p -= 1e-3 * Math.sign(0.8 * (c.m ?? 0) + 0.2 * g)
      c.m = 0.95 * (c.m ?? 0) + 0.05 * g
    },
  },
  {
    rule: 'Lion',
    options: { lr: 0.1, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.p -= 0.1 * Math.sign(0.9 * (c.m ?? 0) + 0.1 * g)
      c.m = 0.99 * (c.m ?? 0) + 0.01 * g
    },
  },
  // keras.optimizers.Lamb: the ratio takes the norm of the decayed variable, the update has no decay in it
  {
    rule: 'LAMB',
    options: { lr: 0.1, betas, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      c.m = 0.8 * (c.m ?? 0) + 0.2 * g
      c.v = 0.95 * (c.v ?? 0) + 0.05 * g * g
      const update = c.m / (1 - 0.8 ** t) / (Math.sqrt(c.v / (1 - 0.95 ** t)) + 1e-7)
      c.p -= (Math.abs(c.p) / Math.abs(update)) * 0.1 * update
    },
  },
]

function kerasNadam(c: Cell, g: number, t: number, { lr, betas: [b1, b2], eps }: Adam): void {
  const u = (step: number) => b1 * (1 - 0.5 * 0.96 ** step)
  c.product = (c.product ?? 1) * u(t)
  c.m = b1 * (c.m ?? 0) + (1 - b1) * g
  c.v = b2 * (c.v ?? 0) + (1 - b2) * g * g
  const mHat = (u(t + 1) * c.m) / (1 - c.product * u(t + 1)) + ((1 - u(t)) * g) / (1 - c.product)
  c.p -= (mHat * lr) / (Math.sqrt(c.v / (1 - b2 ** t)) + eps)
}
