// What the bundles of the command line and the report leave out: files of their own, unused parts of libraries.
import { relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

const FILES = { 'src/report/charts/browser': './report-charts.mjs', 'src/problems/index': './problems.mjs' }

/** Modules that are a file of their own in dist. */
export const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const file = FILES[relative(root, resolve(resolveDir, path))]
      return file && { path: file, external: true }
    })
  },
}

// linkedom's parsers and selectors, Plot's geography and colour schemes: half of the size.
export const unused = (filter, used = []) => ({
  name: 'unused',
  setup(build) {
    build.onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'unused' ? undefined : { path, namespace: 'unused' },
    )
    build.onLoad({ filter, namespace: 'unused' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => !['default', ...used].includes(name))
      const kept = used.length > 0 ? `export { ${used.join(', ')} } from '${path}'` : ''
      const dropped = `export const ${names.map((name) => `${name} = undefined`).join(', ')}`
      return { contents: `${kept}\n${dropped}`, resolveDir: root }
    })
  },
})
