// Runs `cauchy` as a user would, and compares what it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readResults } from '../src/bench/records'

export const cli = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url))

export const fixture = (name: string) =>
  fileURLToPath(new URL(`./bench-fixtures/${name}.mjs`, import.meta.url))

export const directory = () => mkdtempSync(join(tmpdir(), 'cauchy-bench-'))

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** @param during gets the process while it runs */
export function cauchy(args: readonly string[], during?: (child: ChildProcess) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: directory() })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    during?.(child)
  })
}

/** Sends a signal once results.jsonl has `lines` lines. */
export function signalAfter(out: string, lines: number, signal: NodeJS.Signals) {
  return (child: ChildProcess) => {
    const path = join(out, 'results.jsonl')
    const timer = setInterval(() => {
      if (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length <= lines) return
      clearInterval(timer)
      child.kill(signal)
    }, 2)
    child.on('close', () => clearInterval(timer))
  }
}

/** Everything in a directory but times, dates and machines. */
export function contents(out: string) {
  const { runs, checks } = readResults(out)
  return {
    runs: runs.map(({ seconds, secondsToTarget, serial, ...rest }) => rest),
    checks,
  }
}

export const lineCount = (out: string) =>
  readFileSync(join(out, 'results.jsonl'), 'utf8').trimEnd().split('\n').length
