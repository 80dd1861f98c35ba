// State in files: written whole or not at all, whatever happens to the process, the disk and the folder meanwhile.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AdamW, createRandom, encodeState } from 'cauchy'
import { readState, writeState } from 'cauchy/files'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'

const repository = fileURLToPath(new URL('..', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cauchy-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const state = (value: number, length = 3) => ({ w: new Float32Array(length).fill(value), value })

/** Fails with this code, and the file there keeps what it held. */
async function expectRefused(run: () => Promise<unknown>, code: string | undefined, message: RegExp) {
  const error = (await run().catch((thrown: unknown) => thrown)) as NodeJS.ErrnoException
  expect(error).toBeInstanceOf(Error)
  expect(error.message).toMatch(message)
  expect(error.code).toBe(code)
}

describe('a file', () => {
  test('holds the bytes of encodeState, by path or URL, new or in place of an old one', async () => {
    const opt = new AdamW({ w: [3] }, { lr: 0.1 })
    opt.grads.w.fill(1)
    opt.step()
    const path = join(folder, 'a.safetensors')
    await writeState(path, { old: true })
    await writeState(pathToFileURL(path), opt.stateDict())
    expect([...readFileSync(path)]).toEqual([...encodeState(opt.stateDict())])
    const other = new AdamW({ w: [3] })
    other.loadStateDict(await readState(pathToFileURL(path)))
    expect(other.stateDict()).toEqual(opt.stateDict())
    expect(readdirSync(folder)).toEqual(['a.safetensors'])
  })

  test('holds the state of the call, whatever is trained meanwhile; the last call has the last word', async () => {
    const path = join(folder, 'a')
    const values = new Float32Array(200_000).fill(1)
    const writes = [writeState(path, { values })]
    for (let value = 2; value <= 8; value++) {
      values.fill(value)
      writes.push(writeState(path, { values: value % 2 ? values : values.slice(0, 10) }))
    }
    values.fill(-1)
    await Promise.all(writes)
    expect(await readState(path)).toEqual({ values: new Float32Array(10).fill(8) })
    expect(readdirSync(folder)).toEqual(['a'])
  })

  test('keeps its mode, and a link to it stays one', async () => {
    const path = join(folder, 'a')
    await writeState(path, state(1))
    chmodSync(path, 0o640)
    symlinkSync('a', join(folder, 'link'))
    await writeState(join(folder, 'link'), state(2))
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
    expect(await readState(path)).toEqual(state(2))
  })

  test('is refused, with its name, when damaged', async () => {
    const path = join(folder, 'a')
    const bytes = encodeState(state(1))
    bytes[bytes.length - 1] ^= 1
    writeFileSync(path, bytes)
    await expectRefused(
      () => readState(path),
      undefined,
      /^readState: ".*a": the checksum must be ".{8}", got ".{8}": the bytes are damaged$/,
    )
    writeFileSync(path, '')
    await expectRefused(
      () => readState(path),
      undefined,
      /^readState: ".*a": the length must be at least \d+ bytes, got 0$/,
    )
  })
})

describe('what cannot be', () => {
  test('a path that is none, a state that is none: nothing is written', async () => {
    await expectRefused(
      () => writeState(7 as never, {}),
      undefined,
      /^writeState: path must be a string or a file: URL, got 7$/,
    )
    await expectRefused(
      () => readState(new URL('https://example.org/a')),
      undefined,
      /^readState: path must be a string or a file: URL, got URL$/,
    )
    await expectRefused(
      () => writeState(join(folder, 'a'), { f() {} }),
      undefined,
      /^writeState: state.f must be plain data/,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  test('no such file, no such folder, a folder', async () => {
    await expectRefused(
      () => readState(join(folder, 'a')),
      'ENOENT',
      /^readState: ".*a" cannot be read: ENOENT/,
    )
    await expectRefused(() => readState(folder), 'EISDIR', /^readState: ".*" cannot be read: EISDIR/)
    await expectRefused(
      () => writeState(join(folder, 'b', 'a'), state(1)),
      'ENOENT',
      /^writeState: ".*a" cannot be written: ENOENT/,
    )
    mkdirSync(join(folder, 'c'))
    await expectRefused(
      () => writeState(join(folder, 'c'), state(1)),
      undefined,
      /cannot be written: only a regular file can be replaced$/,
    )
    expect(readdirSync(folder)).toEqual(['c'])
  })

  test('a device is not replaced', async () => {
    await expectRefused(
      () => writeState('/dev/null', state(1)),
      undefined,
      /only a regular file can be replaced$/,
    )
    expect(statSync('/dev/null').isFile()).toBe(false)
  })
})

/** A script of Node in a process of its own, the package by its name. */
const script = (body: string) => [
  '--input-type=module',
  '-e',
  `import { readState, writeState } from 'cauchy/files'\nconst path = process.argv[1]\n${body}`,
]
const WRITE = script(`
  const w = new Float32Array(+process.argv[2]).fill(2)
  await writeState(path, { w, value: 2 }).then(() => console.log('written'), ({ code }) => console.log(code))`)

describe('folders of others', () => {
  const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const write = (path: string) =>
    spawnSync(process.execPath, [...WRITE, path, '3'], { cwd: repository, encoding: 'utf8', ...asNobody })

  test('read-only files and folders stay as they are', async ({ skip }) => {
    const path = join(folder, 'a')
    await writeState(path, state(1))
    if ('uid' in asNobody) [path, folder].forEach((name) => void chownSync(name, 65534, 65534))
    const { stdout, stderr } = write(path)
    if (/EACCES|Cannot find/.test(stderr)) skip('another user may not read the repository')
    expect(stdout).toBe('written\n')
    await writeState(path, state(1))
    chmodSync(path, 0o444)
    expect(write(path).stdout).toBe('EACCES\n')
    chmodSync(path, 0o644)
    chmodSync(folder, 0o555)
    expect(write(path).stdout).toBe('EACCES\n')
    chmodSync(folder, 0o755)
    expect(await readState(path)).toEqual(state(1))
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

describe('a disk that is full', () => {
  const mounted = mkdtempSync(join(tmpdir(), 'cauchy-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', mounted])
  afterAll(() => {
    if (status === 0) execFileSync('umount', [mounted])
    rmSync(mounted, { recursive: true })
  })

  test.skipIf(status !== 0)('ENOSPC (needs mount): the old file stays, and nothing else', async () => {
    const path = join(mounted, 'a')
    await writeState(path, state(1, 10_000))
    await expectRefused(() => writeState(path, state(2, 25_000)), 'ENOSPC', /cannot be written: ENOSPC/)
    expect(await readState(path)).toEqual(state(1, 10_000))
    expect(readdirSync(mounted)).toEqual(['a'])
    await writeState(path, state(3, 10_000))
    expect(await readState(path)).toEqual(state(3, 10_000))
  })

  test('EFBIG: the same where a process may not write as much', async ({ skip }) => {
    const path = join(folder, 'a')
    await writeState(path, state(1))
    const limited = ['-c', 'ulimit -f 8 && exec "$0" "$@"', process.execPath, ...WRITE, path, '100000']
    const { stdout, error, signal } = spawnSync('bash', limited, { cwd: repository, encoding: 'utf8' })
    if (error || signal) skip('no bash, or a limit that kills')
    expect(stdout).toBe('EFBIG\n')
    expect(await readState(path)).toEqual(state(1))
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

describe('a process that is killed', () => {
  const ENDLESS = script(`
    const states = [1, 2].map((value) => ({ w: new Float32Array(300_000).fill(value), value }))
    await writeState(path, states[0])
    console.log('ready')
    for (let t = 1; ; t++) await writeState(path, states[t % 2])`)
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  test('at any moment leaves a file that is whole; what else it left is removed later', async () => {
    const path = join(folder, 'a')
    const random = createRandom(1)
    const seen = new Set<number>()
    const rounds = 24
    for (let round = 0; round < rounds; round++) {
      const child = spawn(process.execPath, [...ENDLESS, path], {
        cwd: repository,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      await once(child.stdout, 'data')
      await new Promise((done) => setTimeout(done, 30 * random.uniform()))
      child.kill('SIGKILL')
      await once(child, 'exit')
      const { value, w } = await readState<ReturnType<typeof state>>(path)
      seen.add(value)
      expect(w.length).toBe(300_000)
      expect(w.every((x) => x === value)).toBe(true)
    }
    expect([...seen].sort()).toEqual([1, 2])
    const left = readdirSync(folder).filter((name) => name !== 'a')
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThanOrEqual(rounds)
    await writeState(path, state(3))
    expect(readdirSync(folder).length).toBe(left.length + 1)
    const old = new Date(Date.now() - 3_600_000)
    for (const name of left) utimesSync(join(folder, name), old, old)
    writeFileSync(join(folder, 'other.tmp'), 'of someone else')
    utimesSync(join(folder, 'other.tmp'), old, old)
    await writeState(path, state(4))
    expect(readdirSync(folder).sort()).toEqual(['a', 'other.tmp'])
    expect(await readState(path)).toEqual(state(4))
    expect(existsSync(path)).toBe(true)
  })
})
