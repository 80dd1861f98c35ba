// Bundles src into dist: one CommonJS core, wrapped by a thin ESM entry so that both share one copy of everything.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { sourceStamp } from './native/stamp.mjs'

// The JavaScript tier is compiled once per dtype: `js-kernels?float32` is js-kernels.ts and everything it
// imports with '#precision' resolved to float32.ts. V8 then sees monomorphic code in each copy.
export const dtypes = {
  name: 'dtypes',
  setup(build) {
    build.onResolve({ filter: /\?float(32|64)$/ }, async (args) => {
      const [path, dtype] = args.path.split('?')
      const found = await build.resolve(path, { kind: args.kind, resolveDir: args.resolveDir })
      return { path: found.path, suffix: `?${dtype}`, pluginData: dtype }
    })
    build.onResolve({ filter: /^[.#]/ }, async (args) => {
      if (typeof args.pluginData !== 'string') return undefined
      const path = args.path.replace('#precision', `./${args.pluginData}`)
      const { path: found } = await build.resolve(path, { kind: args.kind, resolveDir: args.resolveDir })
      return { path: found, suffix: `?${args.pluginData}`, pluginData: args.pluginData }
    })
    build.onLoad({ filter: /\.ts$/ }, (args) => {
      if (typeof args.pluginData !== 'string') return undefined
      return { contents: readFileSync(args.path, 'utf8'), loader: 'ts', pluginData: args.pluginData }
    })
  },
}

export const options = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  loader: { '.wasm': 'binary' },
  plugins: [dtypes],
  define: { CAUCHY_STAMP: JSON.stringify(sourceStamp()) },
  logLevel: 'warning',
}

const COMPANIONS = ['files', 'tfjs']

/** The entries beside the core. They hold no state that could be there twice: each format is a bundle of its own. */
export const companions = COMPANIONS.flatMap((name) =>
  [
    { format: 'cjs', outfile: `dist/${name}.js` },
    { format: 'esm', outfile: `dist/${name}.mjs` },
  ].map((form) => ({ ...options, ...form, entryPoints: [`src/${name}.ts`] })),
)

async function buildLibrary() {
  await build({ ...options, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', format: 'cjs' })
  const core = createRequire(import.meta.url)('./dist/index.js')
  const names = Object.keys(core).sort()
  writeFileSync(
    'dist/index.mjs',
    `import cauchy from './index.js'\nexport const { ${names.join(', ')} } = cauchy\n`,
  )
  writeFileSync('dist/index.d.mts', "export * from './index.js'\n")
  await Promise.all(companions.map((entry) => build(entry)))
  for (const name of COMPANIONS) writeFileSync(`dist/${name}.d.mts`, `export * from './${name}.js'\n`)
}

if (import.meta.url === `file://${process.argv[1]}`) await buildLibrary()
