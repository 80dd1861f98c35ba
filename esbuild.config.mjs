// How src becomes JavaScript: the builds of the library, and what they have in common.
import { readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { sourceStamp } from './native/stamp.mjs'
import { apart, unused } from './packaging/apart.mjs'

// The JavaScript tier is compiled once per dtype: `js-kernels?float32` is js-kernels.ts and everything it
// imports with '#precision' resolved to float32.ts. V8 then sees monomorphic code in each copy.
export const dtypes = {
  name: 'dtypes',
  setup(build) {
    build.onResolve({ filter: /\?float(32|64)$/ }, async (args) => {
      const [path, dtype] = args.path.split('?')
      const found = await build.resolve(path, {
        kind: args.kind,
        resolveDir: args.resolveDir,
        pluginData: {},
      })
      return { path: found.path, suffix: `?${dtype}`, pluginData: dtype }
    })
    build.onResolve({ filter: /^[.#]/ }, async (args) => {
      if (typeof args.pluginData !== 'string') return undefined
      const path = args.path.replace('#precision', `./${args.pluginData}`)
      const { path: found } = await build.resolve(path, {
        kind: args.kind,
        resolveDir: args.resolveDir,
        pluginData: {},
      })
      return { path: found, suffix: `?${args.pluginData}`, pluginData: args.pluginData }
    })
    build.onLoad({ filter: /\.ts$/ }, (args) => {
      if (typeof args.pluginData !== 'string') return undefined
      return { contents: readFileSync(args.path, 'utf8'), loader: 'ts', pluginData: args.pluginData }
    })
  },
}

// Formats messages of errors that nothing here throws: @stdlib's functions of numbers define constants with it.
const messages = {
  name: 'messages',
  setup(build) {
    build.onResolve({ filter: /^@stdlib\/string-format$/ }, ({ path }) => ({ path, namespace: 'messages' }))
    build.onLoad({ filter: /./, namespace: 'messages' }, () => ({ contents: 'module.exports = String' }))
  },
}

export const common = {
  // Node prints the whole line of an uncaught error.
  lineLimit: 1000,
  bundle: true,
  target: 'es2022',
  charset: 'utf8',
  mainFields: ['module', 'main'],
  define: { CAUCHY_STAMP: JSON.stringify(sourceStamp()) },
  logLevel: 'warning',
  metafile: true,
}

// Base64 hides repetitions from gzip: as hexadecimal digits, the kernels take 16 KB of it instead of 22.
const hexadecimal = {
  name: 'hexadecimal',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `export default '${readFileSync(path, 'hex')}'`,
    }))
  },
}

// '#tiers' decides what a build can compute with: one of src/tiers.
const tiers = (name) => ({
  name: 'tiers',
  setup(build) {
    build.onResolve({ filter: /^#tiers$/ }, () => ({ path: resolve(`src/tiers/${name}.ts`) }))
  },
})

// Smaller, with the names that errors and `constructor.name` tell.
const small = { minify: true, keepNames: true }

const portable = {
  ...common,
  ...small,
  entryPoints: ['src/index.ts'],
  platform: 'neutral',
  plugins: [messages, tiers('portable'), hexadecimal, dtypes],
}

// A file that Node requires and pages load as a classic script: it defines a function. The parentheses have V8 compile
// it at once: a function, or an arrow even within them, would be parsed a second time when it is called.
const script = (entryPoint, name, parameter = '', plugins = []) => ({
  ...portable,
  entryPoints: [entryPoint],
  outfile: `dist/playground/${name}.js`,
  format: 'cjs',
  banner: { js: `var cauchy_${name} = (function (${parameter}) { 'use strict'; var module = {};` },
  footer: { js: `return module.exports })\nif (typeof module === 'object') module.exports = cauchy_${name}` },
  plugins: [messages, ...plugins, dtypes],
})

// @stdlib's functions are the slowest part of the core to load.
const later = {
  name: 'later',
  setup(build) {
    build.onResolve({ filter: /\/functions$/ }, () => ({ path: resolve('src/math/later.ts') }))
  },
}

const around = (entryPoint, name) => ({
  ...common,
  ...small,
  entryPoints: [entryPoint],
  outfile: `dist/${name}.js`,
  platform: 'node',
  format: 'cjs',
  // Not `module.exports = require(…`: from that, Node would look through all of the core for names to import.
  footer: {
    js: `const { loadAddon, readKernels } = module.exports
const core = require('./playground/core.js')
module.exports = core({
  loadAddon,
  kernels: () => readKernels?.() ?? require('./playground/kernels.js')(),
  reference: () => require('./playground/reference.js')(),
  math: () => require('./playground/math.js')(),
})`,
  },
})

/**
 * The core: a function of its parts, so that index.js, wasm.js and the playground's script share its text and nothing
 * else. Node's ESM entries wrap the first two, so that both formats share one copy of everything. The kernels, the
 * reference and @stdlib's functions are files of their own, which a process reads when it first needs them. They lie with
 * the playground, so that any host can serve that folder as it is: the tarball has no room for them twice.
 */
export const cores = [
  script('src/index.ts', 'core', 'parts', [tiers('given'), later]),
  script('src/math/functions.ts', 'math'),
  script('src/tiers/reference.ts', 'reference'),
  around('src/backends/addon.ts', 'index'),
  around('src/tiers/no-addon.ts', 'wasm'),
]

/** All of the portable core in one file, for pages without a bundler. */
export const page = { ...portable, outfile: 'dist/browser.mjs', format: 'esm', keepNames: false }

// Modules that name other kernels than the common ones import '#kernels': on edge runtimes, a bundle without
// such modules gets along with the small WebAssembly module.
const namesKernels = () => {
  const names = JSON.parse(readFileSync('assembly/generated/uncommon.json', 'utf8'))
  const pattern = new RegExp(`'(${names.join('|')})'`)
  return (file) => {
    const text = readFileSync(file, 'utf8')
    return pattern.test(text) ? `import '#kernels'\n${text}` : text
  }
}

// Every source file becomes a file, so that bundlers drop what is not used. '#tiers' and '#kernels' are left to
// the runtime's conditions, by package.json; edge runtimes import compiled WebAssembly by themselves.
const separate = (place, query) => ({
  name: 'separate',
  setup(build) {
    const read = namesKernels()
    build.onResolve({ filter: /^\./ }, ({ kind, path, importer, pluginData }) => {
      const inside =
        kind === 'import-statement' && pluginData === undefined && !importer.includes('node_modules')
      return inside && !/\?|\.wasm$/.test(path) ? { path: `${place(path)}.mjs`, external: true } : undefined
    })
    build.onResolve({ filter: /^#(tiers|kernels)$/ }, ({ path }) => ({ path, external: true }))
    build.onResolve({ filter: /^#\w+\.wasm$/ }, ({ path }) => ({
      path: `${path.replace('#', './')}${query}`,
      external: true,
    }))
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path, pluginData }) =>
      typeof pluginData === 'string' ? undefined : { contents: read(path), loader: 'ts' },
    )
  },
})

// Names stay, and with them what bundlers can tell to be unused.
const separated = (entryPoints, outdir, place = (path) => path, query = '', minifyIdentifiers = false) => ({
  ...common,
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers,
  entryPoints,
  outdir,
  outbase: 'src',
  outExtension: { '.js': '.mjs' },
  platform: 'neutral',
  format: 'esm',
  plugins: [messages, separate(place, query), hexadecimal, dtypes],
})

/** What edge runtimes start from: next to the WebAssembly, outside the folder of modules. */
const edge = (name, query) =>
  separated(
    [
      { in: 'src/tiers/edge.ts', out: name },
      { in: 'src/tiers/edge-kernels.ts', out: `${name}-kernels` },
    ],
    'dist',
    (path) => `./${posix.join('esm/tiers', path)}`,
    query,
  )

/** They hold much beside themselves, of which no name is seen outside. */
const large = ['src/math/functions.ts', 'src/backends/js/driver.ts']

/** The modules for bundlers, from the source files that a core is made of. */
export const modules = (inputs) => [
  separated(
    [
      ...inputs.filter((file) => /^src\/.*\.ts$/.test(file) && !large.includes(file)),
      'src/tiers/edge-loaded.ts',
      'src/tiers/no-kernels.ts',
    ],
    'dist/esm',
  ),
  separated(large, 'dist/esm', undefined, '', true),
  edge('workerd', ''),
  edge('edge-light', '?module'),
]

/** The command line, its worker threads and the report share code; they use the package by its name. */
export const tools = {
  ...common,
  minify: true,
  entryPoints: {
    cli: 'src/cli/main.ts',
    'bench-worker': 'src/bench/worker.ts',
    report: 'src/report/index.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'tools-[hash]',
  splitting: true,
  platform: 'node',
  format: 'esm',
  // CommonJS libraries ask for Node's modules at run time.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)",
  },
  external: ['cauchy'],
  plugins: [messages, apart, unused(/^(htmlparser2|cssom.*|css-select)$/)],
  loader: { '.gyp': 'text', '.css': 'text' },
}

/** The program in the report's page, which draws the pictures for Node too. */
export const charts = {
  ...common,
  minify: true,
  entryPoints: ['src/report/charts/browser.ts'],
  outfile: 'dist/report-charts.mjs',
  platform: 'browser',
  format: 'esm',
  plugins: [
    unused(/^(d3-delaunay|d3-scale-chromatic)$/),
    unused(/^d3-geo$/, ['geoPath', 'geoStream', 'geoTransform', 'geoClipRectangle']),
    unused(/^d3-random$/, ['randomLcg']),
  ],
}

// The page loads core.js and its parts before its script.
const loaded = {
  name: 'loaded',
  setup(build) {
    build.onResolve({ filter: /^cauchy$/ }, ({ path }) => ({ path, namespace: 'loaded' }))
    build.onLoad({ filter: /./, namespace: 'loaded' }, () => ({
      contents: `module.exports = cauchy_core({
        loadAddon() { throw new Error('a page loads no addons') },
        kernels: cauchy_kernels,
        reference: cauchy_reference,
        math: cauchy_math,
      })`,
    }))
  },
}

/** The script and the style of the playground's page: a classic script, so that the page opens from a file too. */
export const playground = {
  ...common,
  entryPoints: { playground: 'src/playground/main.tsx' },
  outdir: 'dist/playground',
  platform: 'browser',
  format: 'iife',
  minify: true,
  plugins: [messages, loaded],
}

/** The entries beside the core, and where they run. */
export const COMPANIONS = { files: 'node', problems: 'node', tfjs: 'neutral' }
const companion = (name, form) => ({
  ...common,
  ...small,
  entryPoints: [`src/${name}.ts`],
  platform: COMPANIONS[name],
  plugins: [messages, dtypes],
  external: ['cauchy'],
  ...form,
})

// Where dist/THIRD-PARTY.md, which has them all, is beside the file.
const noNotices = { legalComments: 'none' }

// CommonJS has no import.meta.
const ownLocation = {
  banner: { js: "const ownLocation = require('node:url').pathToFileURL(__filename).href" },
  define: { ...common.define, 'import.meta.url': 'ownLocation' },
}

/** They hold no state that could be there twice: each format is a bundle of its own, but for the largest. */
export const companions = [
  companion('problems', { format: 'cjs', outfile: 'dist/problems.js', ...ownLocation, ...noNotices }),
  companion('files', { format: 'cjs', outfile: 'dist/files.js' }),
  companion('tfjs', { format: 'cjs', outfile: 'dist/tfjs.js' }),
  companion('tfjs', { format: 'esm', outfile: 'dist/tfjs.mjs' }),
]
