// Compiles the roofline's addon where it is missing or older than its sources, and says where it lies.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const folder = resolve('bench/native')
const addon = join(folder, 'build/Release/roofline.node')

/** The addon's path; throws where it cannot be compiled. */
export function build(): string {
  const sources = readdirSync(folder).filter((name) => /\.(cc|h|gyp)$/.test(name))
  const newest = Math.max(...sources.map((name) => statSync(join(folder, name)).mtimeMs))
  if (existsSync(addon) && statSync(addon).mtimeMs > newest) return addon
  const gyp = createRequire(join(folder, 'x')).resolve('node-gyp/bin/node-gyp.js')
  const prefix = resolve(dirname(process.execPath), '..')
  const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : []
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [gyp, 'rebuild', '--loglevel=error', ...headers],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status !== 0) {
    const said = `${stdout}${stderr}`.split('\n')
    const why =
      said.find((line) => /: error:|not found|No such file|Error: [^`]/.test(line)) ?? 'node-gyp failed'
    throw new Error(`its kernels could not be compiled: ${why.replace(/^gyp ERR! stack Error: /, '')}`)
  }
  return addon
}
