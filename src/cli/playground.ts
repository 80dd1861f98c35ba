// `cauchy playground`: serves the playground's page to this machine and opens it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CAC } from 'cac'
import { checking } from './misuse'
import { count } from './selection'

/** Where it is unless told otherwise, so that links to it stay good; the year of Cauchy's descent. */
const PORT = 1847

const SCRIPT = 'text/javascript; charset=utf-8'
const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'playground.css': 'text/css; charset=utf-8',
  'playground.js': SCRIPT,
  'core.js': SCRIPT,
  'kernels.js': SCRIPT,
  'reference.js': SCRIPT,
  'math.js': SCRIPT,
}

function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const name = url.replace(/^\/|[?#].*$/g, '') || 'index.html'
  if (!Object.hasOwn(TYPES, name)) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': TYPES[name], 'cache-control': 'no-cache' })
  createReadStream(new URL(`playground/${name}`, import.meta.url))
    .on('error', () => response.destroy())
    .pipe(response)
}

async function listen(port: number): Promise<number> {
  const server = createServer(answer).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The given port, or the usual one, or any if that is taken. */
async function listenSomewhere(given: number | undefined): Promise<number> {
  try {
    return await listen(given ?? PORT)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && given === undefined) return listen(0)
    throw new Error(`cauchy playground: --port must be one that is free, got ${given}: ${message}`)
  }
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
}

/** Shows a page in the user's browser, if there is one: the address is printed anyway. */
function open(address: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  spawn(command, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

interface Options {
  readonly port?: string
  readonly open: boolean
}

async function run({ port, open: wanted }: Options): Promise<void> {
  const given =
    port === undefined
      ? undefined
      : checking(() => count('--port', port, PORT, 0, 65535, 'cauchy playground'))
  const address = `http://127.0.0.1:${await listenSomewhere(given)}/`
  console.log(`${address} (Ctrl-C ends it)`)
  if (wanted) open(address)
}

export function playground(cli: CAC): void {
  cli
    .command('playground', 'Race optimizers down landscapes in your browser')
    .option('--port <n>', `Port on this machine (default: ${PORT}, or any if that is taken)`)
    .option('--no-open', 'Print the address without opening a browser')
    .example('cauchy playground')
    .example('cauchy playground --port 8080 --no-open')
    .allowUnknownOptions()
    .action(run)
}
