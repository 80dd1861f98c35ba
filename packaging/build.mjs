// Builds dist: the library for every kind of runtime, the command line, their types and licences.
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import {
  COMPANIONS,
  commandLine,
  companions,
  cores,
  modules,
  page,
  playground,
  report,
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

const bundles = [...cores, page, playground, ...commandLine, ...companions, ...report]
const sources = await Promise.all(bundles.map(run))
await Promise.all(modules(sources[1]).map(run)) // those of the portable core

// In Node, the ESM entries wrap the CommonJS core, so that both share one copy of everything.
for (const core of ['index', 'wasm']) {
  const names = Object.keys(createRequire(import.meta.url)(`../dist/${core}.js`)).sort()
  const wrapper = `import cauchy from './${core}.js'\nexport const { ${names.join(', ')} } = cauchy\n`
  writeFileSync(`dist/${core}.mjs`, wrapper)
}
for (const name of ['index', ...Object.keys(COMPANIONS)]) {
  writeFileSync(`dist/${name}.d.mts`, `export * from './${name}.js'\n`)
}
cpSync('src/problems/data', 'dist/data', { recursive: true })
copyFileSync('src/playground/index.html', 'dist/playground/index.html')
writeFileSync('dist/THIRD-PARTY.md', thirdParty(inputs))
