// Compiles the addon with node-gyp against the running Node's own headers. With --optional, a missing
// or failing compiler is one line of notice, not an error.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { compile } from './compile.mjs'

const root = resolve(import.meta.dirname, '..')
const addon = join(root, 'build/Release/cauchy.node')
const optional = process.argv.includes('--optional')

function newestSource() {
  const files = readdirSync(join(root, 'native'), { recursive: true }).map((file) =>
    join(root, 'native', file),
  )
  return Math.max(...[join(root, 'binding.gyp'), ...files].map((file) => statSync(file).mtimeMs))
}

function fail(reason) {
  if (!optional) throw new Error(`native addon: ${reason}`)
  console.log(`native addon not built (${reason}); going on with WebAssembly`)
  process.exit(0)
}

if (existsSync(addon) && statSync(addon).mtimeMs > newestSource()) process.exit(0)

const compiler = process.env.CXX ?? (process.platform === 'darwin' ? 'clang++' : 'g++')
if (process.platform !== 'win32' && spawnSync(compiler, ['--version']).status !== 0)
  fail(`no ${compiler} on the PATH`)

const log = compile(root, createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js'))
if (log !== undefined) {
  if (!optional) process.stderr.write(log)
  else if (existsSync(join(root, 'build'))) writeFileSync(join(root, 'build/native-build.log'), log)
  fail('compilation failed')
}
