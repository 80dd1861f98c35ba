// The statistics of a benchmark against numbers worked out by hand or by NumPy.
import { expect, test } from 'vitest'
import { contenders } from '../src/bench/contenders'
import type { Header, Results, RunRecord } from '../src/bench/records'
import { runId } from '../src/bench/records'
import { namedSchedules } from '../src/bench/schedules'
import { settingsOf } from '../src/bench/search'
import { bestOf } from '../src/bench/summary/choice'
import { quartiles, summarize } from '../src/bench/summary/index'
import { brief } from '../src/bench/summary/words'

test('quartiles are those of numpy.percentile; what was never reached is infinite', () => {
  expect(quartiles([7, 1, 3, 10])).toEqual({ q1: 2.5, median: 5, q3: 7.75 })
  expect(quartiles([4, null, 2])).toEqual({ q1: 3, median: 4, q3: null })
  expect(quartiles([null, null, 2])).toEqual({ q1: null, median: null, q3: null })
  expect(quartiles([])).toEqual({ q1: null, median: null, q3: null })
})

test.each([
  [2.620581579921132e28, '2.62e+28'],
  [-(2 ** 60), '-1.15e+18'],
  [87512345678.5, '8.75e+10'],
  [999999999.5, '1e+9'],
  [134217728, '134217728'],
  [1234567.5, '1230000'],
  [86251.3, '86300'],
  [0.00012345, '1.23e-4'],
  [0, '0'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%d is shortened to %s', (value, text) => expect(brief(value)).toBe(text))

/** Final runs with the given steps to the target, `null` for missed, one for each seed. */
function resultsOf(table: Record<string, Record<string, (number | null)[]>>): Results {
  const problems = Object.keys(table)
  const optimizers = [...new Set(Object.values(table).flatMap(Object.keys))]
  const runs: RunRecord[] = []
  for (const problem of problems) {
    for (const [optimizer, steps] of Object.entries(table[problem])) {
      steps.forEach((stepsToTarget, seed) => {
        const spec = {
          problem,
          optimizer,
          options: { lr: 0.1 },
          schedule: 'constant',
          seed,
          length: 10,
          batchSize: null,
        }
        runs.push({
          ...spec,
          kind: 'run',
          id: runId(spec),
          study: `${problem}/${optimizer}/constant`,
          phase: seed === 0 ? 'tune' : 'final',
          outcome: 'finished',
          reason: null,
          backend: 'js',
          isa: 'none',
          hash: '',
          initialLoss: 1,
          finalLoss: 0.5,
          bestLoss: 0.5,
          validation: null,
          curve: { step: [0, 10], loss: [1, 0.5], metric: [1, 0.5] },
          trajectory: null,
          stepsToTarget,
          secondsToTarget: stepsToTarget,
          seconds: { total: 1, gradient: 0.75, optimizer: 0.25 },
          serial: false,
          steps: 10,
        })
      })
    }
  }
  const info = problems.map((name) => ({
    name,
    target: { metric: 'loss', value: 0.5, mode: 'min' },
    leftOut: optimizers.filter((optimizer) => !(optimizer in table[name])),
  }))
  const config = {
    problems: info,
    optimizers,
    schedules: ['constant'],
    trials: 1,
    seeds: 3,
    search: 'grid',
    shard: null,
  }
  const headers = [{ config } as unknown as Header]
  return { headers, runs, checks: [], throughput: [], wholeBytes: 0 }
}

test('performance profiles by hand, after Dolan and Moré', () => {
  const summary = summarize(
    resultsOf({
      a: { SGD: [9, 10, 10, 10], Adam: [9, 30, 30, 30] },
      b: { SGD: [9, 80, 80, 80], Adam: [9, 20, 20, 20] },
      c: { SGD: [9, null, null, 50], Adam: [9, 50, 50, 50] },
      d: { SGD: [null, null, null, null], Adam: [null, null, null, null] },
    }),
  )
  expect(summary.profiles.problems).toEqual(['a', 'b', 'c'])
  expect(summary.profiles.unsolved).toEqual(['d'])
  const [sgd, adam] = summary.profiles.profiles
  expect(sgd).toEqual({
    contender: 'SGD',
    points: [
      { tau: 1, share: 1 / 3 },
      { tau: 4, share: 2 / 3 },
    ],
    wins: 1 / 3,
    alone: 1 / 3,
    tried: 3,
    solved: 2 / 3,
  })
  expect(adam).toEqual({
    contender: 'Adam',
    points: [
      { tau: 1, share: 2 / 3 },
      { tau: 3, share: 1 },
    ],
    wins: 2 / 3,
    alone: 2 / 3,
    tried: 3,
    solved: 1,
  })
  expect(summary.words.overall.join(' ')).toContain(
    'Adam needed the fewest steps to the target on 2 of 3 problems',
  )
  expect(summary.words.problems[1].text).toBe(
    'Adam (lr 0.1) reached loss ≤ 0.5 in 20 steps; next SGD in 80 (4.0×).',
  )
  expect(summary.words.problems[3].text).toContain('nobody reached the target')
  expect(summary.words.caveats.join(' ')).toContain('--serial')
})

const TARGET = { metric: 'loss', value: 0.5, mode: 'min' } as const

/** Runs at rates 1, 2, …: steps to the target, final loss, outcome. */
function search(
  ...rows: (readonly [number | null, number | null, RunRecord['outcome']?, RunRecord['phase']?, number?])[]
) {
  const { runs } = resultsOf({ a: { SGD: [1] } })
  return rows.map(([stepsToTarget, finalLoss, outcome = 'finished', phase = 'tune', lr], i) => {
    const options = { lr: lr ?? i + 1 }
    return { ...runs[0], id: String(i), options, stepsToTarget, finalLoss, outcome, phase }
  })
}

const bestRate = (...rows: Parameters<typeof search>) => bestOf(search(...rows), TARGET)?.options.lr

test('of a search the best is at the target when it ends, then has the fewest steps, then the best value', () => {
  expect(bestRate([9, 0.6], [30, 0.5], [40, 0.1])).toBe(2)
  expect(bestRate([30, 0.5], [30, 0.4], [null, 0.6])).toBe(2)
  expect(bestRate([30, 0.7], [20, 0.8], [null, 0.6])).toBe(2)
  expect(bestRate([null, 0.8], [null, 0.7], [9, 0.1, 'diverged'])).toBe(2)
  expect(bestRate([9, null, 'diverged'], [9, null, 'timeout'])).toBeUndefined()
})

test('of the two leaders the better is the one whose middle run is', () => {
  const [lucky, steady] = [1, 2]
  const repeat = (steps: number, loss: number, lr: number) => [steps, loss, 'finished', 'repeat', lr] as const
  expect(
    bestRate(
      [10, 0.1],
      [20, 0.1],
      [30, 0.1],
      repeat(15, 0.9, lucky),
      repeat(12, 0.9, lucky),
      repeat(25, 0.2, steady),
      repeat(90, 0.9, steady),
    ),
  ).toBe(steady)
  expect(bestRate([10, 0.1], [20, 0.1], repeat(90, 0.1, lucky), repeat(11, 0.1, lucky))).toBe(lucky)
})

test('the summary names the setting that was trained over the seeds', () => {
  const results = resultsOf({ a: { SGD: [1] } })
  const [run] = results.runs
  const rows = [
    ['tune', 1, 10],
    ['tune', 2, 20],
    ['repeat', 1, null],
    ['repeat', 1, null],
    ['repeat', 2, 20],
    ['repeat', 2, 30],
    ['final', 2, 25],
  ] as const
  results.runs = rows.map(([phase, lr, stepsToTarget], i) => {
    return { ...run, id: String(i), phase, options: { lr }, stepsToTarget }
  })
  const [study] = summarize(results).studies
  expect(study).toMatchObject({ best: { options: { lr: 2 } }, tune: { runs: 2 }, final: { runs: 1 } })
})

test('names with commas are separated by semicolons', () => {
  const results = resultsOf({ a: { SGD: [9, 10, 10, 10], Adam: [9, 10, 10, 10], Lion: [9, 10, 10, 10] } })
  expect(summarize(results).words.overall[0]).toContain('SGD, Adam and Lion needed')
  for (const { study, ...run } of [...results.runs]) {
    results.runs.push({ ...run, schedule: 'cosine', study: `a/${run.optimizer}/cosine` })
  }
  results.headers[0].config.schedules.push('cosine')
  expect(summarize(results).words.overall[0]).toContain(
    'SGD, constant; SGD, cosine; Adam, constant; Adam, cosine; Lion, constant; and Lion, cosine needed the fewest',
  )
})

test('what diverged has not reached the target, whatever it passed on its way', () => {
  const results = resultsOf({ a: { SGD: [9, 10, 10, 10], Adam: [9, 30, 30, 30] } })
  for (const run of results.runs.filter(({ optimizer, seed }) => optimizer === 'SGD' && seed > 1)) {
    run.outcome = 'diverged'
  }
  const [sgd] = summarize(results).studies
  expect(sgd.reached).toBe(1)
  expect(sgd.stepsToTarget?.median).toBeNull()
  expect(summarize(results).words.problems[0].text).toBe(
    'Adam (lr 0.1) reached loss ≤ 0.5 in 30 steps; 1 of 2 did not reach it with most seeds.',
  )
})

test('ties and contenders that were not tried everywhere are said', () => {
  const { words } = summarize(
    resultsOf({
      a: { SGD: [9, 10, 10, 10], Adam: [9, 10, 10, 10], Lion: [9, 15, 15, 15] },
      b: { SGD: [9, 10, 10, 10], Adam: [9, 20, 20, 20] },
    }),
  )
  expect(words.overall).toContain(
    'On 1 of these 2 several were equally fast; alone in front most often: SGD, on 1.',
  )
  expect(words.problems[0].text).toBe(
    'SGD (lr 0.1) reached loss ≤ 0.5 in 10 steps, Adam as fast; next Lion in 15 (1.5×).',
  )
  expect(words.caveats.join(' ')).toContain('count the others as not reached: Lion (1).')
})

test('one line says whether the backends agreed', () => {
  const results = resultsOf({ a: { SGD: [9, 10], Adam: [9, 10] } })
  expect(summarize(results).words.backends).toBe('')
  const check = (study: string, hashes: Record<string, string>) =>
    ({
      kind: 'check',
      study,
      id: '',
      hashes,
      same: new Set(Object.values(hashes)).size <= 1,
      repeatable: true,
    }) as const
  results.checks.push(check('a/SGD/constant', { 'native avx2': '1', js: '1' }))
  // What ran nowhere else agrees with nobody.
  results.checks.push(check('a/Lion/constant', { js: '2' }))
  expect(summarize(results).words.backends).toBe(
    '1 study was re-run on native avx2 and js: the same bits everywhere.',
  )
  results.checks.push(check('a/Adam/constant', { 'native avx2': '1', js: '3' }))
  expect(summarize(results).words.backends).toBe(
    '2 studies were re-run on native avx2 and js: DIFFERENT bits in a/Adam/constant. Please report it.',
  )
})

test('every optimizer gets as many settings, inside its space, and no two alike', () => {
  for (const { name, space } of contenders) {
    for (const search of ['grid', 'random'] as const) {
      const settings = settingsOf(space, search, 20)
      expect(new Set(settings.map((setting) => JSON.stringify(setting))).size, name).toBe(20)
      for (const setting of settings) {
        for (const [axis, value] of Object.entries(setting)) {
          expect(value, `${name} ${axis}`).toBeGreaterThanOrEqual(space[axis].min)
          expect(value, `${name} ${axis}`).toBeLessThanOrEqual(space[axis].max)
        }
      }
    }
  }
  expect(settingsOf(contenders[0].space, 'grid', 8).map(({ lr }) => lr)).toEqual([
    1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10,
  ])
})

test('every optimizer takes every setting of its space', () => {
  for (const { create, space } of contenders) {
    for (const search of ['grid', 'random'] as const) {
      for (const setting of settingsOf(space, search, 5)) {
        const optimizer = create({ w: { data: new Float32Array(4), shape: [2, 2] } }, setting, 'js')
        const { beta1, beta2, beta3, ...rest } = setting
        const betas = [beta1, beta2, beta3].filter((beta) => beta !== undefined)
        expect(optimizer.groups[0]).toMatchObject(betas.length > 0 ? { ...rest, betas } : rest)
      }
    }
  }
})

test.each([1, 2, 7, 100])('schedules over %i steps stay in [0, 1]', (steps) => {
  for (const { name, create } of namedSchedules) {
    const factor = create(steps)
    const values = Array.from({ length: steps }, (_, t) => factor(t))
    expect(Math.max(...values), name).toBeGreaterThan(0)
    for (const value of values) expect(value >= 0 && value <= 1 + 1e-12, `${name} ${value}`).toBe(true)
  }
})
