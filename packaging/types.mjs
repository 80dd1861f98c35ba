// Removes from dist the declarations that no public type refers to.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMPANIONS } from '../esbuild.config.mjs'

const reached = new Set()

function visit(file) {
  if (reached.has(file)) return
  reached.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import\(?) ?['"](\.[^'"]+)['"]/g)) {
    const target = join(dirname(file), path)
    visit([`${target}.d.ts`, `${target}/index.d.ts`].find(existsSync))
  }
}

for (const name of ['index', ...Object.keys(COMPANIONS)]) visit(`dist/${name}.d.ts`)
for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name)
  if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
}
for (const name of readdirSync('dist', { recursive: true }).sort().reverse()) {
  const folder = join('dist', name)
  if (existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).length === 0)
    rmSync(folder, { recursive: true })
}
