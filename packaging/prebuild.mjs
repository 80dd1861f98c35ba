// Compiles the addons that go into the tarball: prebuilds/<platform>-<arch>/cauchy.node, for this machine and
// for every other one that a cross compiler is there for. Says which it could not make.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
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
/** The cross compilers from linux-x64. */
const CROSS = { 'linux-arm64': { arch: 'arm64', env: gnu('aarch64-linux-gnu') } }

const here = `${process.platform}-${process.arch}`

function newestSource() {
  const files = readdirSync(join(root, 'native'), { recursive: true }).map((file) => `native/${file}`)
  return Math.max(...['binding.gyp', ...files].map((file) => statSync(join(root, file)).mtimeMs))
}

/** For this machine, as it is compiled in the clone. */
function build() {
  const { status } = spawnSync(process.execPath, [join(root, 'native/build.mjs')], { stdio: 'inherit' })
  return status === 0 ? join(root, 'build/Release/cauchy.node') : undefined
}

function buildFor(target, output) {
  const { arch, env } = CROSS[target]
  if (spawnSync(env.CXX, ['--version']).status !== 0) {
    console.log(`prebuild ${target}: there is no ${env.CXX} on the PATH`)
    return undefined
  }
  const prepare = (folder) => {
    cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true })
    cpSync(join(root, 'binding.gyp'), join(folder, 'binding.gyp'))
  }
  const log = compileApart(prepare, output, gyp, { args: [`--arch=${arch}`], env })
  if (log !== undefined) console.log(log)
  return log === undefined ? output : undefined
}

const folder = mkdtempSync(join(tmpdir(), 'cauchy-prebuild-'))
for (const target of [here, ...(here === 'linux-x64' ? Object.keys(CROSS) : [])]) {
  const addon = join(prebuilds, target, 'cauchy.node')
  if (existsSync(addon) && statSync(addon).mtimeMs > newestSource()) continue
  const built = target === here ? build() : buildFor(target, join(folder, target))
  if (built === undefined) {
    console.log(`prebuild ${target}: not made`)
    continue
  }
  mkdirSync(join(prebuilds, target), { recursive: true })
  cpSync(built, `${addon}.new`)
  renameSync(`${addon}.new`, addon) // at once: the old one may be in use
  console.log(`prebuild ${target}: ${statSync(addon).size} bytes`)
}
rmSync(folder, { recursive: true })

// The loader compares: a file cut short would take the process down with it.
if (existsSync(prebuilds)) {
  const made = readdirSync(prebuilds).filter((name) => existsSync(join(prebuilds, name, 'cauchy.node')))
  const sizes = made.sort().map((name) => [name, statSync(join(prebuilds, name, 'cauchy.node')).size])
  const text = `${JSON.stringify(Object.fromEntries(sizes), null, 2)}\n`
  const file = join(prebuilds, 'sizes.json')
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}
