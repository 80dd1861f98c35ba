// The command line, from the installed package.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Project, pack, repository } from './packaging'

let tarball: string
let project: Project
beforeAll(() => {
  tarball = pack()
  project = new Project(tarball)
}, 300_000)

function cauchy(line: string, { where = project, cwd = project.folder, env = {}, ...options } = {}) {
  const script = join(where.package, 'dist/cli.mjs')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, ...line.split(' ').filter(Boolean)],
    {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, CAUCHY_BACKEND: '', CAUCHY_ISA: '', ...env },
      ...options,
    },
  )
  return { status, stdout, stderr }
}

const here = `${process.platform}-${process.arch}`
const prebuilt = () => existsSync(project.addon)

describe('the command line', () => {
  const COMMANDS = ['bench', 'merge', 'report', 'playground', 'list', 'info', 'build']
  test.each(['', ...COMMANDS])('%s --help shows examples', (command) => {
    const { status, stdout } = cauchy(`${command} --help`.trim())
    expect(status).toBe(0)
    expect(stdout).toMatch(/Usage:\n {2}\$ cauchy/)
    expect(stdout).toMatch(new RegExp(`Examples:\n.*cauchy ${command || 'bench'}`))
  })

  test('--version', () => {
    expect(cauchy('--version').stdout).toMatch(/^cauchy\/\d+\.\d+\.\d+/)
  })

  test.each([
    [
      '',
      'cauchy: a command must be given: bench, lr-find, worker, merge, report, playground, list, info, build (see cauchy --help)',
    ],
    ['inof', 'cauchy: unknown command "inof"; did you mean "info"?'],
    [
      'train',
      'cauchy: unknown command "train"; known: bench, lr-find, worker, merge, report, playground, list, info, build',
    ],
    ['info --jsno', 'cauchy info: unknown option "--jsno"; did you mean "--json"?'],
    ['info -x', 'cauchy info: unknown option "-x"; known: --json, --version, --help'],
    ['build now', 'cauchy build takes no "now"'],
  ])('misused: %s', (line, message) => {
    expect(cauchy(line)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` })
  })

  test('npx finds it', () => {
    const bin = join(project.folder, 'node_modules/.bin/cauchy')
    expect(spawnSync(bin, ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^cauchy\//)
  })
})

describe('info', () => {
  test('tells what computes', () => {
    const { status, stdout } = cauchy('info')
    expect(status).toBe(0)
    expect(stdout).toContain(`Node ${process.versions.node}, ${here}\n`)
    if (prebuilt()) expect(stdout).toMatch(/^backend: native \w+ \(the fastest backend, and it loads\)$/m)
    expect(stdout).toMatch(/^wasm {4}simd128$/m)
    expect(stdout).toMatch(/^js {6}none$/m)
  })

  test('tells what does not load and what to do about it', () => {
    const broken = new Project(tarball)
    rmSync(join(broken.package, 'prebuilds'), { recursive: true, force: true })
    const { status, stdout } = cauchy('info', { where: broken })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^backend: wasm simd128 \(native did not load\)$/m)
    expect(stdout).toMatch(
      /^native {2}not here: native: there is no addon for .*\n {2}→ compile it here: npx cauchy build$/m,
    )

    const forced = cauchy('info --json', { where: broken, env: { CAUCHY_BACKEND: 'native' } })
    expect(forced.status).toBe(1)
    const found = JSON.parse(forced.stdout)
    expect(found).toMatchObject({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      error: expect.stringMatching(/^backendInfo: the native backend was asked for and cannot be loaded/),
      remedy: 'compile it here: npx cauchy build',
    })
    expect(found.tiers.map(({ name, isa }: { name: string; isa?: string }) => [name, isa])).toEqual([
      ['native', undefined],
      ['wasm', 'simd128'],
      ['js', 'none'],
    ])
  })

  test('--json', () => {
    const { status, stdout } = cauchy('info --json')
    expect(status).toBe(0)
    const found = JSON.parse(stdout)
    expect(found.backend).toBe(prebuilt() ? 'native' : 'wasm')
    expect(Object.keys(found)).toEqual([
      'cauchy',
      'node',
      'platform',
      'arch',
      'backend',
      'isa',
      'reason',
      'passedOver',
      'tiers',
    ])
  })
})

describe('build', () => {
  test('without node-gyp', () => {
    expect(cauchy('build')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'cauchy build: node-gyp must be installed, got none; run: npm install --no-save node-gyp\n',
    })
  })

  test('a package that cannot be written', () => {
    const locked = new Project(tarball)
    symlinkSync(join(repository, 'node_modules/node-gyp'), join(locked.folder, 'node_modules/node-gyp'))
    chmodSync(locked.folder, 0o755)
    chmodSync(locked.package, 0o555)
    const root = process.getuid?.() === 0 ? { uid: 65534 } : {}
    const { status, stderr } = cauchy('build', { where: locked, cwd: locked.folder, ...root })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^cauchy build: .* must be writable: the addon goes into the package\n$/)
    chmodSync(locked.package, 0o755)
  })

  const compiler = spawnSync(process.env.CXX ?? 'g++', ['--version']).status === 0

  test.skipIf(!compiler)('compiles what was packed, where nothing was prebuilt', () => {
    const bare = new Project(tarball)
    rmSync(join(bare.package, 'prebuilds'), { recursive: true, force: true })
    const { status, stdout, stderr } = cauchy('build', { where: bare, cwd: repository })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/build\/Release\/cauchy\.node: \d+ bytes\n/)
    expect(stdout).toMatch(/^backend: native /m)
    const script = "console.log(JSON.stringify(require('cauchy').backendInfo({ backend: 'native' }).name))"
    expect(bare.run(script)).toBe('native')
  })

  test.skipIf(!compiler)('says what the compiler said', () => {
    const { status, stderr } = cauchy('build', { cwd: repository, env: { CXX: 'false' } })
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /\ncauchy build: compilation failed; it takes a C\+\+17 compiler, make and Python 3\n$/,
    )
  })
})
