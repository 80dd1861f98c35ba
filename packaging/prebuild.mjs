// Compiles the addons that go into the tarball: prebuilds/<platform>-<arch>/cauchy.node, for this machine and
// for every other one that a cross compiler is there for. Says which it could not make.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { compileApart } from '../native/compile.mjs'

const root = resolve(import.meta.dirname, '..')
const prebuilds = join(root, 'prebuilds')
const gyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')

const gnu = (prefix) => ({
  CC: `${prefix}-gcc`,
  CXX: `${prefix}-g++`,
  LINK: `${prefix}-g++`,
  AR: `${prefix}-ar`,
})
/** Environments of the cross compilers from linux-x64. */
const CROSS = { 'linux-arm64': gnu('aarch64-linux-gnu') }

const here = `${process.platform}-${process.arch}`
const targets = here === 'linux-x64' ? { [here]: {}, ...CROSS } : { [here]: {} }

function prepare(folder) {
  cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true })
  cpSync(join(root, 'binding.gyp'), join(folder, 'binding.gyp'))
}

function newest() {
  const files = readdirSync(join(root, 'native'), { recursive: true }).map((file) => `native/${file}`)
  return Math.max(...['binding.gyp', ...files].map((file) => statSync(join(root, file)).mtimeMs))
}

for (const [target, env] of Object.entries(targets)) {
  const addon = join(prebuilds, target, 'cauchy.node')
  if (existsSync(addon) && statSync(addon).mtimeMs > newest()) continue
  if (env.CXX && spawnSync(env.CXX, ['--version']).status !== 0) {
    console.log(`prebuild ${target}: skipped, there is no ${env.CXX} on the PATH`)
    continue
  }
  const log = compileApart(prepare, addon, gyp, { args: [`--arch=${target.split('-')[1]}`], env })
  console.log(`prebuild ${target}: ${log === undefined ? `${statSync(addon).size} bytes` : `failed\n${log}`}`)
}

// The loader compares: a file cut short would take the process down with it.
if (existsSync(prebuilds)) {
  const made = readdirSync(prebuilds).filter((name) => existsSync(join(prebuilds, name, 'cauchy.node')))
  const sizes = made.sort().map((name) => [name, statSync(join(prebuilds, name, 'cauchy.node')).size])
  writeFileSync(join(prebuilds, 'sizes.json'), `${JSON.stringify(Object.fromEntries(sizes), null, 2)}\n`)
}
