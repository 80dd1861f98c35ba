// optax's update formulas, written down from the transformations that it composes.
import { adadelta, betas, type Port } from './port'

export const optax: Port[] = [
  // optax: scale_by_rss, scale_by_rms and trace, scale_by_adam and add_decayed_weights
  {
    rule: 'Adagrad',
    options: { lr: 0.1 },
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p -= 0.1 * g * (1 / Math.sqrt(c.a + 1e-7))
    },
  },
  {
    rule: 'RMSprop',
    options: { lr: 0.1, momentum: 0.9 },
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.m = -0.1 * g * (1 / Math.sqrt(c.v + 1e-8)) + 0.9 * (c.m ?? 0)
      c.p += c.m
    },
  },
  {
    rule: 'AdamW',
    options: { lr: 0.1, epsRoot: 0.01 },
    formula(c, g, t) {
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      const update = c.m / (1 - 0.9 ** t) / (Math.sqrt(c.v / (1 - 0.999 ** t) + 0.01) + 1e-8)
      c.p += -0.1 * (update + 1e-4 * c.p)
    },
  },
  {
    rule: 'LAMB',
    options: { lr: 0.1, weightDecay: 0.1 },
    formula(c, g, t) {
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      const update = c.m / (1 - 0.9 ** t) / (Math.sqrt(c.v / (1 - 0.999 ** t)) + 1e-6) + 0.1 * c.p
      c.p -= 0.1 * (Math.abs(c.p) / Math.abs(update)) * update
    },
  },
  {
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true },
    formula(c, g) {
      c.m = g + 0.9 * (c.m ?? 0)
      c.p -= 0.1 * (g + 0.9 * c.m)
    },
  },
  // optax.amsgrad: the maximum of the corrected moments
  ...['Adam', 'AdamW'].map(
    (rule): Port => ({
      rule,
      options: { lr: 0.1, betas, eps: 0.01, epsRoot: 1e-3, amsgrad: true, weightDecay: 0 },
      formula(c, g, t) {
        c.m = 0.8 * (c.m ?? 0) + 0.2 * g
        c.v = 0.95 * (c.v ?? 0) + 0.05 * g * g
        c.max = Math.max(c.max ?? 0, c.v / (1 - 0.95 ** t))
        c.p -= (0.1 * (c.m / (1 - 0.8 ** t))) / (Math.sqrt(c.max + 1e-3) + 0.01)
      },
    }),
  ),
  // optax.nadam: scale_by_adam with nesterov
  {
    rule: 'NAdam',
    options: { lr: 0.1, betas, eps: 0.01 },
    formula(c, g, t) {
      c.m = 0.8 * (c.m ?? 0) + 0.2 * g
      c.v = 0.95 * (c.v ?? 0) + 0.05 * g * g
      const mHat = (0.8 * c.m) / (1 - 0.8 ** (t + 1)) + (0.2 * g) / (1 - 0.8 ** t)
      c.p -= (0.1 * mHat) / (Math.sqrt(c.v / (1 - 0.95 ** t)) + 0.01)
    },
  },
  // optax.radam: scale_by_radam
  {
    rule: 'RAdam',
    options: { lr: 0.1, betas: [0.8, 0.9], eps: 0.1 },
    formula(c, g, t) {
      c.m = 0.8 * (c.m ?? 0) + 0.2 * g
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      const mHat = c.m / (1 - 0.8 ** t)
      const roInf = 2 / (1 - 0.9) - 1
      const ro = roInf - (2 * t * 0.9 ** t) / (1 - 0.9 ** t)
      const r = Math.sqrt(((ro - 4) * (ro - 2) * roInf) / ((roInf - 4) * (roInf - 2) * ro))
      c.p -= 0.1 * (ro >= 5 ? (r * mHat) / (Math.sqrt(c.v / (1 - 0.9 ** t)) + 0.1) : mHat)
    },
  },
  {
    rule: 'Adadelta',
    options: { lr: 0.5, weightDecay: 0.2 },
    formula: (c, g) => adadelta(c, g + 0.2 * c.p, { lr: 0.5, rho: 0.9, eps: 1e-6 }),
  },
  // optax.adamax: scale_by_adamax with update_infinity_moment
  {
    rule: 'Adamax',
    options: { lr: 0.1, betas, eps: 0.05 },
    formula(c, g, t) {
      c.m = 0.8 * (c.m ?? 0) + 0.2 * g
      c.u = Math.max(Math.abs(g) + 0.05, 0.95 * (c.u ?? 0))
      c.p -= (0.1 * (c.m / (1 - 0.8 ** t))) / c.u
    },
  },
  // optax.yogi: scale_by_yogi, which fills both moments at first
  {
    rule: 'Yogi',
    options: { lr: 0.1, betas, initialAccumulatorValue: 0.2 },
    formula(c, g, t) {
      c.m = 0.8 * (c.m ?? 0.2) + 0.2 * g
      c.v ??= 0.2
      c.v -= 0.05 * Math.sign(c.v - g * g) * g * g
      c.p -= (0.1 * (c.m / (1 - 0.8 ** t))) / (Math.sqrt(c.v / (1 - 0.95 ** t)) + 1e-3)
    },
  },
  {
    rule: 'Lion',
    options: { lr: 0.1 },
    formula(c, g) {
      const direction = Math.sign(0.1 * g + 0.9 * (c.m ?? 0))
      c.m = 0.01 * g + 0.99 * (c.m ?? 0)
      c.p -= 0.1 * (direction + 1e-3 * c.p)
    },
  },
  // optax.sign_sgd, optax.signum: scale_by_sign, after ema without debiasing
  {
    rule: 'SignSGD',
    options: { lr: 0.1, momentum: 0.8 },
    formula(c, g) {
      c.m = 0.2 * g + 0.8 * (c.m ?? 0)
      c.p -= 0.1 * Math.sign(c.m)
    },
  },
  // optax.lars: add_decayed_weights, scale_by_trust_ratio, scale_by_learning_rate, trace
  {
    rule: 'LARS',
    options: { lr: 0.1, weightDecay: 0.2, trustCoefficient: 0.5, eps: 0.1, momentum: 0.8, nesterov: true },
    formula(c, g) {
      const decayed = g + 0.2 * c.p
      const update = -0.1 * decayed * ((0.5 * Math.abs(c.p)) / (Math.abs(decayed) + 0.1))
      c.m = update + 0.8 * (c.m ?? 0)
      c.p += update + 0.8 * c.m
    },
  },
  // optax.novograd: scale_by_novograd
  {
    rule: 'NovoGrad',
    options: { lr: 0.1, betas, weightDecay: 0.2, epsRoot: 0.01 },
    formula(c, g, t) {
      c.v = t === 1 ? g * g : 0.05 * g * g + 0.95 * c.v
      const addition = g / (Math.sqrt(c.v + 0.01) + 1e-6) + 0.2 * c.p
      c.m = 0.8 * (c.m ?? 0) + addition
      c.p -= 0.1 * c.m
    },
  },
  // optax.sm3: scale_by_sm3, of a vector
  {
    rule: 'SM3',
    options: { lr: 0.1, momentum: 0.8, beta2: 0.95, eps: 0.01 },
    formula(c, g) {
      c.v = 0.05 * g * g + 0.95 * (c.v ?? 0)
      c.m = 0.2 * (g / Math.sqrt(c.v + 0.01)) + 0.8 * (c.m ?? 0)
      c.p -= 0.1 * c.m
    },
  },
  // optax.adabelief: scale_by_belief
  {
    rule: 'AdaBelief',
    options: { lr: 0.1, betas, nesterov: true },
    formula(c, g, t) {
      c.m = 0.2 * g + 0.8 * (c.m ?? 0)
      c.v = 0.05 * (g - c.m) ** 2 + 0.95 * (c.v ?? 0) + 1e-16
      const mHat = (0.8 * c.m) / (1 - 0.8 ** (t + 1)) + (0.2 * g) / (1 - 0.8 ** t)
      c.p -= (0.1 * mHat) / (Math.sqrt(c.v / (1 - 0.95 ** t)) + 1e-16)
    },
  },
  // optax.contrib.adopt: scale_by_adopt
  {
    rule: 'ADOPT',
    options: { lr: 0.1, nesterov: true },
    formula(c, g, t) {
      const clip = (t - 1) ** 0.25
      const normed = Math.max(-clip, Math.min(clip, g / Math.max(Math.sqrt(c.v ?? 0), 1e-6)))
      const [b1, b2] = t > 1 ? [0.9, 0.9999] : [1, 0]
      c.v = (1 - b2) * g * g + b2 * (c.v ?? 0)
      c.m = (1 - b1) * normed + b1 * (c.m ?? 0)
      c.p -= 0.1 * ((1 - b1) * normed + b1 * c.m)
    },
  },
  // optax.contrib.ademamix: scale_by_ademamix, add_decayed_weights
  {
    rule: 'AdEMAMix',
    options: { lr: 0.1, epsRoot: 0.01, weightDecay: 0.2 },
    formula(c, g, t) {
      c.m1 = 0.1 * g + 0.9 * (c.m1 ?? 0)
      c.m2 = 1e-4 * g + 0.9999 * (c.m2 ?? 0)
      c.v = 0.001 * g * g + 0.999 * (c.v ?? 0)
      const root = Math.sqrt(c.v / (1 - 0.999 ** t) + 0.01) + 1e-8
      c.p -= 0.1 * ((c.m1 / (1 - 0.9 ** t) + 5 * c.m2) / root + 0.2 * c.p)
    },
  },
  // optax.contrib.madgrad: add_decayed_weights, scale_by_madgrad
  {
    rule: 'MADGRAD',
    options: { lr: 0.1, momentum: 0.8, weightDecay: 0.2 },
    formula(c, g, t) {
      c.start ??= c.p
      const decayed = g + 0.2 * c.p
      const lamb = (0.1 + 1e-6) * Math.sqrt(t)
      c.squares = (c.squares ?? 0) + lamb * decayed ** 2
      c.s = (c.s ?? 0) + lamb * decayed
      c.p = 0.8 * c.p + 0.2 * (c.start - c.s / (Math.cbrt(c.squares) + 1e-6))
    },
  },
]
