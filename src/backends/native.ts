// The native tier: loads the addon, checks that it is ours, and runs kernels in place on any array.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KERNEL_NUMBERS, type KernelName } from '../kernels'
import type { Block, TensorSpec } from '../memory'
import type { FloatArray } from '../types'
import { type Backend, type Engine, ONE_THREAD, type Threading } from './engine'

declare const handle: unique symbol
type Handle = { [handle]: never }

interface Addon {
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
  bind(handle: Handle, tensor: number, slot: number, array: FloatArray): void
  /** Returns the threads that took part; nothing where there is only one. */
  run(handle: Handle, kernel: number): number | undefined
  runAsync(handle: Handle, kernel: number): Promise<number>
}

/** The fingerprint of the sources this package was built from. */
declare const CAUCHY_STAMP: string

/** Elements of a step from which on more threads pay: measured, half a thread's wake-up is 20 µs. */
const CUTOVER = 262144

class NativeEngine implements Engine {
  readonly #addon: Addon
  readonly #handle: Handle
  /** Keeps alive what the addon has pointers into. */
  readonly #block: Block
  readonly #bound: FloatArray[][]
  threads = 1

  constructor(
    addon: Addon,
    isa: string,
    tensors: readonly TensorSpec[],
    block: Block,
    { threads, cutover }: Threading,
  ) {
    this.#addon = addon
    this.#block = block
    this.#bound = tensors.map(() => [])
    const sizes = Float64Array.from(tensors.flatMap(({ length, rows, columns }) => [length, rows, columns]))
    const dtypes = Uint8Array.from(tensors, ({ dtype }) => (dtype === 'float32' ? 0 : 1))
    const { control, coefficients, sums, buffer } = this.#block
    this.#handle = addon.create(
      isa,
      sizes,
      dtypes,
      control,
      coefficients,
      sums,
      buffer,
      threads,
      cutover ?? CUTOVER,
    )
  }

  bind(tensor: number, slot: number, array: FloatArray): void {
    this.#addon.bind(this.#handle, tensor, slot, array)
    this.#bound[tensor][slot] = array
  }

  run(kernel: KernelName): void {
    this.threads = this.#addon.run(this.#handle, KERNEL_NUMBERS[kernel]) ?? 1
  }

  async runAsync(kernel: KernelName): Promise<void> {
    this.threads = await this.#addon.runAsync(this.#handle, KERNEL_NUMBERS[kernel])
  }
}

/** One backend per instruction set this CPU runs, best first; throws when no usable addon is found. */
export function loadNative(): Backend[] {
  const path = join(__dirname, '../build/Release/cauchy.node')
  if (!existsSync(path))
    throw new Error(`there is no addon for ${process.platform}-${process.arch} at ${path}`)
  const addon = require(path) as Addon
  if (addon.stamp !== CAUCHY_STAMP) {
    throw new Error(`${path} was built from other sources than this package; build it again`)
  }
  return addon.isas.map((isa) => ({
    name: 'native' as const,
    isa,
    memory: 'wasm-preferred' as const,
    createEngine: (tensors, block, threading = ONE_THREAD) =>
      new NativeEngine(addon, isa, tensors, block, threading),
  }))
}
