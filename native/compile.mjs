// Compiles the addon with node-gyp, in place or in a temporary folder of its own.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** The running Node's own headers, where it came with them; node-gyp downloads them otherwise. */
function headers() {
  const prefix = resolve(dirname(process.execPath), '..')
  return existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : []
}

/** Runs node-gyp where binding.gyp and native/ are; returns what it printed if it failed. */
export function compile(folder, gyp, { args = [], env = {} } = {}) {
  const build = spawnSync(process.execPath, [gyp, 'rebuild', '--loglevel=error', ...headers(), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, JOBS: 'max', ...env },
  })
  return build.status === 0 ? undefined : `${build.error ?? ''}${build.stdout}${build.stderr}`
}

/**
 * Compiles a copy of native/ and binding.gyp, which `prepare` puts into a temporary folder, and puts the addon at
 * `output`; returns what node-gyp printed if it failed.
 */
export function compileApart(prepare, output, gyp, options) {
  const folder = mkdtempSync(join(tmpdir(), 'cauchy-build-'))
  try {
    prepare(folder)
    const log = compile(folder, gyp, options)
    if (log !== undefined) return log
    mkdirSync(dirname(output), { recursive: true })
    rmSync(output, { force: true }) // a new file: the old one may be mapped by a running process
    cpSync(join(folder, 'build/Release/cauchy.node'), output)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
