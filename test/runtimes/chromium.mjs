// Chromium without a window: pages without a bundler, Web Workers, and a policy against WebAssembly.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { basename, extname, join } from 'node:path'
import { library, program } from './binaries.mjs'

const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.html': 'text/html', '': 'text/html' }

// What a bundler would find in the package's manifest.
const MODULES = '/node_modules/cauchy/dist/esm'
const IMPORTS = {
  cauchy: `${MODULES}/index.mjs`,
  '#tiers': `${MODULES}/tiers/portable.mjs`,
  '#kernels': `${MODULES}/tiers/no-kernels.mjs`,
}
const MODULES_PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
  <script type="module" src="/page.mjs"></script>`
const PAGE = '<!doctype html><script type="module" src="/page-one-file.mjs"></script>'
const thread = (script) => `<!doctype html><script>new Worker("${script}", { type: "module" })</script>`
const POLICY = "default-src 'self'; script-src 'self'"

const DOCUMENTS = {
  '/page': PAGE,
  '/modules': MODULES_PAGE,
  '/policy': PAGE,
  '/thread': thread('/page-one-file.mjs'),
  '/bundled-thread': thread('/bundle/page.js'),
}

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
  const address = `http://127.0.0.1:${server.address().port}`
  return {
    version: browser.version(),
    /** Opens a page to be used. */
    async open(path) {
      const page = await browser.newPage()
      await page.goto(`${address}${path}`)
      return page
    },
    /** Opens a page, gives it a job and waits for its answer. */
    async visit(path, job = {}) {
      const page = await browser.newPage()
      try {
        return await new Promise((resolve, reject) => {
          exchange.job = job
          exchange.answer = ({ error, ...answer }) => (error ? reject(new Error(error)) : resolve(answer))
          page.on('pageerror', reject)
          setTimeout(() => reject(new Error(`${path} did not answer`)), 60_000).unref()
          page.goto(`${address}${path}`).catch(reject)
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
    yield row('one file in a page, no bundler', 'wasm', '/page')
    yield row('one file in a Web Worker, no bundler', 'wasm', '/thread')
    yield row('modules in a page, by import map', 'wasm', '/modules')
    yield row('bundled, in a Web Worker', 'wasm', '/bundled-thread')
    yield row('a policy without wasm-unsafe-eval', 'js', '/policy')
  } finally {
    await browser.close()
  }
}
