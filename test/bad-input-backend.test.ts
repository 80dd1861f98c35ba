// A backend or instruction set that is forced and cannot be had is an error that says why, never another backend.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { backendInfo } from 'cauchy'
import { afterAll, describe, expect, test } from 'vitest'
import { backends, targets } from './backends'
import { bits, expectError, noise, RULES, ruleNamed } from './untyped'

function withEnvironment<T>(backend: string, isa: string, run: () => T): T {
  const { CAUCHY_BACKEND = '', CAUCHY_ISA = '' } = process.env
  try {
    Object.assign(process.env, { CAUCHY_BACKEND: backend, CAUCHY_ISA: isa })
    return run()
  } finally {
    Object.assign(process.env, { CAUCHY_BACKEND, CAUCHY_ISA })
  }
}

describe.each(RULES)('$name', ({ name, create }) => {
  const w = noise(1, 5, 'float32')
  const state = () => bits(w)

  test('unknown names', () => {
    const make = (backend: string, isa: string) => () => withEnvironment(backend, isa, () => create({ w }))
    const tiers = `${name}: CAUCHY_BACKEND must be one of "auto", "native", "wasm", "js", got "nonsense"`
    expectError(make('nonsense', ''), RangeError, tiers, state)
    expectError(make('Native', ''), RangeError, /got "Native"$/, state)
    const isas = `${name}: CAUCHY_ISA must be one of "avx512", "avx2", "sse2", "neon", "scalar", got "avx"`
    expectError(make('', 'avx'), RangeError, isas, state)
    expectError(make('native', 'avx'), RangeError, isas, state)
    // Nonsense is told whatever else is asked for, of either.
    for (const backend of ['auto', 'native', 'wasm', 'js']) {
      const forced = (given: string, isa: string) => () =>
        withEnvironment(given, isa, () => create({ w }, { backend }))
      expectError(forced('nonsense', ''), RangeError, tiers, state)
      expectError(forced('', 'avx'), RangeError, isas, state)
      expectError(forced(backend, 'avx'), RangeError, isas, state)
    }
  })

  const missing = targets.filter(({ backend, available }) => backend === 'native' && !available)
  const has = backends.filter(({ backend }) => backend === 'native').map(({ isa }) => isa)

  // Without the addon, nothing can be said of the CPU.
  test.skipIf(has.length === 0).each(missing)('$isa, which this CPU lacks', ({ isa, use }) => {
    const message = `${name}: CAUCHY_ISA=${isa} is not supported by this CPU, which has ${has.join(', ')}`
    expectError(() => use(() => create({ w })), Error, message, state)
    expectError(() => withEnvironment('', isa, () => create({ w })), Error, message, state)
    expectError(() => withEnvironment('', isa, () => create({ w }, { backend: 'native' })), Error, message)
  })
})

const hasAddon = backends.some(({ backend }) => backend === 'native')

test.skipIf(!hasAddon)('every instruction set but those of other processors is there', () => {
  const arm = process.arch === 'arm64'
  const mine = arm ? ['neon', 'scalar'] : ['avx512', 'avx2', 'sse2', 'scalar']
  const isas = backends.filter(({ backend }) => backend === 'native').map(({ isa }) => isa)
  expect(isas.length).toBeGreaterThan(1)
  expect(mine).toEqual(expect.arrayContaining(isas))
})

test.each(backends)('what is forced is what one gets: $label', ({ backend, isa, use }) => {
  const { name, isa: got, reason, errors } = use(() => backendInfo())
  expect([name, errors]).toEqual([backend, []])
  if (backend === 'native') expect(got).toBe(isa)
  expect(reason).toBe(`CAUCHY_BACKEND is '${backend}'`)
  const info = { name, isa: got, reason, errors, threads: 1 }
  expect(use(() => ruleNamed('SGD').create([[1]])).backend).toEqual(info)
})

test('the option goes before the environment', () => {
  const make = () => ruleNamed('SGD').create([[1]], { backend: 'js' }).backend
  expect(withEnvironment('wasm', '', make)).toMatchObject({
    name: 'js',
    reason: "the backend option is 'js'",
  })
})

test('an instruction set cannot be forced on another backend', () => {
  for (const backend of ['wasm', 'js']) {
    const make = () => withEnvironment(backend, 'scalar', () => backendInfo())
    expectError(make, Error, /^backendInfo: .*CAUCHY_ISA/)
    const nonsense = () => withEnvironment(backend, 'nonsense', () => backendInfo())
    expectError(nonsense, RangeError, /^backendInfo: CAUCHY_ISA must be one of .*, got "nonsense"$/)
  }
})

// The package without its addon, in a process of its own.
describe('where it does not load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-'))
  const library = join(folder, 'dist', 'index.js')
  mkdirSync(join(folder, 'dist/playground'), { recursive: true })
  const parts = ['core.js', 'kernels.js', 'reference.js', 'math.js'].map((name) => `playground/${name}`)
  for (const file of ['index.js', ...parts])
    copyFileSync(fileURLToPath(new URL(`../dist/${file}`, import.meta.url)), join(folder, 'dist', file))
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = (backend: string, isa = '', before = '') => {
    const script = `
      ${before}
      const { SGD } = require(process.argv[1])
      const causes = (error) => error.errors ? error.errors.map(causes)
        : [error.name, error.message, ...(error.cause ? [causes(error.cause)] : [])]
      let out
      try {
        const { name, isa, reason, errors } = new SGD([[1]]).backend
        out = { name, isa, reason, errors: errors.map(causes) }
      } catch (error) { out = { thrown: causes(error) } }
      console.log(JSON.stringify(out))`
    const env = { ...process.env, CAUCHY_BACKEND: backend, CAUCHY_ISA: isa }
    return JSON.parse(execFileSync(process.execPath, ['-e', script, library], { env, encoding: 'utf8' }))
  }
  const noAddon = [
    'Error',
    expect.stringMatching(/^native: there is no addon for .*cauchy\.node/),
    ['Error', expect.stringMatching(/^there is no addon for/)],
  ]
  const noWasm = [
    'Error',
    expect.stringMatching(/^wasm: .*WebAssembly/),
    [expect.any(String), expect.stringContaining('WebAssembly')],
  ]
  const withoutWasm = 'delete globalThis.WebAssembly'

  test('native', () => {
    const message = /^SGD: the native backend was asked for and cannot be loaded: native: there is no addon/
    const thrown = ['Error', expect.stringMatching(message), noAddon]
    expect(run('native')).toEqual({ thrown })
    expect(run('', 'avx2')).toEqual({ thrown })
  })

  test('wasm', () => {
    const message = /^SGD: the wasm backend was asked for and cannot be loaded: wasm: .*WebAssembly/
    expect(run('wasm', '', withoutWasm)).toEqual({
      thrown: ['Error', expect.stringMatching(message), noWasm],
    })
  })

  test('the next one stands in where nothing is forced', () => {
    expect(run('')).toEqual({
      name: 'wasm',
      isa: 'simd128',
      reason: 'native did not load',
      errors: [noAddon],
    })
    expect(run('', '', withoutWasm)).toEqual({
      name: 'js',
      isa: 'none',
      reason: 'native and wasm did not load',
      errors: [noAddon, noWasm],
    })
  })
})
