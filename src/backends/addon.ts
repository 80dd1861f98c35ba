// Finds the addon: prebuilt in the package, else compiled in place. Anything wrong with a file leads to the
// next one; what went wrong is told, whether or not one is left.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { StateArray } from '../types'

declare const handle: unique symbol
export type Handle = { [handle]: never }

export interface Addon {
  /** Fingerprint of the sources it was built from. */
  readonly stamp: string
  /** Supported on this CPU, best first. */
  readonly isas: readonly string[]
  create(
    isa: string,
    sizes: Float64Array,
    dtypes: Uint8Array,
    control: Int32Array,
    coefficients: Float64Array,
    sums: Float64Array,
    buffer: ArrayBuffer,
    threads: number,
    cutover: number,
  ): Handle
  bind(handle: Handle, tensor: number, slot: number, array: StateArray): void
  /** Returns the threads that took part; nothing where there is only one. */
  run(handle: Handle, kernel: number): number | undefined
  runAsync(handle: Handle, kernel: number): Promise<number>
}

/** The fingerprint of the sources this package was built from. */
declare const CAUCHY_STAMP: string

const kernels = join(__dirname, 'kernels.wasm')

/** The WebAssembly of all kernels, sooner than from digits; nothing where a bundler took this file elsewhere. */
export const readKernels = () => (existsSync(kernels) ? readFileSync(kernels) : undefined)

const root = join(__dirname, '..')
const prebuilds = join(root, 'prebuilds')
const target = `${process.platform}-${process.arch}`

/** A file cut short kills the process that maps it, so its size is compared with what was packed. */
function checkSize(path: string): void {
  const sizes = join(prebuilds, 'sizes.json')
  if (!path.startsWith(prebuilds) || !existsSync(sizes)) return
  const expected = JSON.parse(readFileSync(sizes, 'utf8'))[target]
  const { size } = statSync(path)
  if (size !== expected) {
    throw new Error(`it must have ${expected} bytes, got ${size}: the package is damaged, install it again`)
  }
}

function open(path: string): Addon {
  checkSize(path)
  const addon = require(path) as Addon
  if (addon.stamp !== CAUCHY_STAMP) {
    throw new Error('it was built from other sources than this package; build it again')
  }
  return addon
}

/** What `accept` makes of the first file that exists, loads and passes it; and what is wrong with those before. */
export type LoadAddon = <T>(accept: (addon: Addon) => T) => { accepted: T; failures: readonly Error[] }

export const loadAddon: LoadAddon = <T>(accept: (addon: Addon) => T) => {
  const paths = [join(prebuilds, target, 'cauchy.node'), join(root, 'build/Release/cauchy.node')]
  const failures: Error[] = []
  for (const path of paths) {
    if (!existsSync(path)) continue
    try {
      return { accepted: accept(open(path)), failures }
    } catch (cause) {
      const { message } = cause instanceof Error ? cause : new Error(String(cause))
      // The system's own message names the file already.
      failures.push(new Error(message.includes(path) ? message : `${path}: ${message}`, { cause }))
    }
  }
  if (failures.length === 0)
    throw new Error(`there is no addon for ${target}: neither ${paths.join(' nor ')} exists`)
  const message = failures.map((failure) => failure.message).join('; ')
  throw new Error(message, { cause: failures.length === 1 ? failures[0] : new AggregateError(failures) })
}
