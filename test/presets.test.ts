// `preset` reproduces other frameworks' numbers: their published update formulas, written down one by one.
import { memoryPlan } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { read } from './completeness'
import { expectError, noise, RULES, ruleNamed, UNCOUPLED_RULES } from './untyped'

interface Cell {
  p: number
  [slot: string]: number
}

type Formula = (c: Cell, g: number, t: number) => void

interface Port {
  preset: 'optax' | 'keras' | 'tfjs'
  rule: string
  options: Record<string, unknown>
  formula: Formula
  /** Relative; where the framework itself keeps a number in single precision. */
  tolerance?: number
}

const betas = [0.8, 0.95]

const PORTS: Port[] = [
  // keras.optimizers: SGD.update_step
  {
    preset: 'keras',
    rule: 'SGD',
    options: {},
    formula(c, g) {
      c.p -= 0.01 * g
    },
  },
  {
    preset: 'keras',
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9 },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += c.m
    },
  },
  {
    preset: 'keras',
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += 0.9 * c.m - 0.1 * g
    },
  },
  // keras.optimizers: Adam.update_step, with the default epsilon of 1e-7 beside the uncorrected root
  {
    preset: 'keras',
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
    preset: 'keras',
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
    preset: 'keras',
    rule: 'Adagrad',
    options: {},
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p -= (1e-3 * g) / Math.sqrt(c.a + 1e-7)
    },
  },
  {
    preset: 'keras',
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
    preset: 'keras',
    rule: 'RMSprop',
    options: {},
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.p -= (1e-3 * g) / Math.sqrt(c.v + 1e-7)
    },
  },
  // keras.optimizers: weight_decay is taken off the variable before the update, by every rule
  {
    preset: 'keras',
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.m = 0.9 * (c.m ?? 0) - 0.1 * g
      c.p += 0.9 * c.m - 0.1 * g
    },
  },
  {
    preset: 'keras',
    rule: 'SGD',
    options: { lr: 0.1, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.p -= 0.1 * g
    },
  },
  {
    preset: 'keras',
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
    preset: 'keras',
    rule: 'Adagrad',
    options: { lr: 0.1, weightDecay: 0.2, initialAccumulatorValue: 0.3, eps: 0.01 },
    formula(c, g) {
      c.p -= 0.1 * 0.2 * c.p
      c.a = (c.a ?? 0.3) + g * g
      c.p -= (0.1 * g) / Math.sqrt(c.a + 0.01)
    },
  },
  {
    preset: 'keras',
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
    preset: 'keras',
    rule: 'Adadelta',
    options: {},
    formula: (c, g) => adadelta(c, g, { lr: 1e-3, rho: 0.95, eps: 1e-7 }),
  },
  {
    preset: 'keras',
    rule: 'Adadelta',
    options: { lr: 0.5, rho: 0.8, eps: 1e-3, weightDecay: 0.2 },
    formula(c, g) {
      c.p -= 0.5 * 0.2 * c.p
      adadelta(c, g, { lr: 0.5, rho: 0.8, eps: 1e-3 })
    },
  },
  // keras.optimizers.Adamax: w − lr / (1 − beta1^t) · m / (u + epsilon)
  {
    preset: 'keras',
    rule: 'Adamax',
    options: {},
    formula: (c, g, t) => adamax(c, g, t, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-7 }),
  },
  {
    preset: 'keras',
    rule: 'Adamax',
    options: { lr: 0.1, betas, eps: 0.05, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      adamax(c, g, t, { lr: 0.1, betas, eps: 0.05 })
    },
  },
  // keras.optimizers.Nadam; its product of momenta is float32
  {
    preset: 'keras',
    rule: 'NAdam',
    tolerance: 1e-6,
    options: {},
    formula: (c, g, t) => kerasNadam(c, g, t, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-7 }),
  },
  {
    preset: 'keras',
    rule: 'NAdam',
    tolerance: 1e-6,
    options: { lr: 0.1, betas, eps: 0.01, weightDecay: 0.2 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.2 * c.p
      kerasNadam(c, g, t, { lr: 0.1, betas, eps: 0.01 })
    },
  },
  {
    preset: 'keras',
    rule: 'Lion',
    options: { betas },
    formula(c, g) {
      c.p -= 1e-3 * Math.sign(0.8 * (c.m ?? 0) + 0.2 * g)
      c.m = 0.95 * (c.m ?? 0) + 0.05 * g
    },
  },
  {
    preset: 'keras',
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
    preset: 'keras',
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
  // optax: scale_by_rss, scale_by_rms and trace, scale_by_adam and add_decayed_weights
  {
    preset: 'optax',
    rule: 'Adagrad',
    options: { lr: 0.1 },
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p -= 0.1 * g * (1 / Math.sqrt(c.a + 1e-7))
    },
  },
  {
    preset: 'optax',
    rule: 'RMSprop',
    options: { lr: 0.1, momentum: 0.9 },
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.m = -0.1 * g * (1 / Math.sqrt(c.v + 1e-8)) + 0.9 * (c.m ?? 0)
      c.p += c.m
    },
  },
  {
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
      preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
    rule: 'Adadelta',
    options: { lr: 0.5, weightDecay: 0.2 },
    formula: (c, g) => adadelta(c, g + 0.2 * c.p, { lr: 0.5, rho: 0.9, eps: 1e-6 }),
  },
  // optax.adamax: scale_by_adamax with update_infinity_moment
  {
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
    rule: 'SignSGD',
    options: { lr: 0.1, momentum: 0.8 },
    formula(c, g) {
      c.m = 0.2 * g + 0.8 * (c.m ?? 0)
      c.p -= 0.1 * Math.sign(c.m)
    },
  },
  // optax.lars: add_decayed_weights, scale_by_trust_ratio, scale_by_learning_rate, trace
  {
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
    preset: 'optax',
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
  // tfjs-core: momentum, adagrad, rmsprop and adam optimizers, with the float32 backends' epsilon of 1e-7
  {
    preset: 'tfjs',
    rule: 'SGD',
    options: { lr: 0.1, momentum: 0.9, nesterov: true },
    formula(c, g) {
      c.m = 0.9 * (c.m ?? 0) + g
      c.p += -0.1 * (g + 0.9 * c.m)
    },
  },
  {
    preset: 'tfjs',
    rule: 'Adagrad',
    options: { lr: 0.1 },
    formula(c, g) {
      c.a = (c.a ?? 0.1) + g * g
      c.p += (-0.1 * g) / Math.sqrt(c.a + 1e-7)
    },
  },
  {
    preset: 'tfjs',
    rule: 'RMSprop',
    options: { lr: 0.1, momentum: 0.5 },
    formula(c, g) {
      c.v = 0.9 * (c.v ?? 0) + 0.1 * g * g
      c.m = 0.5 * (c.m ?? 0) + (0.1 * g) / Math.sqrt(c.v + 1e-7)
      c.p -= c.m
    },
  },
  {
    preset: 'tfjs',
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
      preset: 'tfjs',
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
    preset: 'tfjs',
    rule: 'Adamax',
    options: { betas, lrDecay: 0.5 },
    formula: (c, g, t) => adamax(c, g, t, { lr: 2e-3 / (1 + 0.5 * (t - 1)), betas, eps: 1e-7 }),
  },
]

function adadelta(c: Cell, g: number, { lr, rho, eps }: Record<'lr' | 'rho' | 'eps', number>): void {
  c.a = rho * (c.a ?? 0) + (1 - rho) * g * g
  const delta = (Math.sqrt((c.d ?? 0) + eps) * g) / Math.sqrt(c.a + eps)
  c.d = rho * (c.d ?? 0) + (1 - rho) * delta * delta
  c.p -= lr * delta
}

interface Adam {
  lr: number
  betas: number[]
  eps: number
}

function adamax(c: Cell, g: number, t: number, { lr, betas: [b1, b2], eps }: Adam): void {
  c.m = b1 * (c.m ?? 0) + (1 - b1) * g
  c.u = Math.max(b2 * (c.u ?? 0), Math.abs(g))
  c.p -= (lr * c.m) / ((1 - b1 ** t) * (c.u + eps))
}

function kerasNadam(c: Cell, g: number, t: number, { lr, betas: [b1, b2], eps }: Adam): void {
  const u = (step: number) => b1 * (1 - 0.5 * 0.96 ** step)
  c.product = (c.product ?? 1) * u(t)
  c.m = b1 * (c.m ?? 0) + (1 - b1) * g
  c.v = b2 * (c.v ?? 0) + (1 - b2) * g * g
  const mHat = (u(t + 1) * c.m) / (1 - c.product * u(t + 1)) + ((1 - u(t)) * g) / (1 - c.product)
  c.p -= (mHat * lr) / (Math.sqrt(c.v / (1 - b2 ** t)) + eps)
}

describe.each(backends)('$label', ({ use }) => {
  // Small gradients too, beside which an epsilon counts.
  const scaled = PORTS.flatMap((port) => [1, 1e-6].map((scale) => ({ ...port, scale })))
  test.each(scaled)('$preset $rule $options, gradients of $scale', (port) => {
    const { preset, rule, options, formula, tolerance = 1e-12, scale } = port
    // One element a tensor: LARS' and NovoGrad's norms are then those of one number.
    const params = Array.from({ length: 9 }, (_, k) => noise(k + 1, 1, 'float64'))
    const cells = params.map(([p]): Cell => ({ p }))
    const opt = use(() => ruleNamed(rule).create(params, { ...options, preset }))
    for (let t = 1; t <= 20; t++) {
      const grads = cells.map((_, k) => noise(100 * t + k, 1, 'float64').map((x) => scale * x))
      opt.step(grads)
      cells.forEach((cell, k) => {
        formula(cell, grads[k][0], t)
      })
    }
    cells.forEach(({ p }, k) => {
      expect(Math.abs(params[k][0] - p)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(p)))
    })
  })

  // Of one element, LAMB's step is the sign of the update alone.
  test.each([
    ['keras', 1e-7],
    ['optax', 1e-6],
  ] as const)('%s LAMB over several elements', (preset, eps) => {
    const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
    for (const scale of [1, 1e-5]) {
      const w = noise(1, 7, 'float64')
      let p = [...w]
      const [m, v] = [p.map(() => 0), p.map(() => 0)]
      const opt = use(() => ruleNamed('LAMB').create([w], { lr: 0.1, weightDecay: 0.2, preset }))
      for (let t = 1; t <= 20; t++) {
        const g = noise(t + 1, 7, 'float64').map((x) => scale * x)
        opt.step([g])
        if (preset === 'keras') p = p.map((x) => x - 0.1 * 0.2 * x)
        const update = p.map((x, i) => {
          m[i] = 0.9 * m[i] + 0.1 * g[i]
          v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
          const moved = m[i] / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + eps)
          return preset === 'optax' ? moved + 0.2 * x : moved
        })
        const ratio = length(p) / length(update)
        p = p.map((x, i) => x - ratio * 0.1 * update[i])
      }
      p.forEach((x, i) => void expect(w[i]).toBeCloseTo(x, 11))
    }
  })

  test.each([
    ['keras', 'SGD'],
    ['optax', 'RMSprop'],
    ['keras', 'RMSprop'],
    ['tfjs', 'RMSprop'],
  ])('%s %s: a new rate counts for new gradients, not for the momentum', (preset, rule) => {
    const w = Float64Array.of(0)
    const opt = use(() => ruleNamed(rule).create([w], { lr: 0.1, momentum: 0.5, preset }))
    opt.step([Float64Array.of(1)])
    const first = w[0]
    opt.groups[0].lr = 0
    opt.step([Float64Array.of(0)])
    expect(first).toBeLessThan(0)
    expect(w[0]).toBeCloseTo(1.5 * first, 15)
  })
})

test('options given go before the preset, groups before both', () => {
  const opt = ruleNamed('Adam').create([{ params: [[1]], eps: 3 }, { params: [[1]] }], {
    preset: 'keras',
    epsHat: false,
  })
  expect(opt.groups.map(({ eps, epsHat }) => [eps, epsHat])).toEqual([
    [3, false],
    [1e-7, false],
  ])
})

test('an unknown preset is refused', () => {
  const message = 'SGD: preset must be one of "torch", "optax", "keras", "tfjs", got "jax"'
  expectError(() => ruleNamed('SGD').create([[1]], { preset: 'jax' }), RangeError, message)
})

test.each([
  ['Rprop', 'optax', '"torch"'],
  ['Adan', 'optax', '"torch"'],
  ['ScheduleFreeAdamW', 'keras', '"torch"'],
  ['AdamW', 'tfjs', '"torch", "optax", "keras"'],
])('%s refuses %s, whose rule is another or missing', (name, preset, known) => {
  const message = `${name}: preset must be one of ${known}, got "${preset}"`
  expectError(() => ruleNamed(name).create([[1]], { preset }), RangeError, message)
  expectError(() => memoryPlan([[1]], name, { preset }), RangeError, message.replace(name, 'memoryPlan'))
})

const FRAMEWORKS = ['optax', 'keras', 'tfjs']

function takes(create: (params: unknown, options: unknown) => unknown, preset: string): boolean {
  try {
    create([[1]], { preset })
    return true
  } catch {
    return false
  }
}

// PolyakSGD couples its tensors and needs the loss: its row of the catalogue is optax's.
test.each(UNCOUPLED_RULES)('every preset that $name takes is tried above', ({ name, create }) => {
  const tried = PORTS.filter(({ rule }) => rule === name).map(({ preset }) => preset as string)
  expect(FRAMEWORKS.filter((preset) => takes(create, preset) && !tried.includes(preset))).toEqual([])
})

test.each(RULES)('$name documents the presets it takes, and no others', ({ name, create }) => {
  const text = (read(`src/optimizers/${name.toLowerCase()}.ts`) ?? '').replace(/\n \* ?/g, ' ')
  const options = /Options:.*? State:/.exec(text)?.[0] ?? ''
  const told = options.split('`preset`')[1] ?? ''
  expect(FRAMEWORKS.filter((preset) => told.includes(`'${preset}'`))).toEqual(
    FRAMEWORKS.filter((preset) => takes(create, preset)),
  )
})
