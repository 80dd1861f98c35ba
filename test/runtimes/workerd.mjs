// workerd, the runtime of Cloudflare Workers, with a Worker bundled by wrangler's rules.
import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { binary } from './binaries.mjs'
import { versionOf } from './packed.mjs'

const program = () => binary('@cloudflare/workerd-linux-64')

const configuration = (modules, className, binding) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [(className = "${className}", uniqueKey = "${binding}")],
  durableObjectStorage = (inMemory = void),
  bindings = [(name = "${binding}", durableObjectNamespace = "${className}")],
);
`

/** Bundles a Worker and writes its configuration, with a class of Durable Objects; returns the configuration's path. */
export async function prepareWorker(packed, file = 'worker.mjs', className = 'Trainer', binding = 'TRAINER') {
  const folder = await packed.bundle(file, {
    conditions: ['workerd', 'worker', 'browser'],
    platform: 'neutral',
    outExtension: { '.js': '.mjs' },
  })
  // The first module is the entry.
  const files = readdirSync(folder).sort((a) => (a === 'worker.mjs' ? -1 : 1))
  const modules = files.map((file) => {
    const kind = file.endsWith('.wasm') ? 'wasm' : 'esModule'
    return `(name = "${file}", ${kind} = embed "${file}")`
  })
  const config = join(folder, 'config.capnp')
  writeFileSync(config, configuration(modules, className, binding))
  return config
}

/** Starts workerd, lets `use` send it jobs, and stops it. */
export async function withWorkerd(config, use) {
  const args = ['serve', '--control-fd=3', config]
  const server = spawn(program(), args, { stdio: ['ignore', 'inherit', 'pipe', 'pipe'], timeout: 60_000 })
  let complaints = ''
  server.stderr.on('data', (chunk) => (complaints += chunk))
  try {
    const port = await new Promise((resolve, reject) => {
      server.on('error', reject)
      server.on('exit', (code, signal) =>
        reject(new Error(`workerd ended with ${signal ?? code}: ${complaints}`)),
      )
      createInterface(server.stdio[3]).on('line', (line) => {
        const { event, port } = JSON.parse(line)
        if (event === 'listen') resolve(port)
      })
    })
    return await use(async (path, job) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        body: JSON.stringify(job),
      })
      if (!response.ok) throw new Error(`workerd answered ${response.status}: ${complaints}`)
      return response.json()
    })
  } finally {
    server.kill()
  }
}

export async function* workerd(packed) {
  const version = versionOf(program())
  const config = await prepareWorker(packed)
  const row = (how, use) => ({
    runtime: 'workerd',
    version,
    how,
    backend: 'wasm',
    start: () => withWorkerd(config, use),
  })
  yield row('one request', (ask) => ask('/', {}))
  yield row('four requests, state to the caller and back', async (ask) => {
    let answer = {}
    for (const end of [25, 50, 75, 100]) answer = await ask('/', { saved: answer.saved, end })
    return answer
  })
  yield row('four requests, state in a Durable Object', async (ask) => {
    for (const end of [25, 50, 75]) await ask('/object', { end })
    return ask('/object', { end: 100 })
  })
}
