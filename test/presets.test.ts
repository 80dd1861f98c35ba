// `preset` reproduces other frameworks' numbers: each agrees with the formulas written down in presets/.
import { memoryPlan } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { read } from './completeness'
import { keras } from './presets/keras'
import { optax } from './presets/optax'
import type { Cell } from './presets/port'
import { tfjs } from './presets/tfjs'
import { expectError, noise, RULES, ruleNamed, UNCOUPLED_RULES } from './untyped'

const PORTS = Object.entries({ keras, optax, tfjs }).flatMap(([preset, ports]) =>
  ports.map((port) => ({ preset, ...port })),
)

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
  const tried = PORTS.filter(({ rule }) => rule === name).map(({ preset }) => preset)
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
