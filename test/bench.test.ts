// The benchmark's own parts, and one tiny run of each command: nothing here depends on how fast anything is.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as cauchy from 'cauchy'
import { memoryPlan, Optimizer } from 'cauchy'
import { beforeAll, describe, expect, test } from 'vitest'
import { ADAM, plainLoop } from '../bench/peers/peer'
import { drawChart } from '../bench/step/chart'
import { parseFilter } from '../bench/step/filter'
import { FILTER_KEYS, plan } from '../bench/step/plan'
import { loadRoofline, type Roofline } from '../bench/step/roofline'
import { groupsOf, rowOf, tooFast } from '../bench/step/rows'
import { RULES, UNMEASURED } from '../bench/step/rules'
import type { Row, Spec } from '../bench/step/spec'
import { bytesHeld, bytesMoved, createSubject } from '../bench/step/subject'
import { markdown, size, terminal } from '../bench/step/tables'
import { findTargets } from '../bench/step/targets'
import { expectError } from './untyped'

const root = fileURLToPath(new URL('..', import.meta.url))
const parse = (...texts: string[]) => parseFilter(texts, FILTER_KEYS)
const { targets } = findTargets()
const spec: Spec = {
  backend: 'js',
  isa: 'none',
  threads: 1,
  rule: 'adamw',
  dtype: 'float32',
  state: 'float32',
  n: 1 << 20,
  tensors: 1,
  mode: 'owned',
}

describe('filter', () => {
  test('pairs, in one text or several; a key named again takes either value', () => {
    const filter = parse('rule=adamw, n=65536', 'n=16')
    expect([...filter]).toEqual([
      ['rule', ['adamw']],
      ['n', ['65536', '16']],
    ])
  })

  test.each([
    ['rul=sgd', '--filter: unknown key "rul"; did you mean "rule"?'],
    ['toString=1', /^--filter: unknown key "toString"/],
    ['rule=adamv', /^--filter: unknown rule "adamv"; did you mean "adam(w|)"\?$/],
    ['isa=avx215', /^--filter: unknown isa "avx215"; did you mean "avx512?"\?$/],
    ['rule', '--filter must be key=value, got "rule"'],
    ['n=1=2', '--filter must be key=value, got "n=1=2"'],
    ['', /^--filter: unknown key ""/],
  ])('%s', (text, message) => {
    expectError(() => parse(text), TypeError, message)
  })

  test.each(['0', '-1', '1.5', 'x', '1e400'])('n=%s', (n) => {
    expectError(() => parse(`n=${n}`), RangeError, `--filter: n must be a positive integer, got "${n}"`)
  })
})

describe('rules', () => {
  test('every optimizer of the package is among them', () => {
    const measured = new Set([...RULES.values()].map((rule) => rule.Class as unknown))
    const missing = Object.entries(cauchy).filter(
      ([, value]) =>
        typeof value === 'function' && value.prototype instanceof Optimizer && !measured.has(value),
    )
    expect(missing.map(([name]) => name).filter((name) => !UNMEASURED.has(name))).toEqual([])
  })

  test.each([...RULES.values()])('$name has as much state as the memory planner says', (rule) => {
    const { statePerParam } = memoryPlan([[16]], rule.Class.name, rule.options)
    expect(rule.written + rule.read).toBe(statePerParam / 4)
  })

  test.each([
    ['sgd', 'none', 12],
    ['momentum', 'float32', 20],
    ['lion', 'bf16', 16],
    ['adamw', 'float32', 28],
    ['adamw', 'bf16', 20],
    ['adamw', 'int8', 16],
    ['amsgrad', 'float32', 36],
    ['prodigy', 'float32', 40],
  ])('%s with state in %s moves %i bytes a parameter', (name, state, bytes) => {
    const rule = RULES.get(name) as never
    expect(bytesMoved(rule, { ...spec, rule: name, state })).toBe(bytes)
  })
})

describe('plan', () => {
  const wasm = targets.filter(({ backend }) => backend === 'wasm')

  test('all there is: sizes, types, modes', () => {
    const specs = plan(targets, new Map(), false)
    const values = (key: keyof Spec) => new Set(specs.map((row) => row[key]))
    expect([...values('n')].sort((a, b) => Number(a) - Number(b))).toEqual([
      16, 256, 1000, 4096, 16384, 65536, 100_000, 1048576, 16777216, 67108864,
    ])
    expect(values('dtype')).toEqual(new Set(['float32', 'float64']))
    expect(values('mode')).toEqual(new Set(['owned', 'callers', 'clip-norm', 'dead']))
    expect(values('tensors')).toEqual(new Set([1, 10, 100]))
    expect(values('isa')).toEqual(new Set(targets.map(({ isa }) => isa)))
    expect(new Set(specs.filter(({ mode }) => mode === 'dead').map(({ rule }) => rule))).toEqual(
      new Set(RULES.keys()),
    )
    expect(new Set(specs.map((row) => JSON.stringify(row))).size).toBe(specs.length)
  })

  test('a filter names one row, of any size and rule', () => {
    const filter = parse('backend=wasm,rule=adan,n=77,mode=owned,dtype=float64,threads=1,state=float64')
    expect(plan(targets, filter, false)).toEqual([
      { ...spec, backend: 'wasm', isa: 'simd128', rule: 'adan', dtype: 'float64', state: 'float64', n: 77 },
    ])
  })

  test('small tensors and dead gradients keep their sizes', () => {
    expect(plan(wasm, parse('tensors=10,threads=1,state=float32'), false)).toEqual([
      { ...spec, backend: 'wasm', isa: 'simd128', n: 1000, tensors: 10 },
    ])
    expect(plan(wasm, parse('mode=dead,n=16'), false)).toEqual([])
  })

  test('a quick run is a part', () => {
    const all = plan(targets, new Map(), false).map((row) => JSON.stringify(row))
    const quick = plan(targets, new Map(), true).map((row) => JSON.stringify(row))
    expect(quick.filter((row) => !all.includes(row))).toEqual([])
    expect(quick.length).toBeLessThan(all.length / 5)
  })

  test('groups are what is compared, as far as memory goes', () => {
    const other = { ...spec, backend: 'wasm', isa: 'simd128' }
    const small = { ...spec, n: 16 }
    const held = bytesHeld(spec)
    expect(held).toBe(16 * (1 << 20))
    const both = groupsOf([spec, small, other], 2 * held)
    expect(both).toEqual({ groups: [[spec, other], [small]], skipped: [] })
    expect(groupsOf([spec, small, other], held).groups).toEqual([[spec], [other], [small]])
    expect(groupsOf([spec, small], held - 1)).toEqual({ groups: [[small]], skipped: [spec] })
  })
})

describe('rows', () => {
  test('a millisecond for 1 Mi parameters of 28 bytes', () => {
    const row = rowOf({ spec, bytes: 28 }, 1e-3, 0.5e-3)
    expect(row).toMatchObject(spec)
    expect(row.nsPerParam).toBeCloseTo(0.95367431640625, 12)
    expect(row.gbPerSec).toBeCloseTo(29.360128, 6)
    expect(row.rooflineNsPerParam).toBeCloseTo(0.476837158203125, 12)
    expect(row.rooflineRatio).toBe(0.5)
  })

  test('without a roofline', () => {
    expect(rowOf({ spec, bytes: 28 }, 1e-3, null)).toMatchObject({
      rooflineNsPerParam: null,
      rooflineRatio: null,
    })
  })

  test('a step that beats its roofline is found', () => {
    const rows = [1.04, 1.02, null].map((bound) => rowOf({ spec, bytes: 28 }, 1, bound))
    expect(tooFast(rows)).toEqual([rows[0]])
  })
})

function tryLoad(): Roofline | null {
  try {
    return loadRoofline()
  } catch {
    return null
  }
}

const roofline = tryLoad()

describe.skipIf(roofline === null)('roofline', () => {
  // Below, at and beyond whole vectors and whole unrolled loops, of every number of state arrays.
  test.each([...RULES.keys()])('changes no byte of %s', (rule) => {
    for (const n of [1, 15, 16, 64, 257, 5000]) {
      for (const mode of ['owned', 'callers'] as const) {
        for (const threads of [1, 2]) {
          const { written, read } = RULES.get(rule) ?? { written: 0, read: 0 }
          const state = written + read > 0 ? 'float32' : 'none'
          const { pages, run } = createSubject({ ...spec, rule, state, n, mode })
          run()
          const before = pages.arrays.map((array) => array.slice())
          const candidates = roofline?.candidates(`${rule} ${n} ${mode} ${threads}`, pages, threads) ?? []
          expect(candidates.length).toBe(3)
          for (const candidate of candidates) candidate.run()
          expect(pages.arrays.map((array) => array.slice())).toEqual(before)
        }
      }
    }
  })

  test('its pages are parameters, gradients and state, in place', () => {
    const { pages, run } = createSubject({ ...spec, n: 100 })
    const values = () => pages.arrays.map((array) => new Float32Array(array.slice().buffer))
    const [p0, g, m0, v0] = values()
    expect([p0[1], g[1]]).toEqual([2, Math.fround(37 / 101 - 0.5)])
    run()
    const [p, , m, v] = values()
    expect([...m0, ...v0].every((value) => value === 0)).toBe(true)
    expect(p[1]).not.toBe(p0[1])
    expect(m[1]).toBeCloseTo(0.1 * g[1], 6)
    expect(v[1]).toBeCloseTo(0.001 * g[1] * g[1], 9)
  })
})

test('the plain loop is Adam', async () => {
  const p = Float32Array.of(1, -2, 3)
  const g = Float32Array.of(0.5, -0.25, 1e-3)
  const ours = new cauchy.Adam([p.slice()], { lr: ADAM.lr, betas: [ADAM.beta1, ADAM.beta2], eps: ADAM.eps })
  const theirs = await plainLoop.create(p, g)
  for (let t = 0; t < 50; t++) {
    ours.step([g])
    theirs.run()
  }
  ours.params[0].forEach((value, i) => {
    expect(theirs.read()[i]).toBeCloseTo(value, 5)
  })
  expect(p[0]).toBeLessThan(0.96)
})

describe('output', () => {
  const row = (more: Partial<Row>): Row => ({ ...rowOf({ spec, bytes: 28 }, 1e-3, 0.5e-3), ...more })
  const rows = [
    row({}),
    row({ n: 65536, nsPerParam: 12.345, rooflineNsPerParam: 0.25, rooflineRatio: 0.02 }),
    row({
      backend: 'native',
      isa: 'avx2',
      threads: 2,
      mode: 'callers',
      rooflineNsPerParam: null,
      rooflineRatio: null,
    }),
    row({ mode: 'dead', magnitude: 1e-36, overLive: 1.5 }),
  ]
  const report = {
    command: 'npm run bench:step -- --quick',
    cpu: 'A & B <C>',
    cores: 2,
    node: 'v20.0.0',
    date: '2026-11-22T00:00:00.000Z',
    rows,
    coldStart: [{ backend: 'wasm', module: 'esm', milliseconds: 50, overEmpty: 12.34 } as const],
    missing: [],
  }

  test('sizes', () => {
    expect([16, 1000, 4096, 1 << 20, 1 << 26].map(size)).toEqual(['16', '1000', '4 Ki', '1 Mi', '64 Mi'])
  })

  test('Markdown', () => {
    expect(markdown(report).split('\n')).toEqual([
      'adamw, float32: ns per parameter (roofline over it):',
      '',
      '|  | 64 Ki | 1 Mi |',
      '|---|---:|---:|',
      '| roofline | 0.250 | 0.477 |',
      '| js | 12.3 (0.02) | 0.954 (0.50) |',
      "| native avx2, 2 threads, caller's arrays | – | 0.954 |",
      '',
      'A step at gradients of a magnitude, over one at magnitude 1:',
      '',
      '|  | 1e-36 |',
      '|---|---:|',
      '| adamw, n=1048576, js | 1.50 |',
      '',
      'Cold start: a process that imports the package, makes an AdamW and steps once:',
      '',
      '|  | ms | ms over an empty program |',
      '|---|---:|---:|',
      '| wasm, esm | 50.0 | 12.3 |',
      '',
      '2 cores of A & B <C>, Node v20.0.0, 2026-11-22, medians of `npm run bench:step -- --quick`.',
    ])
  })

  test('the terminal gets the same cells', () => {
    for (const cell of ['12.3 (0.02)', '0.954 (0.50)', '1e-36', '2 cores of'])
      expect(terminal(report)).toContain(cell)
  })

  test('the picture is an SVG document with every series', () => {
    const svg = drawChart(report)
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    for (const text of ['roofline', 'Cauchy, JavaScript', '64 Ki', 'A &amp; B &lt;C&gt;'])
      expect(svg).toContain(text)
    expectError(() => drawChart({ ...report, rows: [] }), Error, /^--svg: no row/)
  })
})

describe('the commands', () => {
  const run = (entry: string, ...args: string[]) =>
    spawnSync(process.execPath, [`build/bench/${entry}.mjs`, ...args], { cwd: root, encoding: 'utf8' })

  beforeAll(() => {
    const { status, stderr } = spawnSync(process.execPath, ['bench/build.mjs'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  const NUMBER = expect.any(Number)
  const document = (row: object) => ({
    command: expect.stringMatching(/^npm run bench:/),
    cpu: expect.any(String),
    cores: NUMBER,
    node: process.version,
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    rows: [{ ...spec, ...row, nsPerParam: NUMBER, gbPerSec: NUMBER }],
    coldStart: [],
    missing: expect.any(Array),
  })
  const bound = roofline ? NUMBER : null

  test('bench:step', () => {
    const filter = 'backend=wasm,rule=sgd,n=16,mode=owned,dtype=float32,threads=1'
    const { stdout, status } = run('step', '--json', '--quick', '--filter', filter)
    const row = { backend: 'wasm', isa: 'simd128', rule: 'sgd', state: 'none', n: 16 }
    expect(JSON.parse(stdout)).toEqual(document({ ...row, rooflineNsPerParam: bound, rooflineRatio: bound }))
    expect(status).toBe(0)
  })

  test('bench:step on dead gradients', () => {
    const { stdout, status } = run(
      'step',
      '--json',
      '--quick',
      '--filter',
      'backend=wasm,rule=sgd,mode=dead,threads=1',
    )
    const { rows } = JSON.parse(stdout)
    expect(rows.map(({ magnitude }: Row) => magnitude)).toEqual([1, 1e-12, 1e-19, 1e-25, 1e-36, 0])
    expect(rows[0].overLive).toBe(1)
    expect(status).toBe(0)
  })

  test('bench:step from a cold start', () => {
    const { stdout, status } = run('step', '--json', '--quick', '--filter', 'mode=cold-start')
    const { rows, coldStart } = JSON.parse(stdout)
    expect(rows).toEqual([])
    const wasm = coldStart.filter(({ backend }: { backend: string }) => backend === 'wasm')
    expect(wasm).toEqual(
      ['esm', 'cjs'].map((module) => ({ backend: 'wasm', module, milliseconds: NUMBER, overEmpty: NUMBER })),
    )
    expect(status).toBe(0)
  })

  test('bench:peers, with a picture', () => {
    const svg = `${root}build/bench/test.svg`
    const { stdout, status } = run(
      'peers',
      '--json',
      '--quick',
      '--filter',
      'backend=plain-js,n=16',
      '--svg',
      svg,
    )
    const row = { backend: 'plain-js', rule: 'adam', n: 16, rooflineNsPerParam: null, rooflineRatio: null }
    expect(JSON.parse(stdout)).toEqual(document(row))
    expect(readFileSync(svg, 'utf8')).toContain('plain JavaScript loop')
    rmSync(svg)
    expect(status).toBe(0)
  })

  test.each([
    ['step', ['--filter', 'rul=sgd'], 'bench:step: --filter: unknown key "rul"; did you mean "rule"?\n'],
    ['step', ['--filter', 'mode=dead,n=16'], 'bench:step: no row of this machine matches the filter\n'],
    ['peers', ['--filter', 'rule=sgd'], /^bench:peers: --filter: unknown key "rule"/],
    ['step', ['--jsn'], /^bench:step: Unknown option '--jsn'/],
  ])('%s %j', (entry, args, message) => {
    const { stdout, stderr, status } = run(entry, ...args)
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
    expect(stderr).toMatch(message)
  })
})
