// The native tier: runs the addon's kernels in place on any array.
import { KERNEL_NUMBERS, type KernelName } from '../kernels'
import type { Block, TensorSpec } from '../memory'
import type { StateArray } from '../types'
import type { Addon, Handle, LoadAddon } from './addon'
import { type Engine, type Loaded, ONE_THREAD, type Threading } from './engine'
import { checkAnswers } from './known-answers'

/** Elements of a step from which on more threads pay: measured, half a thread's wake-up is 20 µs. */
const CUTOVER = 262144

class NativeEngine implements Engine {
  readonly #addon: Addon
  readonly #handle: Handle
  /** Keeps alive what the addon has pointers into. */
  readonly #block: Block
  readonly #bound: StateArray[][]
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
    const sizes = Float64Array.from(
      tensors.flatMap(({ length, rows, columns, packing }) => [length, rows, columns, packing]),
    )
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

  bind(tensor: number, slot: number, array: StateArray): void {
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
export function loadNative(loadAddon: LoadAddon): Loaded {
  const { accepted, failures } = loadAddon((addon) => {
    const backends = addon.isas.map((isa) => ({
      name: 'native' as const,
      isa,
      memory: 'wasm-preferred' as const,
      createEngine: (tensors: readonly TensorSpec[], block: Block, threading: Threading = ONE_THREAD) =>
        new NativeEngine(addon, isa, tensors, block, threading),
    }))
    backends.forEach(checkAnswers)
    return backends
  })
  return { backends: accepted, failures }
}
