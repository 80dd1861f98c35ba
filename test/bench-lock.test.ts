// One bench at a time writes into a directory: others are refused, and what a killed one left is taken over.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readResults } from '../src/bench/records'
import { cauchy, contents, directory, fixture, lineCount, signalAfter } from './bench-command'

const select = (problem: string, optimizers: string) => [
  'bench',
  ...['--problem', fixture(problem), '--optimizer', optimizers, '--trials', '3', '--seeds', '1'],
]
const SLOW = select('slow', 'SGD,AdamW')
const LINE = select('line', 'SGD')

const lockOf = (out: string) => join(out, 'results.jsonl.lock')

const line = (async () => {
  const out = directory()
  const ended = await cauchy([...LINE, '--out', out])
  expect(ended.code, ended.stderr).toBe(0)
  return out
})()

test('while a bench writes, others are refused and change nothing', async () => {
  const [out, alone] = [directory(), directory()]
  let pid: number | undefined
  const first = cauchy([...SLOW, '--out', out], (child) => {
    pid = child.pid
  })
  await vi.waitFor(() => expect(lineCount(out)).toBeGreaterThan(1), { timeout: 30_000, interval: 5 })
  const refused = await Promise.all([
    cauchy([...LINE, '--out', out]),
    cauchy([...SLOW, '--out', out, '--resume']),
  ])
  for (const { code, stdout, stderr } of refused) {
    expect(stderr).toMatch(
      `cauchy: another bench is writing here (process ${pid} on ${hostname()}): choose another directory; if that process is gone, remove ${lockOf(out)}\n`,
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  }
  expect((await first).code).toBe(0)
  expect(readResults(out).headers).toHaveLength(1)
  expect((await cauchy([...SLOW, '--out', alone])).code).toBe(0)
  expect(contents(out)).toEqual(contents(alone))
  expect(readdirSync(out).sort()).toEqual(['report', 'results.jsonl'])
})

test('of benches that begin together, one gets the directory', async () => {
  const out = join(directory(), 'new')
  const shards = ['1/2', '2/2', '2/2'].map((shard) =>
    cauchy([...select('line', 'SGD,AdamW'), '--out', out, '--shard', shard]),
  )
  const ended = await Promise.all(shards)
  expect(ended.map(({ code }) => code).sort(), ended[0].stderr).toEqual([0, 2, 2])
  for (const { code, stderr } of ended) if (code === 2) expect(stderr).toMatch(/another bench|holds results/)
  const { headers, checks } = readResults(out)
  expect([headers.length, checks.length]).toEqual([1, 1])
})

test.each(['SIGINT', 'SIGKILL'] as const)('after %s the next may write', async (signal) => {
  const out = directory()
  await cauchy([...SLOW, '--out', out], signalAfter(out, 3, signal))
  expect(existsSync(lockOf(out))).toBe(signal === 'SIGKILL')
  const { code, stderr } = await cauchy(['bench', '--out', out, '--resume'])
  expect(code, stderr).toBe(0)
  expect(readdirSync(out).sort()).toEqual(['report', 'results.jsonl'])
})

test('the lock of another machine, or one not yet written, is left alone; merge heeds it, too', async () => {
  const out = directory()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  for (const [text, shown] of [
    [`process ${pid} on elsewhere`, `process ${pid} on elsewhere`],
    ['', 'just begun'],
  ]) {
    writeFileSync(lockOf(out), text)
    const ended = await Promise.all([cauchy([...LINE, '--out', out]), cauchy(['merge', out, await line])])
    for (const { code, stderr } of ended) {
      expect(stderr).toContain(`another bench is writing here (${shown})`)
      expect(code).toBe(2)
    }
    expect(readdirSync(out)).toEqual(['results.jsonl.lock'])
    expect(readFileSync(lockOf(out), 'utf8')).toBe(text)
  }
  writeFileSync(lockOf(out), `process ${pid} on ${hostname()}`)
  expect((await cauchy(['merge', out, await line])).code).toBe(0)
  expect(readdirSync(out)).toEqual(['results.jsonl'])
})
