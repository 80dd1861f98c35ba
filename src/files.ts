// cauchy/files: state in files, for runtimes with a file system. A file is replaced whole or not at all.
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, type FileHandle, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kindError, show } from './check'
import { decode } from './serialize/decode'
import { encode } from './serialize/encode'

/**
 * Writes a state, anything that `encodeState` takes, to a file in the safetensors format. The state is taken before the
 * call returns: training may go on while it is written.
 *
 * The file is never seen half written: the bytes go to another file in the same folder and to the disk, then take the name
 * of the old one. When that fails, or the process is killed meanwhile, the old file is as it was. What a killed process
 * left behind (`.cauchy-….tmp`) is removed by a later call in the same folder, once it is ten minutes old.
 *
 * @param path A path or a `file:` URL; its folder must exist. The mode of a file that is there is kept, a link is followed.
 * @example
 * ```ts
 * import { SGD } from 'cauchy'
 * import { readState, writeState } from 'cauchy/files'
 * import { tmpdir } from 'node:os'
 * const opt = new SGD({ w: [2] }, { lr: 0.1, momentum: 0.9 })
 * opt.step()
 * const path = `${tmpdir()}/cauchy-example-${process.pid}.safetensors`
 * await writeState(path, { params: opt.params, optimizer: opt.stateDict() })
 * const saved = await readState(path)
 * saved.optimizer.step // → 1
 * ```
 * @throws As `encodeState`, before anything is written; an Error with the file system's `code` (`'ENOSPC'`, `'EACCES'`, …)
 * and the original as its cause. As rejections, all of them.
 */
export async function writeState(path: string | URL, state: object): Promise<void> {
  const file = toPath('writeState', path)
  const bytes = encode('writeState', state)
  const before = writing.get(file) ?? Promise.resolve()
  const turn = before.catch(() => {}).then(() => replace(file, bytes))
  writing.set(file, turn)
  try {
    await attempt(`writeState: ${show(file)} cannot be written`, () => turn)
  } finally {
    if (writing.get(file) === turn) writing.delete(file)
  }
}

// Of several calls for one file, the last has the last word.
const writing = new Map<string, Promise<void>>()

/**
 * Reads a state that `writeState` wrote, or any bytes of `encodeState` in a file.
 *
 * @param path A path or a `file:` URL.
 * @example
 * ```ts
 * import { readState } from 'cauchy/files'
 * // Go on where the last run stopped, if there was one.
 * const saved = await readState('no-such.safetensors').catch((error) => {
 *   if (error.code !== 'ENOENT') throw error
 * })
 * saved === undefined // → true
 * ```
 * @throws An Error with the file system's `code` and the original as its cause; RangeError as `decodeState` for what is no
 * state, naming the file. As rejections.
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse, unless said otherwise
export async function readState<T extends object = any>(path: string | URL): Promise<T> {
  const file = toPath('readState', path)
  const bytes = await attempt(`readState: ${show(file)} cannot be read`, () => read(file))
  return decode(`readState: ${show(file)}`, bytes) as T
}

function toPath(who: string, path: unknown): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path)
  if (typeof path !== 'string') throw kindError(`${who}: path`, 'a string or a file: URL', path)
  return resolve(path)
}

async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw Object.assign(new Error(`${what}: ${message}`, { cause }), code === undefined ? {} : { code })
  }
}

const TEMPORARY = /^\.cauchy-[-0-9a-f]{36}\.tmp$/
const ABANDONED_AFTER = 600_000

/** `undefined` for a file that is not there. */
const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const target = (await realpath(path).catch(absent)) ?? path
  const old = await stat(target).catch(absent)
  if (old && !old.isFile()) throw new Error('only a regular file can be replaced')
  if (old) await access(target, constants.W_OK)
  const folder = dirname(target)
  const temporary = join(folder, `.cauchy-${randomUUID()}.tmp`)
  try {
    await withFile(temporary, 'wx', async (handle) => {
      if (old) await handle.chmod(old.mode & 0o7777)
      await handle.writeFile(bytes)
      await handle.sync()
    })
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
  // The new file is in place. That it stays there through a power cut, and the tidying, are best efforts.
  await Promise.allSettled([withFile(folder, 'r', (handle) => handle.sync()), removeAbandoned(folder)])
}

async function removeAbandoned(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => TEMPORARY.test(name))
  const remove = async (name: string) => {
    const path = join(folder, name)
    if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_AFTER) await rm(path, { force: true })
  }
  await Promise.allSettled(names.map(remove))
}

async function withFile<T>(path: string, flags: string, run: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, flags)
  try {
    return await run(handle)
  } finally {
    await handle.close()
  }
}

// readFile reads no more than 2 GiB.
const CHUNK = 2 ** 30

const read = (path: string): Promise<Uint8Array> =>
  withFile(path, 'r', async (handle) => {
    const bytes = new Uint8Array((await handle.stat()).size)
    let done = 0
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(CHUNK, bytes.length - done))
      if (bytesRead === 0) break
      done += bytesRead
    }
    return bytes.subarray(0, done)
  })
