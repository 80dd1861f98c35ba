// One process at a time writes into a directory of results: a file beside them says which.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { ConflictError } from './agreement'
import { explained, makeDirectory } from './files'
import { RESULTS } from './records'

const lockOf = (directory: string) => resolve(directory, `${RESULTS}.lock`)

/**
 * Makes the directory, and keeps others from writing into it until this process ends. Throws, and changes nothing, while
 * another is at it; what a killed process of this machine left is taken over.
 *
 * @param what the directory, in an error
 */
export function lockDirectory(what: string, directory: string): void {
  const path = lockOf(directory)
  explained(what, () => {
    makeDirectory(resolve(directory))
    while (!unless('EEXIST', () => create(path))) unless('ENOENT', () => takeOver(path))
  })
  process.on('exit', () => rmSync(path, { force: true }))
}

/** Throws while another process writes into it. */
export function checkUnlocked(directory: string): void {
  const path = lockOf(directory)
  if (existsSync(path)) explained(path, () => unless('ENOENT', () => checked(path)))
}

/** Whether `work` ended without the error. */
function unless(code: string, work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false
    throw error
  }
}

function create(path: string): void {
  try {
    writeFileSync(path, `process ${process.pid} on ${hostname()}`, { flag: 'wx' })
  } catch (error) {
    // A full disk takes the file, and not its text.
    if ((error as NodeJS.ErrnoException).syscall === 'write') rmSync(path)
    throw error
  }
}

/** Removes the lock of a process that is gone. */
function takeOver(path: string): void {
  const text = checked(path)
  // Of several that find it, one gets it; what another made in between goes back.
  const found = `${path}.${process.pid}`
  renameSync(path, found)
  if (readFileSync(found, 'utf8') === text) rmSync(found)
  else renameSync(found, path)
}

/** What the lock says; throws when its process may be there. */
function checked(path: string): string {
  const text = readFileSync(path, 'utf8')
  const [, pid, host] = /^process (\d+) on (.*)$/.exec(text) ?? []
  if (host === hostname() && !isAlive(Number(pid))) return text
  throw new ConflictError(
    `cauchy: another bench is writing here (${text || 'just begun'}): choose another directory; ` +
      `if that process is gone, remove ${path}`,
  )
}

function isAlive(pid: number): boolean {
  // In a container that is started again, processes get the same numbers.
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
