// TensorFlow.js for the tests: installed below test/tfjs when first asked for, since it is 80 MB.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export const folder = fileURLToPath(new URL('tfjs', import.meta.url))

/** Why it is not there, or undefined. */
export function installTensorFlow(): string | undefined {
  if (existsSync(`${folder}/node_modules/@tensorflow/tfjs-layers/package.json`)) return undefined
  const { status, stderr } = spawnSync('npm', ['ci', '--prefix', folder], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return status === 0 ? undefined : `npm ci in test/tfjs failed: ${String(stderr).trim().split('\n').pop()}`
}

/** The module `tf`, on its cpu backend. */
// biome-ignore lint/suspicious/noExplicitAny: types that the package does not install
export async function loadTensorFlow(): Promise<any> {
  const require = createRequire(`${folder}/package.json`)
  const core = require('@tensorflow/tfjs-core')
  core.env().set('PROD', true) // no greeting
  require('@tensorflow/tfjs-backend-cpu')
  await core.setBackend('cpu')
  return { ...core, ...require('@tensorflow/tfjs-layers') }
}
