// cauchy bench --redis and cauchy worker, over a real Redis: machines that die, and the same results as on one.
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readResults } from '../src/bench/records'
import { connectRedis } from '../src/bench/redis'
import { cauchy, contents, directory, type Ended, fixture, lineCount, signalAfter } from './bench-command'
import { createRedis, hasRedis, PASSWORD, type RedisServer } from './redis-server'

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const select = (problem: string, optimizers: string) => [
  'bench',
  ...['--problem', problem],
  ...['--optimizer', optimizers],
  ...['--trials', '4', '--seeds', '2'],
]
const SLOW = select(fixture('slow'), 'SGD,AdamW,Lion')
/** The search, its two leaders at two more seeds, the best setting over the seeds. */
const RUNS = 4 + 2 * 2 + 2
/** Runs, checks and a header. */
const LINES = 3 * RUNS + 3 + 1

const alone = (async () => {
  const out = directory()
  const ended = await cauchy([...SLOW, '--out', out])
  expect(ended.code, ended.stderr).toBe(0)
  return contents(out)
})()

describe.skipIf(!hasRedis)('with a Redis', () => {
  let redis: RedisServer
  let helpers: { child: ChildProcess; ended: Promise<Ended> }[]

  beforeEach(async () => {
    redis = await createRedis()
    helpers = []
  })

  afterEach(async () => {
    for (const { child } of helpers) child.kill('SIGKILL')
    await Promise.all(helpers.map(({ ended }) => ended))
    await redis.stop()
  })

  function worker(...args: string[]) {
    const made = {} as (typeof helpers)[number]
    made.ended = cauchy(['worker', '--redis', redis.url, '--concurrency', '1', ...args], (child) => {
      made.child = child
    })
    helpers.push(made)
    return made
  }

  const benchOn = (
    args: readonly string[],
    out: string,
    during?: (child: ChildProcess) => void,
    lostAfter = 2,
  ) => cauchy([...args, '--redis', redis.url, '--lost-after', String(lostAfter), '--out', out], during)

  /** Once the results have so many lines. */
  const after = (out: string, lines: number) => {
    const path = join(out, 'results.jsonl')
    const count = () => (existsSync(path) ? lineCount(out) : 0)
    return vi.waitFor(() => expect(count()).toBeGreaterThan(lines), { timeout: 30_000, interval: 5 })
  }

  const nothingLeft = () =>
    vi.waitFor(async () => expect(await redis.keys()).toEqual([]), { timeout: 10_000, interval: 50 })

  test('a worker killed mid-job, and Redis killed and restarted: as on one machine', async () => {
    const out = directory()
    const [first, second] = [worker(), worker('--json')]
    const bench = benchOn(SLOW, out)
    await after(out, 2)
    first.child.kill('SIGKILL')
    await after(out, 8)
    await redis.kill()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await redis.start()
    const { code, stderr } = await bench
    expect(code, stderr).toBe(0)
    expect(contents(out)).toEqual(await alone)
    expect(lineCount(out)).toBe(LINES)
    expect(readResults(out).runs.some(({ serial }) => serial)).toBe(false)
    expect(stderr).toMatch(/is away: trying again for 300 s\n(.*\n)*.*is back/)
    expect(existsSync(join(out, 'report', 'index.html'))).toBe(true)
    for (const text of [stderr, readFileSync(join(out, 'results.jsonl'), 'utf8')]) {
      expect(text).not.toContain(PASSWORD)
    }
    await nothingLeft()
    second.child.kill('SIGINT')
    const ended = await second.ended
    expect(ended.code).toBe(130)
    const told = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told.length).toBeGreaterThan(1)
    expect(told[0]).toMatchObject({ study: expect.stringMatching(/^slow\//), seconds: expect.any(Number) })
  })

  test('a worker that is interrupted hands its study back at once; --idle ends one that has no work', async () => {
    const out = directory()
    const bench = benchOn(SLOW, out, undefined, 600)
    const first = worker()
    await after(out, 2)
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(130)
    const second = worker('--idle', '1')
    const { code, stderr } = await bench
    expect(code, stderr).toBe(0)
    expect(contents(out)).toEqual(await alone)
    expect(await second.ended).toMatchObject({ code: 0 })
  })

  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s to the bench, --resume; another bench beside it',
    async (signal) => {
      const [out, other] = [directory(), directory()]
      worker()
      worker()
      const beside = benchOn(select(fixture('line'), 'SGD,AdamW'), other)
      const broken = await benchOn(SLOW, out, signalAfter(out, 3, signal))
      expect(signal === 'SIGKILL' ? broken.signal : broken.code).toBe(signal === 'SIGKILL' ? signal : 130)
      expect(lineCount(out)).toBeLessThan(LINES)
      const resumed = await benchOn([...SLOW, '--resume'], out)
      expect(resumed.code, resumed.stderr).toBe(0)
      expect(contents(out)).toEqual(await alone)
      expect(lineCount(out)).toBe(1 + LINES)
      expect((await beside).code).toBe(0)
      expect(readResults(other).runs).toHaveLength(2 * RUNS)
      await nothingLeft()
    },
  )

  test('Redis restarted empty: the studies are handed out again', async () => {
    const out = directory()
    worker()
    const bench = benchOn(SLOW, out)
    await after(out, 3)
    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
    const { code, stderr } = await bench
    expect(code, stderr).toBe(0)
    expect(contents(out)).toEqual(await alone)
    expect(lineCount(out)).toBe(LINES)
  })

  test('a study that kills every worker fails, with the reason; the others do not', async () => {
    const out = directory()
    let over = false
    const keepOne = async () => {
      while (!over) await worker().ended
    }
    const kept = keepOne()
    const problems = `${fixture('deadly')},${fixture('valley')}`
    const { code, stderr } = await benchOn(select(problems, 'SGD'), out, undefined, 1)
    over = true
    helpers.at(-1)?.child.kill('SIGKILL')
    await kept
    expect(code, stderr).toBe(0)
    const { runs } = readResults(out)
    const of = (name: string) => runs.filter(({ problem }) => problem === name)
    const lost = of('deadly').filter(({ outcome }) => outcome === 'failed')
    expect(lost.length).toBeGreaterThan(0)
    for (const { reason } of lost) expect(reason).toMatch(/^its worker was lost 5 times/)
    expect(of('deadly').some(({ outcome }) => outcome === 'finished')).toBe(true)
    expect(of('valley').every(({ outcome }) => outcome !== 'failed')).toBe(true)
    expect(of('valley')).toHaveLength(RUNS)
    await nothingLeft()
  })

  test('a worker serves the next bench after one whose problem crashed between runs', async () => {
    const file = join(directory(), 'timer.mjs')
    const line = `export { default } from ${JSON.stringify(fixture('line'))}`
    writeFileSync(file, `setTimeout(() => { throw new Error('boom') })\n${line}`)
    worker()
    const failed = async (problem: string) => {
      const out = directory()
      const { code, stderr } = await benchOn(select(problem, 'SGD,AdamW'), out)
      expect(code, stderr).toBe(0)
      const { runs } = readResults(out)
      return runs.filter(({ outcome }) => outcome === 'failed').map(({ reason }) => reason)
    }
    expect(new Set(await failed(file))).toEqual(
      new Set([expect.stringMatching(/^crashed: Error: boom \(timer.mjs:1:26/)]),
    )
    expect(await failed(fixture('valley'))).toEqual([])
  })

  test('a worker with another file takes no part, and says so on both sides', async () => {
    const file = join(directory(), 'mine.mjs')
    const [out, right] = [directory(), readFileSync(fixture('line'), 'utf8')]
    writeFileSync(file, right)
    let stderr = ''
    const bench = benchOn(select(file, 'SGD'), out, (child) => {
      child.stderr?.on('data', (data) => {
        stderr += data
      })
    })
    await after(out, 0)
    writeFileSync(file, `${right}\n`)
    const { child, ended } = worker()
    await vi.waitFor(() => expect(stderr).toMatch(/takes no part: problem line: .*mine.mjs must be/), 15_000)
    writeFileSync(file, right)
    expect((await bench).code).toBe(0)
    child.kill('SIGINT')
    expect((await ended).stderr).toMatch(/left to others: problem line: .* must be the bench's file/)
  })

  test('a bench of another version is refused', async () => {
    const connection = { url: redis.url }
    const queue = new Queue('theirs', { connection, prefix: 'cauchy' })
    await queue.add('study', {})
    const client = new Redis(redis.url)
    const theirs = { cauchy: '99.0.0', build: 'x', backend: 'auto', files: [], lostAfter: 2 }
    await client.hset('cauchy:benches', 'theirs', JSON.stringify(theirs))
    const { code, stderr } = await worker('--idle', '1').ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/run by cauchy 99.0.0, this worker is \d+\.\d+\.\d+: install the same/)
    expect(await queue.getWaitingCount()).toBe(1)
    await queue.close()
    client.disconnect()
  })

  test('nobody waits for ever for a Redis that stays away', async () => {
    const notes: string[] = []
    const { lost, close } = await connectRedis('bench', redis.url, (line) => notes.push(line), 0.2)
    await redis.kill()
    await expect(lost).rejects.toThrow(/^bench: Redis at redis:.*\*\*\*@.* did not answer for 0.2 s$/)
    close()
    expect(notes).toEqual([expect.stringContaining('is away')])
  })
})

test.concurrent.each([
  [['worker'], 2, /cauchy worker: --redis must be given, as redis:\/\/host:6379/],
  [['worker', '--redis', 'localhost:6379'], 2, /--redis must be an address as .*, got localhost:6379/],
  [['worker', '--redis', 'redis://h', '--concurrency', '0'], 2, /--concurrency must be an integer/],
  [['bench', '--redis', 'http://h'], 2, /cauchy bench: --redis must be an address as .*, got http:\/\/h/],
  [['bench', '--redis', 'redis://h', '--jobs', '2'], 2, /--redis takes no --jobs and no --serial/],
  [['bench', '--lost-after', '5'], 2, /--lost-after goes with --redis/],
  [
    ['worker', '--redis', 'redis://:sesame@127.0.0.1:1'],
    1,
    /answers, got redis:\/\/:\*\*\*@127.0.0.1:1 \(.*ECONNREFUSED/,
  ],
  [[...SLOW, '--redis', 'redis://127.0.0.1:1'], 1, /cauchy bench: --redis must be a Redis that answers, got/],
] as const)('%j ends with %i', async (args, code, message) => {
  const ended = await cauchy(args)
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr).not.toContain('sesame')
  expect(ended.code).toBe(code)
})

test('without BullMQ, --redis says what to install, and all else works', async () => {
  const folder = join(directory(), 'cauchy')
  cpSync(root('dist'), join(folder, 'dist'), { recursive: true })
  copyFileSync(root('package.json'), join(folder, 'package.json'))
  const run = (...args: string[]) =>
    new Promise<Pick<Ended, 'code' | 'stderr'>>((resolve) => {
      const child = spawn(process.execPath, [join(folder, 'dist', 'cli.mjs'), ...args], { cwd: folder })
      let stderr = ''
      child.stderr.on('data', (data) => {
        stderr += data
      })
      child.on('close', (code) => resolve({ code, stderr }))
    })
  expect(await run('worker', '--redis', 'redis://127.0.0.1:1')).toEqual({
    code: 1,
    stderr: 'cauchy worker: --redis needs two more packages: npm install bullmq ioredis\n',
  })
  expect((await run('list')).code).toBe(0)
})

test('worker --help has examples', async () => {
  expect((await cauchy(['worker', '--help'])).stdout).toMatch(/cauchy worker --redis .* --concurrency 1/)
})
