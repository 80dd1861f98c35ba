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
  [['--problem', 'landscape'], '--problem must name one, got'],
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

test('where no picture can be written, it fails and says so', async () => {
  const { code, stderr } = await cauchy([
    'lr-find',
    '--problem',
    parabola,
    '--out',
    join(folder, 'no', 'x.svg'),
  ])
  expect(stderr).toContain('it cannot be made here')
  expect(code).toBe(1)
})

test('--help has examples', async () => {
  const { stdout } = await cauchy(['lr-find', '--help'])
  expect(stdout).toContain('cauchy lr-find --problem ./my-problem.mjs --optimizer SGD')
})
