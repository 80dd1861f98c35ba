// Chromium without a window: a page with modules and no bundler, a Web Worker, and a policy against WebAssembly.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { basename, extname, join } from 'node:path'
import { library, program } from './binaries.mjs'

const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '': 'text/html' }

// What a bundler would find in the package's manifest.
const MODULES = '/node_modules/cauchy/dist/esm'
const IMPORTS = {
  cauchy: `${MODULES}/index.mjs`,
  '#tiers': `${MODULES}/tiers/portable.mjs`,
  '#kernels': `${MODULES}/tiers/no-kernels.mjs`,
}
const PAGE = `<!doctype html><script nonce="page" type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
  <script type="module" src="/page.mjs"></script>`
const THREAD = '<!doctype html><script>new Worker("/bundle/page.js", { type: "module" })</script>'
const POLICY = "default-src 'self'; script-src 'self' 'nonce-page'"

const DOCUMENTS = { '/page': PAGE, '/policy': PAGE, '/thread': THREAD }

/** Serves the project, the pages, and the bundle for Web Workers under /bundle; hands out `exchange.job`. */
function serve(packed, bundle, exchange) {
  return createServer(async (request, response) => {
    const path = request.url
    if (path === '/job') return response.end(JSON.stringify(exchange.job))
    if (path === '/answer') {
      const chunks = await request.toArray()
      response.end()
      return exchange.answer(JSON.parse(Buffer.concat(chunks).toString()))
    }
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream')
    if (path === '/policy') response.setHeader('content-security-policy', POLICY)
    if (path in DOCUMENTS) return response.end(DOCUMENTS[path])
    const file = path.startsWith('/bundle/') ? join(bundle, basename(path)) : join(packed.folder, path)
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  }).listen(0, '127.0.0.1')
}

/** Starts a server and a browser. */
export async function browse(packed) {
  const options = { conditions: ['browser'], platform: 'browser' }
  const bundle = await packed.bundle('page.mjs', options)
  const executablePath = program(process.env.CHROMIUM ?? '/usr/bin/chromium')
  // The user root, as in containers, can have no sandbox.
  const browser = await library('playwright-core').chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const exchange = {}
  const server = serve(packed, bundle, exchange)
  await once(server, 'listening')
  return {
    version: browser.version(),
    /** Opens a page, gives it a job and waits for its answer. */
    async visit(path, job = {}) {
      const page = await browser.newPage()
      try {
        return await new Promise((resolve, reject) => {
          exchange.job = job
          exchange.answer = ({ error, ...answer }) => (error ? reject(new Error(error)) : resolve(answer))
          page.on('pageerror', reject)
          setTimeout(() => reject(new Error(`${path} did not answer`)), 60_000).unref()
          page.goto(`http://127.0.0.1:${server.address().port}${path}`).catch(reject)
        })
      } finally {
        await page.close()
      }
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}

export async function* chromium(packed) {
  const browser = await browse(packed)
  const row = (how, backend, path) => ({
    runtime: 'Chromium',
    version: browser.version,
    how,
    backend,
    start: () => browser.visit(path),
  })
  try {
    yield row('modules in a page, no bundler', 'wasm', '/page')
    yield row('Web Worker, bundled', 'wasm', '/thread')
    yield row('a policy without wasm-unsafe-eval', 'js', '/policy')
  } finally {
    await browser.close()
  }
}
