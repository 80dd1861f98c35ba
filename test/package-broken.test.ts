// A damaged installation computes on the next tier, tells why, and refuses only what is forced.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { sourceStamp } from '../native/stamp.mjs'
import { Project, pack, TRAIN } from './packaging'

const here = `${process.platform}-${process.arch}`
const linux = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)

const SCRIPT = `
  const cauchy = require('cauchy')
  const attempt = (options) => {
    try {
      const { name, isa, reason, errors } = cauchy.backendInfo(options)
      return { name, isa, reason, errors: errors.map(({ message }) => message) }
    } catch (error) { return { thrown: error.message, cause: error.cause.message } }
  }
  console.log(JSON.stringify({ auto: attempt(), forced: attempt({ backend: 'native' }), bits: (${TRAIN})(cauchy) }))`

describe.skipIf(!linux)('the installed package', () => {
  let tarball: string
  let bits: unknown
  beforeAll(() => {
    tarball = pack()
    bits = new Project(tarball).run(SCRIPT, { env: { CAUCHY_BACKEND: 'js' } }).bits
  }, 300_000)

  function expectFallback(project: Project, reason: RegExp, options = {}): void {
    const { auto, forced, bits: found } = project.run(SCRIPT, options)
    expect(auto).toMatchObject({ name: 'wasm', isa: 'simd128', reason: 'native did not load' })
    expect(auto.errors).toEqual([expect.stringMatching(reason)])
    expect(forced.thrown).toMatch(
      /^backendInfo: the native backend was asked for and cannot be loaded: native: /,
    )
    expect(forced.thrown).toMatch(reason)
    expect(forced.cause).toBe(auto.errors[0])
    expect(found).toEqual(bits)
  }

  function expectNative(project: Project, options = {}): void {
    const { auto, forced, bits: found } = project.run(SCRIPT, options)
    expect(auto).toMatchObject({ name: 'native', reason: 'the fastest backend, and it loads', errors: [] })
    expect(forced).toMatchObject({ name: 'native', errors: [] })
    expect(found).toEqual(bits)
  }

  test('whole: native, nothing to compile with, nothing in the PATH', () => {
    expectNative(new Project(tarball), { env: { PATH: '' } })
  })

  test('read-only, and run by somebody else', () => {
    const project = new Project(tarball)
    const root = process.getuid?.() === 0
    for (const name of readdirSync(project.folder, { recursive: true, encoding: 'utf8' })) {
      chmodSync(join(project.folder, name), 0o555)
    }
    chmodSync(project.folder, 0o555)
    expectNative(project, root ? { uid: 65534 } : {})
    chmodSync(project.folder, 0o755)
  })

  test('without the addon', () => {
    const project = new Project(tarball)
    rmSync(join(project.package, 'prebuilds'), { recursive: true })
    expectFallback(project, new RegExp(`native: there is no addon for ${here}: neither .*cauchy\\.node`))
  })

  test.each([0, 60, 64, 4096, 40_000, -1])('cut short to %d bytes', (length) => {
    const project = new Project(tarball)
    project.replaceAddon((bytes) => bytes.subarray(0, length), false)
    expectFallback(project, /it must have \d+ bytes, got \d+: the package is damaged, install it again/)
  })

  test('for another processor', () => {
    const project = new Project(tarball)
    const other = process.arch === 'x64' ? 'linux-arm64' : 'linux-x64'
    project.replaceAddon(() => project.prebuilt(other))
    expectFallback(project, /native: .*cauchy\.node/)
  })

  test('not a binary', () => {
    const project = new Project(tarball)
    project.replaceAddon(() => Buffer.from('version https://git-lfs.github.com/spec/v1\n'))
    expectFallback(project, /native: .*cauchy\.node.*(invalid ELF header|file too short)/)
  })

  test('for a newer C library', () => {
    const project = new Project(tarball)
    project.replaceAddon((bytes) =>
      Buffer.from(
        bytes.toString('latin1').replace(/GLIBC_2\.(2\.5|17)\0/, (all) => all.replace('2', '9')),
        'latin1',
      ),
    )
    expectFallback(project, /version `GLIBC_9\..* not found/)
  })

  test('from other sources', () => {
    const project = new Project(tarball)
    const swap = (bytes: Buffer) =>
      Buffer.from(bytes.toString('latin1').replaceAll(sourceStamp(), 'f'.repeat(16)), 'latin1')
    project.replaceAddon(swap)
    expectFallback(project, /cauchy\.node: it was built from other sources than this package/)
  })

  test.skipIf(process.arch !== 'x64')('that divides where it should multiply', () => {
    const project = new Project(tarball)
    const [divss, mulss] = ['\xf3\x0f\x5e', '\xf3\x0f\x59']
    project.replaceAddon((bytes) => Buffer.from(bytes.toString('latin1').replaceAll(divss, mulss), 'latin1'))
    expectFallback(project, /cauchy\.node: its known-answer test failed \(\w+, float32\): expected .*, got /)
  })

  test('beside one that was compiled in place', () => {
    const project = new Project(tarball)
    const compiled = join(project.package, 'build/Release/cauchy.node')
    mkdirSync(join(compiled, '..'), { recursive: true })
    writeFileSync(compiled, project.prebuilt(here))
    project.replaceAddon((bytes) => bytes.subarray(0, 4096), false)
    const { auto, forced, bits: found } = project.run(SCRIPT)
    const errors = [expect.stringMatching(/^native: .*prebuilds.*it must have \d+ bytes, got 4096/)]
    expect(auto).toMatchObject({ name: 'native', reason: 'the fastest backend, and it loads', errors })
    expect(forced).toMatchObject({ name: 'native', errors })
    expect(found).toEqual(bits)
    const told = execFileSync(process.execPath, [join(project.package, 'dist/cli.mjs'), 'info'], {
      encoding: 'utf8',
    })
    expect(told).toMatch(/^passed over: native: .*it must have/m)
  })

  test('addons are off', () => {
    const project = new Project(tarball)
    const why = /native: this build is for runtimes that load no addons/
    expectFallback(project, why, { args: ['--no-addons'] })
    const byPath = SCRIPT.replace("require('cauchy')", "require('cauchy/native')")
    const { auto } = project.run(byPath, { args: ['--no-addons'] })
    expect(auto).toMatchObject({
      name: 'wasm',
      errors: [expect.stringMatching(/native: .*addons? .*disabled/i)],
    })
  })

  test('without WebAssembly as well', () => {
    const project = new Project(tarball)
    rmSync(join(project.package, 'prebuilds'), { recursive: true })
    const { auto, bits: found } = project.run(SCRIPT, { args: ['--jitless'] })
    expect(auto).toMatchObject({ name: 'js', isa: 'none', reason: 'native and wasm did not load' })
    expect(auto.errors).toEqual([
      expect.stringMatching(/^native: /),
      expect.stringMatching(/^wasm: .*WebAssembly/),
    ])
    expect(found).toEqual(bits)
  })
})
