// A Redis of its own for a test: Debian's redis-server on a free port of the loopback, its jobs on disk.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

export const PASSWORD = 'sesame'

export interface RedisServer {
  readonly url: string
  start(): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
  /** Names of the keys there are. */
  keys(): Promise<string[]>
  stop(): Promise<void>
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

export async function createRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-redis-'))
  const port = await freePort()
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--requirepass', PASSWORD]
  let server: ChildProcess
  const kill = () =>
    new Promise<void>((resolve) => {
      if (server.exitCode !== null || server.signalCode !== null) return resolve()
      server.once('exit', () => resolve())
      server.kill('SIGKILL')
    })
  const asking = async <T>(ask: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
    client.on('error', () => {})
    try {
      return await ask(client)
    } finally {
      client.disconnect()
    }
  }
  const self: RedisServer = {
    url,
    async start() {
      const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
      server = spawn('redis-server', [...args, ...kept], { stdio: 'ignore' })
      await asking((client) => client.ping())
    },
    kill,
    keys: () => asking((client) => client.keys('*')),
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await self.start()
  return self
}
