// How the report is bundled: apart from the command line, and without what it does not use of its libraries.
import { relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** Modules that are a file of their own in dist: `files` says which. */
const apart = (files) => ({
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const file = files[relative(root, resolve(resolveDir, path))]
      return file && { path: file, external: true }
    })
  },
})

// linkedom's parsers and selectors, Plot's geography and colour schemes: half of the size.
const unused = (filter) => ({
  name: 'unused',
  setup(build) {
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }))
    build.onLoad({ filter: /.*/, namespace: 'unused' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default')
      return { contents: `export const ${names.map((name) => `${name} = undefined`).join(', ')}` }
    })
  },
})

export const reportApart = apart({ 'src/report': './report.mjs' })

const shared = { format: 'esm', minify: true }

export const reportBundles = [
  {
    ...shared,
    entryPoints: ['src/report/charts/browser.ts'],
    outfile: 'dist/report-charts.mjs',
    platform: 'browser',
    plugins: [unused(/^(d3-delaunay|d3-scale-chromatic)$/)],
  },
  {
    ...shared,
    entryPoints: ['src/report/index.ts'],
    outfile: 'dist/report.mjs',
    platform: 'node',
    external: ['cauchy'],
    loader: { '.css': 'text' },
    plugins: [
      apart({ 'src/report/charts/browser': './report-charts.mjs' }),
      unused(/^(htmlparser2|cssom.*|css-select)$/),
    ],
  },
]
