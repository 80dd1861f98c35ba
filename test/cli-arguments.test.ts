// What may be typed after `cauchy`: values as they are, what is refused and with which code, and where it goes on.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readResults } from '../src/bench/records'
import { barText, createClock } from '../src/cli/progress'
import { cauchy, directory, fixture, signalAfter } from './bench-command'

const script = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url))
const SMALL = ['--problem', fixture('valley'), '--optimizer', 'SGD', '--trials', '2', '--seeds', '1']

test.each([
  [['bench', '--seeds'], 'cauchy bench: --seeds <n> must have a value, got none'],
  [['bench', '--out', '--json'], 'cauchy bench: --out <dir> must have a value, got none'],
  [['bench', '--out', ''], 'cauchy bench: --out <dir> must have a value, got ""'],
  [['bench', '--out='], 'cauchy bench: --out <dir> must have a value, got ""'],
  [['bench', '--problem', ''], 'cauchy bench: --problem <names> must have a value, got ""'],
  [['bench', '--out', 'a', '--out', 'b'], 'cauchy bench: --out must be given once, got "a" and "b"'],
  [['bench', '--seeds', '-3'], 'cauchy bench: --seeds must be an integer ≥ 1, got -3'],
  [['bench', '--trials', '2x'], 'cauchy bench: --trials must be an integer ≥ 1, got "2x"'],
  [['bench', '--shard', '-1/2'], 'cauchy bench: --shard must be i/n with 1 ≤ i ≤ n, as 2/8, got -1/2'],
  [['bench', '--unknown-flag'], 'cauchy bench: unknown option "--unknown-flag"; known: --problem,'],
  [['bench', '--timelimit', '3'], 'did you mean "--time-limit"?'],
  [['bench', '--Problem', 'x'], 'cauchy bench: unknown option "--Problem"; did you mean "--problem"?'],
  [['bench', '--TIME-LIMIT', '3'], 'unknown option "--TIME-LIMIT"; did you mean "--time-limit"?'],
  [['bench', '--out', 'eq', '--', './own.mjs'], 'cauchy bench takes no "./own.mjs"'],
  [['bench', '--problem', './'], 'cauchy bench: --problem ./: it must be a file, got a directory'],
  [['bench', '--serial', '--jobs', '4'], 'cauchy bench: --serial takes no --jobs'],
  [['bench', '--json', 'false'], 'cauchy bench takes no "false"'],
  [['worker', '--redis'], 'cauchy worker: --redis <url> must have a value, got none'],
  [
    ['worker', '--redis', 'redis://localhost', '--idle', '-5'],
    'cauchy worker: --idle must be in [0, Infinity)',
  ],
  [['report'], 'cauchy report: <directory> must be given, got none'],
  [['report', 'a', 'b'], 'cauchy report takes no "b"'],
  [['merge'], 'cauchy merge: <out> must be given, got none'],
  [['merge', '--', 'out'], 'cauchy merge: directories to merge must be given, got none'],
  [['playground', '--port', 'abc'], 'cauchy playground: --port must be an integer in [0, 65535], got "abc"'],
])('%j ends with code 2 and says who complains', async (args, message) => {
  const { code, stdout, stderr } = await cauchy(args)
  expect(stderr).toContain(message)
  expect(stderr).toMatch(/^cauchy \w+[: ]/)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('two problems of one name end with code 2', async () => {
  const files = [1, 2].map((i) => {
    const file = join(directory(), `${i}.mjs`)
    writeFileSync(file, `export { default } from ${JSON.stringify(fixture('valley'))}`)
    return file
  })
  const { code, stderr } = await cauchy(['bench', '--problem', files.join(',')])
  expect(stderr).toBe('cauchy bench: two problems are named "valley"\n')
  expect(code).toBe(2)
})

test.each(['007', '1.0', '1e3', '0x10', 'true'])('--out %s is a directory of that name', (name) => {
  const cwd = directory()
  for (const args of [['--out', name], [`--out=${name}b`]]) {
    const { status, stderr } = spawnSync(process.execPath, [script, 'bench', ...SMALL, ...args], { cwd })
    expect(status, String(stderr)).toBe(0)
  }
  expect(existsSync(join(cwd, name, 'results.jsonl'))).toBe(true)
  expect(existsSync(join(cwd, `${name}b`, 'results.jsonl'))).toBe(true)
})

test('--help by other names, and --version of a command', async () => {
  expect(await cauchy(['help'])).toEqual(await cauchy(['--help']))
  expect(await cauchy(['help', 'bench'])).toEqual(await cauchy(['bench', '--help']))
  expect((await cauchy(['bench', '--help'])).stdout).toContain('cauchy-bench-2, … where that holds results')
  expect((await cauchy(['bench', '--version'])).stdout).toMatch(/^cauchy\/\d/)
})

test.runIf(existsSync('/dev/full'))('output that cannot be written is an error', () => {
  for (const args of ['list', 'info', `lr-find --problem booth --out ${join(directory(), 'x.svg')}`]) {
    const { status, stderr } = spawnSync('sh', [
      '-c',
      `"$0" "$1" ${args} > /dev/full`,
      process.execPath,
      script,
    ])
    expect(String(stderr)).toContain('cauchy: the output cannot be written: ENOSPC')
    expect(status).toBe(1)
  }
})

test('a wrong CAUCHY_BACKEND is told by the command', () => {
  const env = { ...process.env, CAUCHY_BACKEND: 'foo' }
  for (const command of ['bench', 'lr-find']) {
    const { status, stderr } = spawnSync(process.execPath, [script, command], { env })
    expect(String(stderr)).toBe(
      `cauchy ${command}: CAUCHY_BACKEND must be one of "auto", "native", "wasm", "js", got "foo"\n`,
    )
    expect(status).toBe(2)
  }
})

test('--resume takes over what the directory was begun with', async () => {
  const folder = join(directory(), 'a, b')
  mkdirSync(folder)
  const own = join(folder, 'own.mjs')
  writeFileSync(own, `export { default } from ${JSON.stringify(fixture('valley'))}`)
  const cwd = folder
  const begin = ['--problem', './own.mjs', '--optimizer', 'SGD,Adam', '--trials', '3', '--seeds', '2']
  const rest = [
    '--schedule',
    'cosine',
    '--time-limit',
    '77',
    '--backend',
    'js',
    '--shard',
    '1/1',
    '--out',
    'r',
  ]
  const run = (...args: string[]) => spawnSync(process.execPath, [script, 'bench', ...args], { cwd })
  expect(run(...begin, ...rest).status).toBe(0)
  const resumed = run('--out', 'r', '--resume')
  expect(resumed.status, String(resumed.stderr)).toBe(0)
  const { headers, runs } = readResults(join(folder, 'r'))
  expect(headers).toHaveLength(2)
  expect(headers[1].config).toEqual(headers[0].config)
  expect(new Set(runs.map(({ optimizer }) => optimizer))).toEqual(new Set(['SGD', 'Adam']))
  const other = run('--out', 'r', '--resume', '--time-limit', '78')
  expect(String(other.stderr)).toContain('time-limit 77, now 78')
  expect(other.status).toBe(2)
})

test.each([
  ['exec', 'npx cauchy bench'],
  [undefined, 'cauchy bench'],
])('run by npm %s, an interrupted bench goes on with %s', async (npm, command) => {
  const out = join(directory(), "it's")
  const env = { ...process.env }
  if (npm === undefined) delete env.npm_command
  else env.npm_command = npm
  const args = [script, 'bench', '--problem', fixture('slow'), '--optimizer', 'SGD', '--out', out, '--']
  const child = spawn(process.execPath, args, { env })
  signalAfter(out, 3, 'SIGINT')(child)
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(130)
  expect(stderr).toContain(`To go on: ${command} --problem`)
  expect(stderr).toContain(`--out '${out.replace("'", "'\\''")}' --resume\n`)
})

test('progress lines have few digits, and one step is no steps', async () => {
  const file = join(directory(), 'near.mjs')
  writeFileSync(
    file,
    `export default {
  name: 'near', length: 20, target: { metric: 'loss', value: 0.4, mode: 'min' },
  params: () => ({ x: Float64Array.of(1) }),
  lossAndGrad({ x }, grads) { grads.x[0] = x[0]; return x[0] ** 2 / 2 },
}`,
  )
  const { code, stderr } = await cauchy(['bench', '--problem', file, '--optimizer', 'SGD', '--seeds', '1'])
  expect(code).toBe(0)
  expect(stderr).toMatch(/near\/SGD\/constant: lr \S+, loss [\d.]{1,6}(e-\d+)?, target after 1 step\n/)
})

test('the bar fits into the terminal, and cuts names visibly', () => {
  const payload = {
    left: '3 min 12 s left',
    done: 7,
    jobs: 810,
    label: 'breast-cancer/ScheduleFreeAdamW/constant',
  }
  for (let columns = 20; columns <= 140; columns++) {
    const text = barText(columns, 0.5, payload)
    expect(text.length).toBeLessThan(Math.max(columns, 20))
    const [, , studies = '7/810 studies', label = payload.label] = text.split(' · ')
    expect(studies).toBe('7/810 studies')
    if (label !== payload.label) expect(label).toMatch(/^breast-canc.*…$/)
  }
  expect(barText(140, 0.5, payload)).toContain(
    ' 50 % · 3 min 12 s left · 7/810 studies · breast-cancer/ScheduleFreeAdamW/constant',
  )
})

test('the time left goes by the pace of each problem, and is never 0 while work is left', () => {
  const works = ['fast', 'slow', 'fast'].map((problem) => ({ problem, planned: 100, done: 0 }))
  const clock = createClock(works)
  expect(clock.left(5)).toBe('…')
  clock.advance('fast', 100, 1)
  clock.advance('fast', 50, 0.5)
  // All else at 0.01 s a unit, in 2 s for 1.5 s of work.
  expect(clock.left(2)).toBe('2 s left')
  clock.advance('slow', 10, 10)
  // 90 units at 1 s and 50 at 0.01 s; two were worked on at a time.
  expect(clock.left(5.75)).toBe('45 s left')
  clock.advance('slow', 90, 0)
  expect(clock.left(5.75)).toBe('1 s left')
  clock.advance('fast', 49, 0.49)
  expect(clock.left(5.995)).toBe('1 s left')
  clock.advance('fast', 1, 0.01)
  expect(clock.left(6)).toBe('…')
  expect(createClock([{ problem: 'fast', planned: 100, done: 100 }]).left(1)).toBe('…')
})
