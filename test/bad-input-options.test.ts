// Hyper-parameters out of range, of the wrong kind or unknown: at construction, in a group, and assigned later.
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import {
  bits,
  type ErrorClass,
  expectError,
  noise,
  type Options,
  RULES,
  ruleNamed,
  snapshot,
} from './untyped'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

type Row = [name: string, value: unknown, type: ErrorClass, message: string | RegExp]

const rate = (name: string): Row[] => [
  [name, -1, RangeError, ` ${name} must be in [0, Infinity), got -1`],
  [name, nan, RangeError, ` ${name} must be in [0, Infinity), got NaN`],
  [name, infinity, RangeError, ` ${name} must be in [0, Infinity), got Infinity`],
  [name, '0.1', TypeError, ` ${name} must be a number in [0, Infinity), got "0.1"`],
  [name, null, TypeError, ` ${name} must be a number in [0, Infinity), got null`],
  [name, 1n, TypeError, ` ${name} must be a number in [0, Infinity), got 1n`],
]
const flag = (name: string): Row[] => [
  [name, 1, TypeError, ` ${name} must be a boolean, got 1`],
  [name, 'true', TypeError, ` ${name} must be a boolean, got "true"`],
]
const beta = (k: number, value: unknown, others: readonly unknown[] = [0.5, 0.5]): Row => {
  const betas = [...others]
  betas[k] = value
  return typeof value === 'number'
    ? ['betas', betas, RangeError, ` betas[${k}] must be in [0, 1), got ${value}`]
    : ['betas', betas, TypeError, ` betas[${k}] must be a number in [0, 1), got ${value}`]
}

const adamBetas: Row[] = [
  ...[0, 1].flatMap((k) => [1, -0.1, nan, infinity, null].map((value) => beta(k, value))),
  ['betas', 0.9, TypeError, ' betas must be two numbers, got 0.9'],
  ['betas', [0.9], TypeError, ' betas must be two numbers, got [0.9]'],
  ['betas', [0.9, 0.9, 0.9], TypeError, ' betas must be two numbers, got [0.9, 0.9, 0.9]'],
]
const packing: Row[] = [
  ['stateDtype', 'fp8', RangeError, ' stateDtype must be one of "float32", "bf16", "int8", got "fp8"'],
  ['stateDtype', 8, TypeError, ' stateDtype must be one of "float32", "bf16", "int8", got 8'],
  ['seed', -1, RangeError, ' seed must be an integer ≥ 0, got -1'],
  ['seed', 0.5, RangeError, ' seed must be an integer ≥ 0, got 0.5'],
  ['seed', '1', TypeError, ' seed must be an integer ≥ 0, got "1"'],
]
const adam: Row[] = [...['eps', 'epsRoot'].flatMap(rate), ...adamBetas]
const scheduleFree: Row[] = [
  ...['r', 'weightLrPower'].flatMap(rate),
  ['warmupSteps', -1, RangeError, ' warmupSteps must be an integer ≥ 0, got -1'],
  ['warmupSteps', 0.5, RangeError, ' warmupSteps must be an integer ≥ 0, got 0.5'],
  ['warmupSteps', '1', TypeError, ' warmupSteps must be an integer ≥ 0, got "1"'],
]
const threeBetas: Row[] = [
  ...[0, 1, 2].flatMap((k) => [1, -0.1, nan, infinity, null].map((value) => beta(k, value, [0.5, 0.5, 0.5]))),
  ['betas', 0.9, TypeError, ' betas must be three numbers, got 0.9'],
  ['betas', [0.9, 0.9], TypeError, ' betas must be three numbers, got [0.9, 0.9]'],
]
const own: Record<string, Row[]> = {
  SGD: [
    ...packing,
    ...rate('momentum'),
    ...['nesterov', 'lrInBuffer'].flatMap(flag),
    ['dampening', nan, RangeError, ' dampening must be a finite number, got NaN'],
    ['dampening', infinity, RangeError, ' dampening must be a finite number, got Infinity'],
    ['dampening', '0', TypeError, / dampening must be a (finite )?number, got "0"$/],
    ['momentumForm', 'nesterov', RangeError, ' momentumForm must be one of "heavy", "ema", got "nesterov"'],
    ['momentumForm', 1, TypeError, ' momentumForm must be one of "heavy", "ema", got 1'],
  ],
  Adagrad: [...packing, ...['lrDecay', 'initialAccumulatorValue', 'eps'].flatMap(rate), ...flag('epsInSqrt')],
  RMSprop: [
    ...packing,
    ...['eps', 'momentum'].flatMap(rate),
    ...['centered', 'epsInSqrt', 'lrInBuffer'].flatMap(flag),
    ...[1, -1, nan].map((x): Row => ['alpha', x, RangeError, ` alpha must be in [0, 1), got ${x}`]),
  ],
  Adam: [...adam, ...packing, ...['amsgrad', 'amsgradCorrected', 'epsHat'].flatMap(flag)],
  AdamW: [...adam, ...packing, ...['amsgrad', 'amsgradCorrected', 'epsHat'].flatMap(flag)],
  LAMB: adam,
  ScheduleFreeSGD: [
    ...scheduleFree,
    ...[0, 1, nan].map((x): Row => ['momentum', x, RangeError, ` momentum must be in (0, 1), got ${x}`]),
  ],
  ScheduleFreeAdamW: [
    ...scheduleFree,
    ...adam.filter(([option]) => option !== 'epsRoot'),
    ['betas', [0, 0.9], RangeError, ' betas[0] must be in (0, 1), got 0'],
  ],
  Prodigy: [
    ...adam.filter(([option]) => option === 'betas'),
    ...rate('dCoef'),
    ...['useBiasCorrection', 'safeguardWarmup', 'decouple'].flatMap(flag),
    ...['d0', 'eps'].flatMap((name) =>
      [0, nan].map((x): Row => [name, x, RangeError, ` ${name} must be in (0, Infinity), got ${x}`]),
    ),
    ['beta3', 1, RangeError, ' beta3 must be in [0, 1), got 1'],
    ['beta3', '0', TypeError, ' beta3 must be a number in [0, 1), got "0"'],
    ['growthRate', 0.5, RangeError, ' growthRate must be in [1, Infinity), got 0.5'],
    ['growthRate', nan, RangeError, ' growthRate must be in [1, Infinity), got NaN'],
  ],
  PolyakSGD: [
    ...['maxLearningRate', 'scaling', 'eps'].flatMap(rate),
    ['fMin', nan, RangeError, ' fMin must be a finite number, got NaN'],
    ['fMin', '0', TypeError, ' fMin must be a finite number, got "0"'],
  ],
  LBFGS: [
    ...['toleranceGrad', 'toleranceChange'].flatMap(rate),
    ...['maxIter', 'maxEval', 'historySize'].flatMap((option) =>
      [0, -1, 1.5, nan].map(
        (x): Row => [option, x, RangeError, ` ${option} must be an integer ≥ 1, got ${x}`],
      ),
    ),
    ['maxEval', '3', TypeError, ' maxEval must be an integer ≥ 1, got "3"'],
    [
      'lineSearchFn',
      'strong_wolfe',
      RangeError,
      ' lineSearchFn must be "strongWolfe" or null, got "strong_wolfe"',
    ],
    ['lineSearchFn', true, TypeError, ' lineSearchFn must be "strongWolfe" or null, got true'],
  ],
  NovoGrad: adam,
  Adafactor: [
    ['beta2Decay', 0.1, RangeError, ' beta2Decay must be in (-Infinity, 0], got 0.1'],
    ['beta2Decay', nan, RangeError, ' beta2Decay must be in (-Infinity, 0], got NaN'],
    ['d', 0.5, RangeError, ' d must be in [1, Infinity), got 0.5'],
    ['eps', [-1, 1], RangeError, ' eps[0] must be in [0, Infinity), got -1'],
    ['eps', [null, nan], RangeError, ' eps[1] must be in [0, Infinity), got NaN'],
    ['eps', [1, null], TypeError, ' eps[1] must be a number in [0, Infinity), got null'],
    ['eps', 1e-3, TypeError, ' eps must be a number or null, and a number, got 0.001'],
    ['eps', [1e-3], TypeError, ' eps must be a number or null, and a number, got [0.001]'],
  ],
  SM3: [
    ...rate('eps'),
    ...[1, -1, nan].map((x): Row => ['momentum', x, RangeError, ` momentum must be in [0, 1), got ${x}`]),
    ...[1.5, -1, nan].map((x): Row => ['beta2', x, RangeError, ` beta2 must be in [0, 1], got ${x}`]),
  ],
  Muon: [
    ...flag('nesterov'),
    ...[1, -1, nan].map((x): Row => ['momentum', x, RangeError, ` momentum must be in [0, 1), got ${x}`]),
    ...[0, nan].map((x): Row => ['eps', x, RangeError, ` eps must be in (0, Infinity), got ${x}`]),
    ['nsSteps', -1, RangeError, ' nsSteps must be an integer ≥ 0, got -1'],
    ['nsSteps', 1.5, RangeError, ' nsSteps must be an integer ≥ 0, got 1.5'],
    ['nsSteps', '5', TypeError, ' nsSteps must be an integer ≥ 0, got "5"'],
    ['nsCoefficients', [1, 2], TypeError, ' nsCoefficients must be three numbers, got [1, 2]'],
    ['nsCoefficients', [1, nan, 2], RangeError, ' nsCoefficients[1] must be a finite number, got NaN'],
    ['adjustLr', 'adamw', RangeError, ' adjustLr must be one of "original", "matchRmsAdamW", got "adamw"'],
  ],
  LARS: [...['trustCoefficient', 'eps', 'momentum'].flatMap(rate), ...flag('nesterov')],
  Adadelta: [
    ...rate('eps'),
    ...flag('delayed'),
    ...[1, -1, nan].map((x): Row => ['rho', x, RangeError, ` rho must be in [0, 1), got ${x}`]),
  ],
  Adamax: [...['eps', 'lrDecay'].flatMap(rate), ...adamBetas, ...flag('epsOutside')],
  NAdam: [
    ...['eps', 'momentumDecay'].flatMap(rate),
    ...adamBetas,
    ...['correctedProduct', 'constantMomentum'].flatMap(flag),
  ],
  RAdam: [...rate('eps'), ...adamBetas, ...flag('epsHat')],
  SparseAdam: [...rate('eps'), ...adamBetas],
  Rprop: [
    ['etas', [0, 1.2], RangeError, ' etas[0] must be in (0, 1), got 0'],
    ['etas', [1, 1.2], RangeError, ' etas[0] must be in (0, 1), got 1'],
    ['etas', [0.5, 1], RangeError, ' etas[1] must be in (1, Infinity), got 1'],
    ['etas', [0.5, nan], RangeError, ' etas[1] must be in (1, Infinity), got NaN'],
    ['etas', [0.5, '1.2'], TypeError, ' etas[1] must be a number in (1, Infinity), got "1.2"'],
    ['etas', 0.5, TypeError, ' etas must be two numbers, got 0.5'],
    ['stepSizes', [-1, 50], RangeError, ' stepSizes[0] must be in [0, Infinity), got -1'],
    ['stepSizes', [1, infinity], RangeError, ' stepSizes[1] must be in [0, Infinity), got Infinity'],
    ['stepSizes', [2, 1], RangeError, ' stepSizes must be the smallest and the largest step, got [2, 1]'],
    ['stepSizes', [1], TypeError, ' stepSizes must be two numbers, got [1]'],
  ],
  ASGD: ['alpha', 't0'].flatMap(rate),
  AdaBelief: [...adam, ...flag('nesterov')],
  Adan: [...threeBetas, ...rate('eps'), ...flag('noProx')],
  AdEMAMix: [...threeBetas, ...['alpha', 'tAlpha', 'tBeta3', 'eps', 'epsRoot'].flatMap(rate)],
  ADOPT: [...adamBetas, ...rate('eps'), ...['clip', 'nesterov'].flatMap(flag)],
  Lion: [...adamBetas, ...packing],
  MADGRAD: [
    ...rate('eps'),
    ...[1, -1, nan].map((x): Row => ['momentum', x, RangeError, ` momentum must be in [0, 1), got ${x}`]),
  ],
  Yogi: [...adam, ...rate('initialAccumulatorValue'), ...flag('initializeBoth')],
  SignSGD: [1, -1, nan].map((x): Row => ['momentum', x, RangeError, ` momentum must be in [0, 1), got ${x}`]),
}
const all: Row[] = [...rate('lr'), ...flag('maximize')]

const unknown: [Options, string][] = [
  [{ lrr: 1 }, ' unknown option "lrr"; did you mean "lr"?'],
  [{ weight_decay: 1 }, ' unknown option "weight_decay"; did you mean "weightDecay"?'],
  [{ maximise: true }, ' unknown option "maximise"; did you mean "maximize"?'],
]

test('a value that contains itself', () => {
  const circular: unknown[] = []
  circular.push(circular)
  const opt = ruleNamed('SGD').create([[3]])
  const assign = () => Object.assign(opt.groups[0], { lr: circular })
  expectError(assign, TypeError, /^SGD: lr must be a number in \[0, Infinity\), got \[/, () => snapshot(opt))
})

describe.each(backends)('$label', ({ use }) => {
  describe.each(RULES)('$name', ({ name, create, variants, decays, has }) => {
    const decoupled = ['decoupledWeightDecay'].filter(has).flatMap(flag)
    const rows = [...all, ...decays.flatMap(rate), ...decoupled, ...own[name]]
    const say = (message: string | RegExp, where = '') =>
      typeof message === 'string' ? `${name}:${where}${message}` : message
    const params = () => ({ weights: noise(1, 5, 'float32'), bias: noise(2, 3, 'float64') })
    const taken = () => {
      const arrays = params()
      const opt = use(() => create(arrays, variants[0]))
      const grads = params()
      opt.step(grads)
      return { opt, grads }
    }

    test('every option is covered', () => {
      const covered = new Set(rows.map(([option]) => option))
      const { params: _, ...options } = { ...taken().opt.groups[0] }
      expect([...covered].sort()).toEqual(Object.keys(options).sort())
    })

    test.each(rows)('%s %o', (option, value, type, message) => {
      const arrays = params()
      const state = () => Object.values(arrays).map(bits)
      const { opt, grads } = taken()
      expectError(() => use(() => create(arrays, { [option]: value })), type, say(message), state)
      const groups = [{ params: arrays, [option]: value }]
      expectError(() => use(() => create(groups)), type, say(message), state)
      const assign = () => {
        opt.groups[0][option] = value
      }
      expectError(assign, type, say(message), () => snapshot(opt, ...Object.values(grads)))
    })

    test.each(unknown.filter(([option]) => !('weight_decay' in option) || decays.includes('weightDecay')))(
      '%j',
      (options, message) => {
        expectError(() => use(() => create(params(), options)), TypeError, say(message))
        expectError(() => use(() => create([{ params: params(), ...options }])), TypeError, say(message))
        const { opt } = taken()
        expectError(
          () => Object.assign(opt.groups[0], options),
          TypeError,
          /not extensible|unknown option/,
          () => snapshot(opt),
        )
      },
    )

    test('an option of other rules is unknown, the known ones are named', () => {
      const known = new RegExp(
        `^${name}: unknown option "chebyshevDegree"; known: lr, .*, backend, threads, dtype, preset$`,
      )
      expectError(() => use(() => create(params(), { chebyshevDegree: 1 })), TypeError, known)
      const grouped = [{ params: params(), dtype: 'float64' }]
      expectError(() => use(() => create(grouped)), TypeError, /^\w+: unknown option "dtype"; /)
    })

    test('options that are no options', () => {
      for (const [value, shown] of [
        [null, 'null'],
        [3, '3'],
        [[0.1], '[0.1]'],
        [new Float32Array(1), 'Float32Array(1)'],
      ]) {
        const message = `${name}: options must be an object, got ${shown}`
        expectError(() => use(() => create(params(), value)), TypeError, message)
      }
    })

    test('backend and dtype', () => {
      const make = (options: Options) => () => use(() => create({ w: [3] }, options))
      const dtypes = `${name}: dtype must be one of "float32", "float64", got `
      expectError(make({ dtype: 'float16' }), RangeError, `${dtypes}"float16"`)
      expectError(make({ dtype: 32 }), TypeError, `${dtypes}32`)
      const tiers = `${name}: backend must be one of "auto", "native", "wasm", "js", got `
      expectError(make({ backend: 'gpu' }), RangeError, `${tiers}"gpu"`)
      expectError(make({ backend: true }), TypeError, `${tiers}true`)
    })

    test('groups cannot be tampered with', () => {
      const { opt } = taken()
      const group = opt.groups[0]
      const state = () => snapshot(opt)
      expectError(() => (group.params as string[]).push('more'), TypeError, /not extensible/, state)
      expectError(() => Object.assign(group, { params: [] }), TypeError, /read only/, state)
      expectError(() => delete group.lr, TypeError, /Cannot delete property 'lr'/, state)
      expectError(() => Object.assign(opt.params, { weights: 1 }), TypeError, /read only/, state)
      if (group.betas) {
        expectError(() => Object.assign(group.betas as object, { 0: 2 }), TypeError, /read only/, state)
      }
    })

    test('valid assignments read back', () => {
      const { opt } = taken()
      const values = { lr: 0.25, ...Object.fromEntries(decays.map((option) => [option, 0])) }
      Object.assign(opt.groups[0], values)
      expect(opt.groups[0]).toMatchObject(values)
      expect(opt.stateDict().groups[0]).toMatchObject(values)
    })
  })
})
