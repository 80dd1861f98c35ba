// The connection to a Redis that the user runs: the optional packages, clear words when it is not there, patience when
// it goes away.
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'

/** Seconds that Redis may be away. */
const PATIENCE = 300
/** Seconds within which it must answer at first. */
const FIRST_ANSWER = 5

export interface Connection {
  readonly bullmq: typeof BullMQ
  readonly redis: Redis
  /** The address without its password. */
  readonly address: string
  /** Rejects when Redis has been away for too long. */
  readonly lost: Promise<never>
  close(): void
}

/** The address without its password, or an error that says what an address is. */
export function checkAddress(who: string, given: unknown): { url: string; address: string } {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw new RangeError(`${who}: --redis must be an address as redis://host:6379, got ${String(given)}`)
  }
  if (url.password !== '') url.password = '***'
  return { url: String(given), address: url.href }
}

/** @param note what to tell while Redis is away */
export async function connectRedis(
  who: string,
  given: string,
  note: (line: string) => void,
  patience = PATIENCE,
): Promise<Connection> {
  const { url, address } = checkAddress(who, given)
  const [bullmq, ioredis] = await Promise.all([
    load<typeof BullMQ>(who, 'bullmq'),
    load<{ Redis: typeof Redis }>(who, 'ioredis'),
  ])
  let state: 'connecting' | 'connected' | 'away' | 'closed' = 'connecting'
  const redis = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 1000 * FIRST_ANSWER,
    retryStrategy: (times) =>
      state === 'connecting' || state === 'closed' ? null : Math.min(100 * times, 2000),
  })
  let trouble: Error | undefined
  redis.on('error', (error) => {
    trouble = error
  })
  try {
    await answerOf(redis)
  } catch (error) {
    redis.disconnect()
    const { message } = trouble ?? (error as Error)
    throw new Error(`${who}: --redis must be a Redis that answers, got ${address} (${message})`)
  }
  state = 'connected'

  let timer: NodeJS.Timeout | undefined
  const lost = new Promise<never>((_, reject) => {
    redis.on('close', () => {
      if (state !== 'connected') return
      state = 'away'
      note(`Redis at ${address} is away: trying again for ${patience} s`)
      const reason = `${who}: Redis at ${address} did not answer for ${patience} s`
      timer = setTimeout(() => reject(new Error(reason)), 1000 * patience)
    })
  })
  lost.catch(() => {})
  redis.on('ready', () => {
    if (state !== 'away') return
    state = 'connected'
    clearTimeout(timer)
    note(`Redis at ${address} is back`)
  })
  const close = () => {
    state = 'closed'
    clearTimeout(timer)
    redis.disconnect()
  }
  return { bullmq, redis, address, lost, close }
}

async function answerOf(redis: Redis): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${FIRST_ANSWER} s`)), 1000 * FIRST_ANSWER)
  })
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late])
  } finally {
    clearTimeout(timer)
  }
}

/** An optional package, beside this one or in the project where the command runs. */
async function load<T>(who: string, name: string): Promise<T> {
  const require = createRequire(import.meta.url)
  let path: string
  try {
    path = require.resolve(name, { paths: [fileURLToPath(new URL('.', import.meta.url)), process.cwd()] })
  } catch (cause) {
    throw new Error(`${who}: --redis needs two more packages: npm install bullmq ioredis`, { cause })
  }
  return import(pathToFileURL(path).href)
}
