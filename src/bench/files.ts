// Writing results.jsonl: append only, and clear words when the directory or the disk does not play along.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type BenchRecord, parseResults, RESULTS, type Results } from './records'

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space and go on with --resume',
  EDQUOT: 'the quota is used up; free some space and go on with --resume',
  EACCES: 'it must be writable',
  EPERM: 'it must be writable',
  EROFS: 'it is on a read-only file system',
  ENOENT: 'it cannot be made here',
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
  EISDIR: 'a directory is in the way',
}

/** `work`, its file errors told in words. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Error(`${path}: ${REASONS[code] ?? message}`, { cause: error })
  }
}

export interface Writer {
  append(record: BenchRecord): void
  close(): void
}

/** What the directory holds already; undefined for none. */
export function openResults(directory: string): Results | undefined {
  const path = join(directory, RESULTS)
  return explained(path, () =>
    existsSync(path) ? parseResults(readFileSync(path, 'utf8'), path) : undefined,
  )
}

/** Appends to results.jsonl, after its last whole line. */
export function createWriter(directory: string, wholeBytes: number): Writer {
  const path = join(directory, RESULTS)
  explained(directory, () => mkdirSync(directory, { recursive: true }))
  const file = explained(path, () => openSync(path, 'a'))
  explained(path, () => truncateSync(path, wholeBytes))
  return {
    append(record) {
      explained(path, () => writeWhole(file, Buffer.from(`${JSON.stringify(record)}\n`)))
    },
    close() {
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** A file of its own, whole. */
export function writeRecords(path: string, records: readonly BenchRecord[]): void {
  explained(dirname(path), () => mkdirSync(dirname(path), { recursive: true }))
  explained(path, () => writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join('')))
}

/** A full disk takes part of a line without an error: only the rest of it gets one. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}
