// Bundles every entry of the benchmark, bench/*.ts, into build/bench; packages, this one included, stay outside.
import { readdirSync } from 'node:fs'
import { build } from 'esbuild'

// Charts run in the reader's browser: one script, inlined into the report.
await build({
  entryPoints: ['bench/web/client.ts'],
  outfile: 'build/bench/report-client.txt',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  logLevel: 'warning',
})

await build({
  entryPoints: readdirSync('bench')
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
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
  loader: { '.csv': 'text', '.css': 'text' },
  sourcemap: 'inline',
  logLevel: 'warning',
})
