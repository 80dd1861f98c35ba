// Builds dist: the library for every kind of runtime, the command line, their types and licences.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import {
  COMPANIONS,
  charts,
  companions,
  cores,
  modules,
  page,
  playground,
  tools,
} from '../esbuild.config.mjs'
import { thirdParty } from './third-party.mjs'

process.chdir(resolve(import.meta.dirname, '..'))
mkdirSync('dist', { recursive: true })

const inputs = new Set()
async function run(options) {
  const { metafile } = await build(options)
  const files = Object.keys(metafile.inputs)
  for (const file of files) inputs.add(file)
  return files
}

const chunks = readdirSync('dist').filter((name) => /^tools-\w+\.mjs$/.test(name))
for (const name of chunks) rmSync(`dist/${name}`)
const [ofPage] = await Promise.all([page, ...cores, playground, tools, charts, ...companions].map(run))
await Promise.all(modules(ofPage).map(run))

// In the form of dist/playground/core.js (esbuild.config.mjs).
writeFileSync(
  'dist/playground/kernels.js',
  `var cauchy_kernels = (function () { return '${readFileSync('dist/kernels.wasm', 'hex')}' })
if (typeof module === 'object') module.exports = cauchy_kernels\n`,
)

// In Node, the ESM entries wrap the CommonJS ones, so that both share one copy of everything.
for (const entry of ['index', 'wasm', 'files', 'problems']) {
  const names = Object.keys(createRequire(import.meta.url)(`../dist/${entry}.js`)).sort()
  const wrapper = `import cauchy from './${entry}.js'\nexport const { ${names.join(', ')} } = cauchy\n`
  writeFileSync(`dist/${entry}.mjs`, wrapper)
}
for (const name of ['index', ...Object.keys(COMPANIONS)]) {
  writeFileSync(`dist/${name}.d.mts`, `export * from './${name}.js'\n`)
}
// A tenth smaller than what the tarball makes of them.
mkdirSync('dist/data', { recursive: true })
for (const file of readdirSync('src/problems/data')) {
  const path = `src/problems/data/${file}`
  if (file.endsWith('.md')) copyFileSync(path, `dist/data/${file}`)
  else writeFileSync(`dist/data/${file}.br`, brotliCompressSync(readFileSync(path)))
}
copyFileSync('src/playground/index.html', 'dist/playground/index.html')
writeFileSync('dist/THIRD-PARTY.md', thirdParty(inputs))
