// Writing results.jsonl: append only, and clear words when the directory or the disk does not play along.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type BenchRecord, parseResults, RESULTS, type Results } from './records'

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space and go on with --resume',
  EDQUOT: 'the quota is used up; free some space and go on with --resume',
  EROFS: 'it is on a read-only file system',
  EFBIG: 'it may not become so large; raise the limit (ulimit -f) and go on with --resume',
  ENOENT: 'it cannot be made here',
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
  EISDIR: 'a directory is in the way',
}

/** `work`, its file errors told in words, after `what`. */
export function explained<T>(what: string, work: () => T, access = 'writable'): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const reason = /^E(ACCES|PERM)$/.test(code) ? `it must be ${access}` : REASONS[code]
    throw new Error(`${what}: ${reason ? `${reason} (${code})` : message}`, { cause: error })
  }
}

export interface Writer {
  append(record: BenchRecord): void
  close(): void
}

/** Whether not even the first line was finished. */
const isUnbegun = (text: string) => !text.includes('\n') && '{"kind":"header"'.startsWith(text.slice(0, 16))

/** What the directory holds already; undefined for none. */
export function openResults(directory: string): Results | undefined {
  const path = join(directory, RESULTS)
  const read = () => {
    if (!existsSync(path)) return undefined
    // Some devices can be read for ever.
    const found = statSync(path)
    if (!found.isFile() && !found.isDirectory()) {
      throw new Error(`cauchy bench: ${path} must be a file, got a device or a pipe`)
    }
    const text = readFileSync(path, 'utf8')
    return isUnbegun(text) ? undefined : parseResults(text, path)
  }
  return explained(path, read, 'readable')
}

/** With those above it. Node's own `recursive` never returns where the system makes none, as in /proc. */
export function makeDirectory(path: string): void {
  const parent = dirname(path)
  if (!existsSync(parent)) makeDirectory(parent)
  try {
    mkdirSync(path)
  } catch (error) {
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error
  }
}

/** Appends to results.jsonl, after its last whole line, in a directory that is locked. */
export function createWriter(directory: string, wholeBytes: number): Writer {
  const path = join(directory, RESULTS)
  const file = explained(path, () => openSync(path, 'a'))
  explained(path, () => ftruncateSync(file, wholeBytes))
  return {
    append(record) {
      explained(`cauchy bench: ${path} must take every record, got an error`, () =>
        writeWhole(file, Buffer.from(`${JSON.stringify(record)}\n`)),
      )
    },
    close() {
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** A file of its own, whole. */
export function writeRecords(path: string, records: readonly BenchRecord[]): void {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  explained(path, () => writeFileSync(path, text, { flag: 'wx' }))
}

/** A full disk takes part of a line without an error: only the rest of it gets one. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
