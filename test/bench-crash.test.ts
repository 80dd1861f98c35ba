// What problems leave running, as timers and promises, meets only themselves; what crashes leaves a bench that ends.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readResults } from '../src/bench/records'
import { cauchy, directory, fixture } from './bench-command'

/** The fixture line, after so many lines of its own. */
function problem(name: string, first: string): string {
  const file = join(directory(), `${name}.mjs`)
  const line = `import line from ${JSON.stringify(fixture('line'))}`
  writeFileSync(file, `${first}\n${line}\nexport default { ...line, name: '${name}' }`)
  return file
}

const bench = (problems: string[], out: string, ...more: string[]) =>
  cauchy([
    'bench',
    ...['--problem', problems.join(), '--optimizer', 'SGD,AdamW', '--trials', '4', '--seeds', '2'],
    ...['--out', out, ...more],
  ])

test.each([
  ['timer', "setTimeout(() => { throw new Error('boom') })", /^crashed: Error: boom \(timer.mjs:1:26/],
  ['string', "setTimeout(() => { throw 'boom' })", /^crashed: threw boom$/],
  [
    'promise',
    "Promise.reject(new TypeError('no network'))",
    /^crashed: TypeError: no network \(promise.mjs:1:16\)$/,
  ],
  ['exit', 'setTimeout(() => process.exit(0))', /^the problem ended its thread with exit code 0$/],
])('a %s between runs costs runs of its own file only', async (name, first, reason) => {
  const out = directory()
  const { code, stdout, stderr } = await bench(
    [problem(name, first), 'rosenbrock', fixture('line'), fixture('valley')],
    out,
  )
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('Report: ')
  const failed = readResults(out).runs.filter(({ outcome }) => outcome === 'failed')
  expect(failed.length).toBeGreaterThan(1)
  for (const run of failed) {
    expect(run.problem).toBe(name)
    expect(run.reason).toMatch(reason)
  }
})

test.each([
  ['throw new Error("boom")', 'crashed: Error: boom (alone.mjs:1:28'],
  ['process.exit(0)', 'the problem ended its thread with exit code 0'],
])('one that costs every run ends in a summary and code 1: %s', async (crash, reason) => {
  const out = directory()
  const { code, stdout, stderr } = await bench([problem('alone', `setImmediate(() => { ${crash} })`)], out)
  expect(stderr).toContain(reason)
  expect(stderr).toMatch(/no run finished\n$/)
  expect(code).toBe(1)
  expect(stdout).toContain('Report: ')
  expect(existsSync(join(out, 'report', 'index.html'))).toBe(true)
})

test('a promise that a run leaves rejected costs that run', async () => {
  const out = directory()
  const file = join(directory(), 'promise.mjs')
  const text = readFileSync(fixture('valley'), 'utf8')
  const far = "if (Math.abs(y) > 2) Promise.reject(new Error('far'))"
  writeFileSync(file, text.replace('g[0] = x[0]', `const y = x[1]; ${far}\n    g[0] = x[0]`))
  await bench([file], out)
  const tried = readResults(out).runs.filter(
    ({ phase, optimizer }) => phase === 'tune' && optimizer === 'SGD',
  )
  // From y = 1 a step of rate lr takes descent to (1 − 50·lr) y.
  for (const { options, outcome, reason } of tried) {
    const goesFar = Math.abs(1 - 50 * (options.lr as number)) > 1
    expect([outcome, reason?.slice(0, 36)], `lr ${options.lr}`).toEqual(
      goesFar ? ['failed', 'crashed: Error: far (promise.mjs:9:5'] : ['finished', undefined],
    )
  }
})

test('a problem that prints is heard to the end', async () => {
  const file = problem('chatty', "for (let i = 1; i <= 9; i++) console.log('wörd', i)")
  const { stderr } = await cauchy(['lr-find', '--problem', file, '--out', join(directory(), 'x.svg')])
  expect(stderr.match(/^wörd \d$/gm)).toHaveLength(18)
})

test('a time limit may be longer than a timer can wait', async () => {
  const limit = ['--time-limit', '2592000']
  const ended = await bench([fixture('line')], directory(), ...limit)
  expect(ended.code, ended.stderr).toBe(0)
  expect(ended.stderr).not.toContain('Warning')
  const found = await cauchy(['lr-find', '--problem', fixture('line'), ...limit])
  expect({ code: found.code, stderr: found.stderr }).toEqual({ code: 0, stderr: '' })
})
