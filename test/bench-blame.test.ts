// cauchy bench with problems that are wrong: what it says about them, and where.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunRecord, readResults } from '../src/bench/records'
import { cauchy, directory } from './bench-command'

const SMALL = ['--optimizer', 'SGD', '--trials', '2', '--seeds', '1']

/** ½x², as a file; `members` come after those of the problem. */
const square = (members: string) => `const shared = { calls: 0 }
export default {
  name: 'own',
  length: 100,
  params: () => ({ x: Float64Array.of(1, 1) }),
  lossAndGrad({ x }, { x: g }) {
    g.set(x)
    return (x[0] ** 2 + x[1] ** 2) / 2
  },
  ${members}
}
`

async function bench(text: string, ...args: string[]) {
  const folder = directory()
  const [file, out] = [join(folder, 'own.mjs'), join(folder, 'out')]
  writeFileSync(file, text)
  const ended = await cauchy(['bench', '--problem', file, ...SMALL, '--out', out, ...args])
  return { ...ended, out, file, runs: existsSync(out) ? readResults(out).runs : [] }
}

/** The run at the lower of the two rates. */
const slow = (runs: readonly RunRecord[]) => runs.find(({ options }) => options.lr === 1e-6)

test.each([
  [
    'a syntax error',
    'export default {\n  name: "x",\n  length: 5 5,\n}',
    /own\.mjs: SyntaxError: .* \(own\.mjs:3\)/,
  ],
  ['a throw on the way', 'const x = 1\nthrow new Error("top")', /own\.mjs: Error: top \(own\.mjs:2:7\)/],
  [
    'a throw in validate',
    `const inner = () => { throw new Error('val') }\n${square("target: { metric: 'validation.loss', value: 1, mode: 'min' }, validate() { return inner() }")}`,
    /own\.mjs: Error: val \(own\.mjs:1:29, in validate\)/,
  ],
  [
    'a throw in params',
    square('params: () => ({ x: Float64Array.of(1) .set([1, 2]) })'),
    /own\.mjs: RangeError: offset is out of bounds \(own\.mjs:10:\d+, in params\)/,
  ],
  [
    'an asynchronous validate',
    square(
      "target: { metric: 'validation.loss', value: 1, mode: 'min' }, async validate() { return { loss: 1 } }",
    ),
    /what validate returned must be a record of numbers, got Promise/,
  ],
  [
    'a number from validate',
    square("target: { metric: 'validation.loss', value: 1, mode: 'min' }, validate: () => 5"),
    /what validate returned must be a record of numbers, got 5/,
  ],
  [
    'no validate',
    square("target: { metric: 'validation.loss', value: 1, mode: 'min' }"),
    /target\.metric must be loss where there is no validate, got "validation.loss"/,
  ],
  [
    'asynchronous params',
    square('params: async () => ({ x: Float64Array.of(1) })'),
    /params\(0\) must be a record of typed arrays, got Promise/,
  ],
])('%s is told where it is', async (_, text, message) => {
  const { stderr, code, file } = await bench(text)
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain(`${file}: own.mjs: own.mjs`)
  expect(code).toBe(1)
})

test('what a run throws is told with its place', async () => {
  const { runs, stdout } = await bench(square('lossAndGrad(params, grads) { grads.y[0] = 1; return 1 }'))
  const reason = "TypeError: Cannot set properties of undefined (setting '0') (own.mjs:10:"
  expect(runs[0].reason).toContain(reason)
  expect(runs[0].reason).toContain('in lossAndGrad)')
  expect(stdout).toContain(reason)
})

test.each([
  ['loops', 'for (;;);'],
  ['waits', 'await new Promise(() => {})'],
])('a file that %s for ever is given up after the time limit', async (_, text) => {
  const { stderr, code } = await bench(text, '--time-limit', '1')
  expect(stderr).toMatch(/own\.mjs: opening it took longer than --time-limit, 1 s/)
  expect(code).toBe(1)
})

test('a run of more steps than there is time for says how far it came', async () => {
  const { runs } = await bench(square('length: 1e12'), '--time-limit', '1')
  expect(slow(runs)).toMatchObject({
    outcome: 'timeout',
    reason: expect.stringMatching(/^took longer than 1 s: [1-9]\d* of 1000000000000 steps were done$/),
  })
})

test('gradients that are never written fail the run', async () => {
  const { runs, code } = await bench(
    square('lossAndGrad({ x }, { x: g }) { g[0] = x[0]; return x[0] ** 2 / 2 }'),
  )
  expect(runs.map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
  expect(runs[0].reason).toContain(
    'Element 1 of the gradient of x is NaN at the start: lossAndGrad must write all',
  )
  expect(code).toBe(1)
})

const VALIDATED = "target: { metric: 'validation.loss', value: 1e-9, mode: 'min' },"

test('a validation that is NaN fails the run, one that becomes NaN counts as diverged', async () => {
  const always = await bench(square(`${VALIDATED} validate: () => ({ loss: NaN })`))
  expect(always.runs[0]).toMatchObject({
    outcome: 'failed',
    reason: 'RangeError: the validation loss at the start is NaN',
  })
  const late = await bench(square(`${VALIDATED} validate: ({ x }) => ({ loss: x[0] < 1 ? NaN : 1 })`))
  expect(slow(late.runs)).toMatchObject({ outcome: 'diverged', reason: 'the final validation loss is NaN' })
  expect(late.stdout).not.toContain('ended at the lowest')
  for (const { code } of [always, late]) expect(code).toBe(1)
})

test.each([
  ['the gradient', 'g[0] = x[0] + Math.random(); g[1] = x[1]; return (x[0] ** 2 + x[1] ** 2) / 2'],
  ['the loss alone', 'g.set(x); return (x[0] ** 2 + x[1] ** 2) / 2 + 1e-9 * Math.random()'],
])('randomness in %s is the problem’s, not the backends’', async (_, body) => {
  const { stderr, stdout, code, out } = await bench(square(`lossAndGrad({ x }, { x: g }) { ${body} }`))
  const [check] = readResults(out).checks
  expect(check).toMatchObject({ repeatable: false, hashes: {} })
  expect(stderr).toContain('own/SGD/constant: the same run twice on one backend found different numbers')
  expect(stderr).toContain('cauchy bench: problems must be deterministic')
  expect(stdout).toContain('own/SGD/constant: the problem is not deterministic.')
  expect(stdout + stderr).not.toMatch(/Please report|backends disagree|different bits/)
  expect(code).toBe(1)
})
