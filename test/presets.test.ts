// `preset` reproduces other frameworks' numbers: their published update formulas, written down one by one.
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { expectError, noise, ruleNamed } from './untyped'

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
}

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
    options: { lr: 0.1, eps: 0.01 },
    formula(c, g, t) {
      c.p -= 0.1 * 0.004 * c.p
      c.m = 0.9 * (c.m ?? 0) + 0.1 * g
      c.v = 0.999 * (c.v ?? 0) + 0.001 * g * g
      const alpha = (0.1 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
      c.p -= (c.m * alpha) / (Math.sqrt(c.v) + 0.01)
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
]

describe.each(backends)('$label', ({ use }) => {
  test.each(PORTS)('$preset $rule $options', ({ preset, rule, options, formula }) => {
    // One element a tensor: LAMB's norms are then those of one number.
    const params = Array.from({ length: 9 }, (_, k) => noise(k + 1, 1, 'float64'))
    const cells = params.map(([p]): Cell => ({ p }))
    const opt = use(() => ruleNamed(rule).create(params, { ...options, preset }))
    for (let t = 1; t <= 20; t++) {
      const grads = cells.map((_, k) => noise(100 * t + k, 1, 'float64'))
      opt.step(grads)
      cells.forEach((cell, k) => {
        formula(cell, grads[k][0], t)
      })
    }
    cells.forEach(({ p }, k) => {
      expect(Math.abs(params[k][0] - p)).toBeLessThanOrEqual(1e-12 * Math.abs(p))
    })
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
