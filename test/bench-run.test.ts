// cauchy bench as a user runs it: interrupted, killed, resumed, in shards, and with problems that misbehave.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readResults } from '../src/bench/records'
import { summarize } from '../src/bench/summary/index'
import { cauchy, contents, directory, fixture, lineCount, signalAfter } from './bench-command'

const SELECTION = [
  'bench',
  ...['--problem', `${fixture('valley')},${fixture('line')}`],
  ...['--optimizer', 'SGD,AdamW,Prodigy'],
  ...['--schedule', 'constant,warmup-cosine'],
  ...['--trials', '4', '--seeds', '2'],
]
const STUDIES = 2 * 3 * 2
/** The search, its two leaders at two more seeds, the best setting over the seeds. */
const RUNS = STUDIES * (4 + 2 * 2 + 2)

const whole = (async () => {
  const out = directory()
  const ended = await cauchy([...SELECTION, '--out', out])
  expect(ended.code, ended.stderr).toBe(0)
  return out
})()

test('every study tries its settings, trains the best over the seeds, and checks the backends', async () => {
  const { headers, runs, checks } = readResults(await whole)
  expect(headers).toHaveLength(1)
  expect(runs).toHaveLength(RUNS)
  expect(checks).toHaveLength(STUDIES)
  for (const { study, best } of summarize(readResults(await whole)).studies) {
    const final = runs.filter((run) => run.study === study && run.phase === 'final')
    for (const { options } of final) expect(options, study).toEqual(best?.options)
  }
  expect(checks.every(({ same, hashes }) => same && 'js' in hashes)).toBe(true)
  for (const run of runs) {
    expect(run.curve.step.length).toBeLessThanOrEqual(200)
    expect({ tune: [0], repeat: [3, 4], final: [1, 2] }[run.phase]).toContain(run.seed)
    if (run.problem === 'valley') expect(run.trajectory?.[0]).toEqual([1 + 0.01 * run.seed, 1])
  }
  const adam = runs.filter(({ study }) => study === 'valley/AdamW/constant')
  expect(
    adam
      .filter(({ phase }) => phase === 'tune')
      .map(({ options }) => options.lr)
      .sort(),
  ).toEqual([1e-5, 0.00215, 0.464, 100].sort())
})

test('gradient descent on the valley is what its closed form says', async () => {
  // x ← (1 − lr·λ)·x: at lr 0.000215 after 200 steps, from (1, 1), with curvatures 1 and 50.
  const { runs } = readResults(await whole)
  const run = runs.find(
    ({ study, seed, options }) => study === 'valley/SGD/constant' && seed === 0 && options.lr === 0.000215,
  )
  const [x, y] = [1, 50].map((curvature) => (1 - 0.000215 * curvature) ** (run?.steps ?? 0))
  expect(run?.steps).toBe(200)
  expect(run?.finalLoss).toBeCloseTo(0.5 * (x * x + 50 * y * y), 12)
})

test('diverged runs are counted and never chosen', async () => {
  const { runs } = readResults(await whole)
  const own = runs.filter(({ study }) => study === 'valley/SGD/constant')
  const high = own.find(({ options }) => options.lr === 10)
  expect(high).toMatchObject({ outcome: 'diverged', phase: 'tune' })
  expect(high?.reason).toMatch(/not finite|became|higher/)
  expect(own.filter(({ phase }) => phase === 'final').every(({ options }) => options.lr < 0.04)).toBe(true)
})

test('what touched the target in passing is not taken for the best', async () => {
  const out = directory()
  const args = ['--problem', fixture('lucky'), '--optimizer', 'SGD', '--trials', '8', '--seeds', '3']
  const ended = await cauchy(['bench', ...args, '--out', out])
  expect(ended.code, ended.stderr).toBe(0)
  const { runs } = readResults(out)
  const at = (lr: number) => runs.find(({ phase, options }) => phase === 'tune' && options.lr === lr)
  expect([1, 0.1].map((lr) => at(lr)?.stepsToTarget)).toEqual([1, 10])
  const final = runs.filter(({ phase }) => phase === 'final')
  expect(final.map(({ options, stepsToTarget }) => [options.lr, Number(stepsToTarget) > 90])).toEqual(
    Array(3).fill([0.01, true]),
  )
})

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'resumed after %s, the result is that of one go',
  async (signal) => {
    const out = directory()
    const broken = await cauchy([...SELECTION, '--out', out], signalAfter(out, 9, signal))
    if (signal === 'SIGKILL') expect(broken.signal).toBe('SIGKILL')
    else {
      expect(broken.code).toBe(130)
      expect(broken.stderr).toContain('--resume')
      expect(broken.stdout).toBe('')
    }
    const before = lineCount(out)
    expect(before).toBeLessThan(RUNS)
    const resumed = await cauchy([...SELECTION, '--out', out, '--resume', '--jobs', '1'])
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(contents(out)).toEqual(contents(await whole))
    // Two headers; nothing was done twice.
    expect(lineCount(out)).toBe(2 + RUNS + STUDIES + readResults(out).throughput.length)
  },
)

test('a line that a crash cut off is forgotten', async () => {
  const out = directory()
  const lines = readFileSync(join(await whole, 'results.jsonl'), 'utf8').split('\n')
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'results.jsonl'), `${lines.slice(0, 20).join('\n')}\n${lines[20].slice(0, 300)}`)
  const resumed = await cauchy([...SELECTION, '--out', out, '--resume'])
  expect(resumed.code, resumed.stderr).toBe(0)
  expect(contents(out)).toEqual(contents(await whole))
})

test('throughput: every optimizer at two sizes, beside the roofline', async () => {
  const { throughput } = readResults(await whole)
  expect(throughput.length).toBeGreaterThan(0)
  for (const { n, nsPerParam, rooflineNsPerParam } of throughput) {
    expect([65_536, 1_048_576]).toContain(n)
    expect(nsPerParam).toBeGreaterThan(0)
    expect(rooflineNsPerParam).toBeGreaterThan(0)
  }
})

test('resuming what is complete does nothing, and another configuration is refused', async () => {
  const out = await whole
  const again = await cauchy([...SELECTION, '--out', out])
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('--resume')
  const other = await cauchy([...SELECTION, '--out', out, '--resume', '--backend', 'js'])
  expect(other.code).toBe(2)
  expect(other.stderr).toContain('backend auto, now js')
  const before = lineCount(out)
  expect((await cauchy([...SELECTION, '--out', out, '--resume'])).code).toBe(0)
  expect(lineCount(out)).toBe(before + 1)
})

test('merged shards are the whole', async () => {
  const parts = [1, 2, 3].map((i) => ({ shard: `${i}/3`, out: directory() }))
  for (const { shard, out } of parts) {
    const ended = await cauchy([...SELECTION, '--out', out, '--shard', shard])
    expect(ended.code, ended.stderr).toBe(0)
  }
  const out = join(directory(), 'all')
  const merged = await cauchy(['merge', out, ...parts.map((part) => part.out)])
  expect(merged.code, merged.stderr).toBe(0)
  expect(contents(out)).toEqual(contents(await whole))
  const twice = join(directory(), 'twice')
  await cauchy(['merge', twice, parts[2].out, parts[0].out, parts[1].out, parts[0].out])
  expect(contents(twice)).toEqual(contents(out))
  const alone = directory()
  await cauchy(['bench', '--problem', fixture('line'), '--optimizer', 'SGD', '--out', alone])
  const mixed = await cauchy(['merge', join(directory(), 'x'), out, alone])
  expect(mixed.code).toBe(2)
  expect(mixed.stderr).toContain('another configuration')
})

test('what a problem does wrong costs its own run', async () => {
  const out = directory()
  const args = ['--optimizer', 'SGD', '--trials', '8', '--seeds', '2', '--time-limit', '20', '--out', out]
  const ended = await cauchy(['bench', '--problem', `${fixture('crash')},${fixture('line')}`, ...args])
  expect(ended.code, ended.stderr).toBe(0)
  const { runs } = readResults(out)
  const outcomes = runs
    .filter(({ problem, phase }) => problem === 'crash' && phase === 'tune')
    .sort((a, b) => a.options.lr - b.options.lr)
    .map(({ outcome, reason }) => [outcome, reason])
  expect(outcomes).toEqual([
    ['finished', null],
    ['finished', null],
    ['finished', null],
    ['finished', null],
    ['failed', expect.stringContaining('exit code 3')],
    ['failed', 'TypeError: no rate above 0.05 (crash.mjs:8:24, in lossAndGrad)'],
    ['failed', expect.stringContaining('out of memory')],
    ['timeout', expect.stringContaining('hung')],
  ])
  expect(runs.filter(({ problem, phase }) => problem === 'crash' && phase === 'final')).toHaveLength(2)
  expect(
    runs.filter(({ problem, outcome }) => problem === 'line' && outcome === 'finished').length,
  ).toBeGreaterThan(5)
})
