// cauchy bench, merge and list: what they print, what they refuse, and how they exit.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readResults } from '../src/bench/records'
import { cauchy, cli, directory, fixture } from './bench-command'

const SMALL = ['--optimizer', 'SGD', '--trials', '2', '--seeds', '1']

test.each([
  [['bench', '--optimizer', 'Loin'], /unknown optimizer "Loin"; did you mean "Lion"\?/],
  [['bench', '--schedule', 'cosin'], /unknown schedule "cosin"; did you mean "cosine"\?/],
  [['bench', '--problem', 'rosenbrok'], /unknown problem "rosenbrok"; did you mean "rosenbrock"\?/],
  [['bench', '--problem', './nowhere.mjs'], /no such file/],
  [['bench', '--budget', 'quik'], /did you mean "quick"/],
  [['bench', '--backend', 'gpu'], /--backend must be one of "auto", "native", "wasm", "js", got "gpu"/],
  [['bench', '--shard', '3/2'], /--shard must be i\/n with 1 ≤ i ≤ n/],
  [['bench', '--seeds', '0'], /--seeds must be an integer ≥ 1, got 0/],
  [['bench', '--seeds', 'many'], /--seeds must be an integer ≥ 1, got "many"/],
  [['bench', '--time-limit', '0'], /--time-limit must be in \(0, Infinity\), got 0/],
  [['bench', '--optimiser', 'SGD'], /unknown option "--optimiser"; did you mean "--optimizer"\?/],
  [['bench', '--problem', `${fixture('valley')},${fixture('valley')}`], /two problems are named "valley"/],
  [['merge', 'out', 'nowhere'], /nowhere must hold a results.jsonl, got none/],
  [['merge', 'out'], /directories to merge must be given/],
] as const)('%j is misuse', async (args, message) => {
  const { code, stdout, stderr } = await cauchy(args)
  expect(stderr).toMatch(message)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('--json prints one document, also when the problem prints', async () => {
  const folder = directory()
  const file = join(folder, 'chatty.mjs')
  writeFileSync(
    file,
    `import line from ${JSON.stringify(fixture('line'))}
export default { ...line, name: 'chatty', validate(p) { console.log('hello'); return line.validate(p) } }`,
  )
  const ended = await cauchy(['bench', '--problem', file, ...SMALL, '--json', '--out', join(folder, 'out')])
  expect(ended.code, ended.stderr).toBe(0)
  expect(ended.stderr).toContain('hello')
  const document = JSON.parse(ended.stdout)
  expect(document.summary.studies).toHaveLength(1)
  expect(document.header.config.problems[0]).toMatchObject({ name: 'chatty', fileHash: expect.any(String) })
})

test('seconds are quoted from serial runs only', async () => {
  const [apart, together] = [directory(), directory()]
  const args = ['bench', '--problem', fixture('valley'), ...SMALL, '--json', '--out']
  const serial = JSON.parse((await cauchy([...args, apart, '--serial'])).stdout).summary.studies[0]
  const parallel = JSON.parse((await cauchy([...args, together, '--jobs', '2'])).stdout).summary.studies[0]
  expect(serial.time).toMatchObject({ optimizerShare: expect.any(Number) })
  expect(parallel).toMatchObject({ time: null, secondsToTarget: null })
  expect(serial.finalValue).toEqual(parallel.finalValue)
})

test.each([
  ['export const x = 1', /must have a default export/],
  ['export default { name: "x" }', /problem.params must be a function/],
  ['export default {', /crashed|SyntaxError|Unexpected/],
  ['process.exit(7)', /ended its thread with exit code 7/],
  [
    'export default { name: "x", params: () => ({ x: new Float64Array(1) }), lossAndGrad: () => 1, target: { metric: "accuracy", value: 1, mode: "max" } }',
    /target.metric must be loss where there is no validate, got "accuracy"/,
  ],
])('a file that is no problem is refused: %s', async (text, message) => {
  const file = join(directory(), 'file.mjs')
  writeFileSync(file, text)
  const { code, stderr } = await cauchy(['bench', '--problem', file, ...SMALL])
  expect(stderr).toMatch(message)
  expect(stderr).toContain('file.mjs')
  expect(code).toBe(1)
})

test('a bench of which no run finished fails', async () => {
  const file = join(directory(), 'broken.mjs')
  writeFileSync(
    file,
    `export default { name: 'broken', params: () => ({ x: new Float64Array(1) }), lossAndGrad: () => { throw new Error('no') } }`,
  )
  const { code, stderr, stdout } = await cauchy(['bench', '--problem', file, ...SMALL])
  expect(stdout).toContain('Error: no')
  expect(stderr).toContain('no run finished')
  expect(code).toBe(1)
})

test('an output path where nothing can be written fails at once, and says why', async () => {
  const file = join(directory(), 'taken')
  writeFileSync(file, '')
  const bench = (out: string) => cauchy(['bench', '--problem', fixture('line'), ...SMALL, '--out', out])
  // Node's recursive mkdir never returns in /proc.
  const nowhere = process.platform === 'linux' ? (['/proc/cauchy', '/proc/cauchy/a/b'] as const) : []
  for (const [out, why] of [
    [file, 'a file is in the way (EEXIST)'],
    [join(file, 'a', 'b'), 'a file is in the way (ENOTDIR)'],
    ...nowhere.map((out) => [out, 'it cannot be made here (ENOENT)']),
  ]) {
    const { code, stdout, stderr } = await bench(out)
    expect(stderr).toBe(`cauchy bench: --out must be a directory to write in, got ${out}: ${why}\n`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect((await cauchy(['merge', out, directory()])).code).toBeGreaterThan(0)
  }
})

test.runIf(process.platform === 'linux')('results that are a device are refused', async () => {
  const out = directory()
  symlinkSync('/dev/full', join(out, 'results.jsonl'))
  const { code, stderr } = await cauchy(['bench', '--problem', fixture('line'), ...SMALL, '--out', out])
  expect(stderr).toBe(`cauchy bench: ${out}/results.jsonl must be a file, got a device or a pipe\n`)
  expect(code).toBe(1)
})

test.runIf(process.platform === 'linux')(
  'a file that cannot grow ends the bench; what is whole stays',
  async () => {
    const out = directory()
    const args = ['bench', '--problem', fixture('line'), '--optimizer', 'SGD', '--seeds', '1', '--out', out]
    // In blocks of 512 bytes, or of 1024.
    const { status, stderr } = spawnSync('sh', [
      '-c',
      'ulimit -f 16; exec "$@"',
      'sh',
      process.execPath,
      cli,
      ...args,
    ])
    expect(String(stderr)).toContain(
      `cauchy bench: ${out}/results.jsonl must take every record, got an error: it may not become so large; raise`,
    )
    expect(status).toBe(1)
    const before = readResults(out).runs.length
    expect(before).toBeGreaterThan(0)
    expect((await cauchy([...args, '--resume'])).code).toBe(0)
    expect(readResults(out).runs.length).toBeGreaterThan(before)
  },
)

test.runIf(process.platform === 'linux')('results that may not be read are said to be so', ({ skip }) => {
  const out = directory()
  const path = join(out, 'results.jsonl')
  writeFileSync(path, '', { mode: 0 })
  chmodSync(out, 0o755)
  // Nothing is forbidden to root.
  const uid = process.getuid?.() || 65534
  for (const args of [
    ['report', out],
    ['bench', '--out', out, '--resume'],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
      uid,
      cwd: out,
      encoding: 'utf8',
    })
    if (/Cannot find/.test(stderr)) skip('another user may not read the repository')
    expect(stderr).toBe(`${path}: it must be readable (EACCES)\n`)
    expect(status).toBe(1)
  }
})

test('results of something else are not taken for records', async () => {
  const out = directory()
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'results.jsonl'), '{"loss": 1}\n')
  const { code, stderr } = await cauchy(['merge', join(directory(), 'all'), out])
  expect(stderr).toMatch(/results.jsonl:1 must be a record of a benchmark, got/)
  expect(code).toBe(1)
})

test('list names everything, and help has examples', async () => {
  const { problems, optimizers, schedules } = JSON.parse((await cauchy(['list', '--json'])).stdout)
  const text = (await cauchy(['list'])).stdout
  for (const { name } of [...problems, ...optimizers, ...schedules]) expect(text).toContain(name)
  for (const command of ['bench', 'merge', 'list']) {
    const { stdout, code } = await cauchy([command, '--help'])
    expect(stdout).toMatch(/Examples:\n/)
    expect(code).toBe(0)
  }
})
