// `cauchy lr-find` as a user runs it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cauchy } from './bench-command'

const folder = mkdtempSync(join(tmpdir(), 'cauchy-lr-find-'))
const parabola = join(folder, 'parabola.mjs')
// Curvature 4: gradient descent diverges above 2 / 4.
writeFileSync(
  parabola,
  `export default {
  name: 'parabola',
  params: () => ({ x: Float64Array.of(1) }),
  lossAndGrad({ x }, grads) {
    grads.x[0] = 4 * x[0]
    return 2 * x[0] ** 2
  },
}`,
)

test('a problem of one’s own: the zones, the suggestion, a table and a picture', async () => {
  const svg = join(folder, 'parabola.svg')
  const args = ['--problem', parabola, '--optimizer', 'sgd', '--from', '1e-4', '--to', '10', '--out', svg]
  const { code, stdout } = await cauchy(['lr-find', ...args])
  expect(code).toBe(0)
  expect(stdout).toContain('parabola, SGD: 200 steps from 0.0001 to 10, seed 0')
  for (const zone of ['too low', 'just right', 'too high'])
    expect(stdout).toMatch(new RegExp(`^${zone} +\\S+ … `, 'm'))
  expect(stdout).toMatch(/Suggestion: lr 0\.0\d+, where the loss falls fastest/)
  const picture = readFileSync(svg, 'utf8')
  expect(picture).toMatch(/^<svg/)
  for (const word of ['too low', 'just right', 'too high', 'suggestion 0.0']) expect(picture).toContain(word)
  expect(picture).not.toContain('NaN')

  const json = JSON.parse((await cauchy(['lr-find', ...args, '--json'])).stdout)
  expect(json).toMatchObject({ problem: 'parabola', optimizer: 'SGD', reason: 'diverged', picture: svg })
  expect(json.justRight[1]).toBeGreaterThan(0.4)
  expect(json.justRight[1]).toBeLessThanOrEqual(0.5)
  expect(json.points.length).toBeLessThan(200)
})

test('a picture of very many steps shows some of them', async () => {
  const svg = join(folder, 'long.svg')
  const args = ['--problem', parabola, '--optimizer', 'SGD', '--from', '1e-5', '--to', '1e-3', '--out', svg]
  const { code, stderr } = await cauchy(['lr-find', ...args, '--steps', '200000'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const picture = readFileSync(svg, 'utf8')
  expect(picture).toContain('The loss of one step in 100 (dots)')
  expect(picture.length).toBeLessThan(400_000)
})

test('problems of the package: every backend the same', async () => {
  const found = await Promise.all(
    ['native', 'wasm', 'js'].map(async (backend) => {
      const args = [
        '--problem',
        'wine',
        '--optimizer',
        'Muon',
        '--batch-size',
        '7',
        '--seed',
        '3',
        '--backend',
        backend,
      ]
      const { backend: ran, isa, ...rest } = JSON.parse((await cauchy(['lr-find', ...args, '--json'])).stdout)
      expect(ran).toBe(backend)
      return rest
    }),
  )
  expect(found[0]).toMatchObject({ batchSize: 7, seed: 3, steps: 200 })
  expect(found[1]).toEqual(found[0])
  expect(found[2]).toEqual(found[0])
})

test.each([
  [['--problem', 'digits-mpl'], 'unknown problem "digits-mpl"; did you mean "digits-mlp"?'],
  [['--optimizer', 'AdmW'], 'unknown optimizer "AdmW"; did you mean "AdamW"?'],
  [['--problem', 'landscape'], '--problem must name one problem, got'],
  [['--optimizer', 'SGD,AdamW'], '--optimizer must name one optimizer, got SGD, AdamW'],
  [['--optimizer', 'SGD', '--optimizer', 'AdamW'], '--optimizer must be given once, got "SGD" and "AdamW"'],
  [['--problem', 'booth', '--batch-size', '8'], '--batch-size needs a problem with data, got booth'],
  [['--out', 'x.png'], '--out must be a file ending in .svg, got "x.png"'],
  [['--seed', '-1'], '--seed must be an integer ≥ 0, got -1'],
  [['--time-limit', '0'], '--time-limit must be in (0, Infinity), got 0'],
  [['--problem', './nowhere.mjs'], 'there is no such file'],
  [['--from', '1', '--to', '0.1'], '--to must be above --from (1), got 0.1'],
  [['--from', 'low'], '--from must be'],
  [['--steps', '1'], '--steps must be'],
  [['--stepz', '9'], 'did you mean "--steps"?'],
  [['--problem', 'rosenbrock', '--optimizer', 'Muon'], 'Muon needs a problem with matrices, got rosenbrock'],
])('misuse ends with code 2: %j', async (args, message) => {
  const { code, stderr } = await cauchy(['lr-find', ...args])
  expect(stderr).toContain(message)
  expect(stderr).toMatch(/^cauchy lr-find/)
  expect(code).toBe(2)
})

test('the picture’s folder is made; where it cannot be, it fails and says so', async () => {
  const out = join(folder, 'no', 'such', 'x.svg')
  expect((await cauchy(['lr-find', '--problem', parabola, '--out', out])).code).toBe(0)
  expect(readFileSync(out, 'utf8')).toMatch(/^<svg/)
  const blocked = ['--problem', parabola, '--out', join(parabola, 'x.svg')]
  const { code, stderr } = await cauchy(['lr-find', ...blocked])
  expect(stderr).toContain('a file is in the way')
  expect(code).toBe(1)
})

/** A problem over one parameter, w, by the body of its lossAndGrad(params, grads). */
function problem(name: string, body: string): string {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(
    file,
    `export default { name: '${name}', params: () => ({ w: Float32Array.of(1) }), lossAndGrad({ w }, grads) { ${body} } }`,
  )
  return file
}

test.each([
  ['loops', 'for (;;);', 'loops.mjs: hung: nothing came for 1 s'],
  ['exits', 'process.exit(0)', 'exits.mjs: the problem ended its thread with exit code 0'],
  ['throws', "throw new RangeError('boom')", 'throws.mjs: RangeError: boom'],
  ['nan', 'grads.w.fill(0); return NaN', 'cauchy lr-find: nan: The loss is NaN at the start.'],
  [
    'nan-grad',
    'grads.w.fill(NaN); return 1',
    'Element 0 of the gradient of w is NaN at the start, or never written.',
  ],
  ['never', 'return 1', 'Element 0 of the gradient of w is NaN at the start, or never written.'],
  ['infinite', 'grads.w.fill(1 / 0); return 1', 'infinite: The gradient is not finite at the start.'],
])('a problem that fails (%s) ends with code 1 and the reason', async (name, body, message) => {
  const { code, stdout, stderr } = await cauchy([
    'lr-find',
    '--problem',
    problem(name, body),
    '--time-limit',
    '1',
  ])
  expect(stderr).toContain(message)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('a flat loss: every rate is too low', async () => {
  const args = ['--problem', problem('flat', 'grads.w.fill(0); return 0'), '--from', '1e-3', '--to', '10']
  const { code, stdout } = await cauchy(['lr-find', ...args])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^too low +0\.001 … 10: the loss barely moves$/m)
  expect(stdout).toMatch(/^just right +none: no rate lowered the loss/m)
  expect(stdout).toMatch(/^too high +none: it does not rise at the highest rate$/m)
  expect(stdout).toContain('No suggestion: try higher rates (--to) or more steps (--steps).')
  expect(stdout).not.toMatch(/│ (just right|too high) /)
})

test('every rate too high: lower ones are asked for', async () => {
  const steep = problem('steep', 'grads.w[0] = 1e4 * w[0]; return 5e3 * w[0] ** 2')
  const args = ['--problem', steep, '--optimizer', 'SGD', '--from', '0.1', '--to', '10']
  const { stdout } = await cauchy(['lr-find', ...args])
  expect(stdout).toMatch(/^too low +none: it moves at the lowest rate$/m)
  expect(stdout).toMatch(/^too high +0\.1 … 10: the loss rises$/m)
  expect(stdout).toContain('No suggestion: try lower rates (--from) or more steps (--steps).')
})

test('the labels of the table are the zones, up to the highest rate; losses are rounded alike', async () => {
  // Curvature 1: no rate up to 1 is too high.
  const calm = problem('calm', 'grads.w[0] = w[0]; return 38961.7 + 5e4 * w[0] ** 2')
  const args = ['--problem', calm, '--optimizer', 'SGD', '--from', '1e-4', '--to', '1', '--steps', '60']
  const { stdout } = await cauchy(['lr-find', ...args])
  expect(stdout).toMatch(/^just right +\S+ … 1: the loss falls$/m)
  const rows = [...stdout.matchAll(/│ +(\S+) │ +(\S+) │ +(\S+) │ (too low|just right|too high) *│/g)]
  const [first] = rows
    .map(([, , , , label]) => label)
    .flatMap((label, i) => (label === 'just right' ? [i] : []))
  expect(first).toBeGreaterThan(0)
  expect(rows.slice(first).every(([, , , , label]) => label === 'just right')).toBe(true)
  const losses = rows.map(([, , loss]) => Number(loss))
  expect(losses).toEqual([...losses].sort((a, b) => b - a))
  expect(losses.every((loss) => loss === Number(loss.toPrecision(3)))).toBe(true)
})

test('--help has examples', async () => {
  const { stdout } = await cauchy(['lr-find', '--help'])
  expect(stdout).toContain('cauchy lr-find --problem ./my-problem.mjs --optimizer SGD')
})
