// Results of a benchmark that never ran: lines of results.jsonl, the same at every call.
import { createRandom } from 'cauchy'
import {
  type BackendCheck,
  type BenchRecord,
  type Config,
  type Header,
  type ProblemInfo,
  type RunRecord,
  runId,
  type Setting,
  studyName,
  type ThroughputRecord,
} from '../src/bench/records'

const RATES = [1e-4, 1e-3, 1e-2, 1e-1, 1]
const SEEDS = [1, 2, 3, 4, 5]

const problem = (name: string, over: Partial<ProblemInfo>): ProblemInfo => ({
  name,
  kind: 'data',
  summary: `The ${name} of the tests.`,
  file: null,
  fileHash: null,
  length: 20,
  batchSize: 32,
  steps: 900,
  parameters: 2410,
  target: { metric: 'validation.accuracy', value: 0.9, mode: 'max' },
  leftOut: [],
  ...over,
})

export const PROBLEMS: ProblemInfo[] = [
  problem('digits-mlp', { summary: 'Handwritten digits, one hidden layer of 32 units.' }),
  problem('diabetes-ridge', {
    parameters: 11,
    target: { metric: 'validation.loss', value: 0.1, mode: 'min' },
  }),
  problem('rosenbrock', {
    kind: 'landscape',
    batchSize: null,
    length: 500,
    steps: 500,
    parameters: 2,
    target: { metric: 'loss', value: 1e-3, mode: 'min' },
  }),
  problem('quadratic-1e4', { kind: 'landscape', batchSize: null, steps: 500, parameters: 100, target: null }),
]

/** How fast each learns, and the rate that suits it. */
const CONTENDERS: Record<string, { speed: number; lr: number }> = {
  sgd: { speed: 0.35, lr: 0.1 },
  momentum: { speed: 0.8, lr: 0.1 },
  adam: { speed: 1, lr: 0.01 },
  adamw: { speed: 1.02, lr: 0.01 },
  rmsprop: { speed: 0.7, lr: 0.01 },
  lion: { speed: 0.6, lr: 0.001 },
}

export const config = (over: Partial<Config> = {}): Config => ({
  budget: 'quick',
  problems: PROBLEMS,
  optimizers: Object.keys(CONTENDERS),
  schedules: ['constant'],
  backend: 'auto',
  search: 'grid',
  trials: RATES.length,
  seeds: SEEDS.length,
  timeLimit: 60,
  shard: null,
  ...over,
})

export const header = (over: Partial<Header> = {}): Header => ({
  kind: 'header',
  version: 1,
  cauchy: '0.1.0',
  node: 'v20.20.2',
  cpu: 'AMD EPYC 9R14',
  cores: 2,
  platform: 'linux x64',
  date: '2026-11-22T20:00:00.000Z',
  command: ['cauchy', 'bench', '--budget', 'quick'],
  config: config(),
  ...over,
})

const POINTS = 40

/** A run of a contender: decays at its speed, the further its rate from the best, the slower; too high diverges. */
export function makeRun(
  about: ProblemInfo,
  setting: Setting,
  phase: 'tune' | 'final',
  seed: number,
  over: Partial<RunRecord> = {},
): RunRecord {
  const { speed, lr } = CONTENDERS[setting.optimizer] ?? { speed: 0.5, lr: 0.01 }
  const random = createRandom(seed + 17 * setting.optimizer.length + about.name.length)
  const off = Math.log10(setting.options.lr / lr)
  const diverged = off > 1.5
  const pace = speed * 10 ** (-0.8 * Math.abs(off)) * (1 + 0.3 * (random.uniform() - 0.5))
  const decades = about.kind === 'landscape' ? 7 : 2.2
  const step = Array.from({ length: POINTS }, (_, i) => Math.round((i * about.steps) / (POINTS - 1)))
  const start = about.kind === 'landscape' ? 24 : 2.3
  const loss = step.map((t, i) => {
    const value = start * 10 ** ((-decades * pace * t) / about.steps)
    return i === 0 ? start : value * (1 + 0.15 * (random.uniform() - 0.5)) + 1e-9
  })
  const metric = loss.map((value) => {
    if (about.target === null || about.target.metric === 'loss') return about.target === null ? null : value
    return about.target.mode === 'max' ? 0.98 - (0.88 * value) / start : value * 1.2 + 0.02
  })
  const solved = metric.findIndex((value) => {
    if (value === null || about.target === null) return false
    return about.target.mode === 'max' ? value >= about.target.value : value <= about.target.value
  })
  const spec = { problem: about.name, ...setting, seed, length: about.length, batchSize: about.batchSize }
  const validation: Record<string, number> | null =
    about.kind === 'data' && !diverged
      ? about.target?.mode === 'max'
        ? { loss: 1.1 * loss[POINTS - 1], accuracy: metric[POINTS - 1] as number }
        : { loss: metric[POINTS - 1] as number }
      : null
  const gradient = about.kind === 'data' ? 180 : 0.4
  const step1 = setting.optimizer === 'sgd' ? 0.6 : 1.4
  return {
    kind: 'run',
    ...spec,
    id: runId(spec),
    study: studyName(about.name, setting.optimizer, setting.schedule),
    phase,
    outcome: diverged ? 'diverged' : 'finished',
    reason: diverged ? 'the loss was not finite at step 12' : null,
    backend: 'native',
    isa: 'avx512',
    hash: diverged ? null : `${runId(spec).slice(0, 8)}feedc0de`,
    initialLoss: start,
    finalLoss: diverged ? null : loss[POINTS - 1],
    bestLoss: diverged ? start : Math.min(...loss),
    validation,
    curve: {
      step,
      loss: loss.map((x) => (diverged ? null : x)),
      metric: metric.map((x) => (diverged ? null : x)),
    },
    trajectory: about.name === 'rosenbrock' ? wayOver(speed * 10 ** -Math.abs(off), POINTS, seed) : null,
    stepsToTarget: diverged || solved < 0 ? null : step[solved],
    secondsToTarget: diverged || solved < 0 ? null : 1e-6 * step[solved] * (gradient + step1),
    seconds: {
      total: 1.02e-6 * about.steps * (gradient + step1),
      gradient: 1e-6 * about.steps * gradient,
      optimizer: 1e-6 * about.steps * step1,
    },
    serial: true,
    steps: about.steps,
    ...over,
  }
}

/** Into the valley y = x² and along it. */
function wayOver(speed: number, points: number, seed: number): number[][] {
  const wiggle = createRandom(seed)
  return Array.from({ length: points }, (_, i) => {
    const t = i / (points - 1)
    const x = -1.4 + 2.4 * (1 - (1 - t) ** (1 + 3 * speed)) * Math.min(1, 0.3 + speed)
    const y = x * x + (2.6 - 1.96) * Math.exp(-8 * t) + 0.12 * (wiggle.uniform() - 0.5) * (1 - t)
    return i === 0 ? [-1.4, 2.6] : [x, y]
  })
}

export function runs(): RunRecord[] {
  const schedule = 'constant'
  return PROBLEMS.flatMap((about) =>
    Object.entries(CONTENDERS).flatMap(([optimizer, { lr }]) => [
      ...RATES.map((rate) => makeRun(about, { optimizer, options: { lr: rate }, schedule }, 'tune', 0)),
      ...SEEDS.map((seed) => makeRun(about, { optimizer, options: { lr }, schedule }, 'final', seed)),
    ]),
  )
}

export const check = (run: RunRecord, same = true): BackendCheck => ({
  kind: 'check',
  study: run.study,
  id: run.id,
  hashes: { 'native avx512': run.hash ?? '', wasm: same ? (run.hash ?? '') : '00000000feedc0de' },
  same,
  repeatable: true,
})

export const throughput = (): ThroughputRecord[] =>
  ['adamw', 'sgd'].flatMap((optimizer) =>
    [2 ** 12, 2 ** 16, 2 ** 20, 2 ** 24].flatMap((n, i) =>
      (
        [
          ['native', 'avx512', 0.25],
          ['wasm', 'simd128', 0.8],
          ['js', 'none', 8.6],
        ] as const
      ).map(
        ([backend, isa, ns]): ThroughputRecord => ({
          kind: 'throughput',
          optimizer,
          backend,
          isa,
          n,
          nsPerParam: ns * (1 + 0.25 * i) * (optimizer === 'sgd' ? 0.6 : 1),
          rooflineNsPerParam: 0.14 * (1 + 0.5 * i) * (optimizer === 'sgd' ? 0.6 : 1),
        }),
      ),
    ),
  )

export const lines = (records: readonly BenchRecord[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')
