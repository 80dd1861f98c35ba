// Bundles every entry of the benchmark, bench/*.ts, into build/bench; packages, this one included, stay outside.
import { cpSync, readdirSync } from 'node:fs'
import { build } from 'esbuild'

// The tables lie beside what reads them.
cpSync('dist/data', 'build/bench/data', { recursive: true })

await build({
  entryPoints: readdirSync('bench')
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `bench/${name}`),
  outdir: 'build/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  charset: 'utf8',
  packages: 'external',
  external: ['cauchy'],
  sourcemap: 'inline',
  logLevel: 'warning',
})
