// TensorFlow.js, its WebAssembly and its plain JavaScript backend: installed below bench/peers when first asked for.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { ADAM, type Peer } from './peer'

interface Tensor {
  dataSync(): Float32Array
}

interface Variable extends Tensor {
  readonly name: string
}

/** What is used of @tensorflow/tfjs-core, which the package does not install. */
interface Core {
  env(): { set(flag: string, value: boolean): void }
  setBackend(name: string): Promise<boolean>
  variable(tensor: Tensor): Variable
  tensor1d(values: Float32Array): Tensor
  train: {
    adam(
      lr: number,
      beta1: number,
      beta2: number,
      eps: number,
    ): { applyGradients(grads: Record<string, Tensor>): void }
  }
}

const folder = resolve('bench/peers')

function install(): void {
  if (existsSync(`${folder}/node_modules/@tensorflow/tfjs-core`)) return
  const { status, stderr } = spawnSync('npm', ['ci', '--prefix', folder], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ci in bench/peers failed: ${String(stderr).trim().split('\n')[0]}`)
}

/** Throws where it cannot be installed or does not start. */
export async function loadTensorFlow(): Promise<Peer[]> {
  install()
  const require = createRequire(`${folder}/package.json`)
  const tf = require('@tensorflow/tfjs-core') as Core
  tf.env().set('PROD', true) // no greeting
  require('@tensorflow/tfjs-backend-cpu')
  require('@tensorflow/tfjs-backend-wasm')
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false) // one thread, as everyone
  const peer = (backend: string, isa: string, name: string, largest: number): Peer => ({
    backend,
    isa,
    largest,
    async create(p, g) {
      if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js has no backend ${name} here`)
      const variable = tf.variable(tf.tensor1d(p))
      const grads = { [variable.name]: tf.tensor1d(g) }
      const optimizer = tf.train.adam(ADAM.lr, ADAM.beta1, ADAM.beta2, ADAM.eps)
      return {
        run: () => optimizer.applyGradients(grads),
        before: () => tf.setBackend(name),
        read: () => variable.dataSync(),
      }
    },
  })
  return [peer('tfjs-wasm', 'simd128', 'wasm', 16 * 2 ** 20), peer('tfjs-cpu', 'none', 'cpu', 2 ** 20)]
}
