// The native tier: runs the addon's kernels in place on any array.
import { KERNEL_NUMBERS, type KernelName } from '../kernels'
import type { Block, TensorSpec } from '../memory'
import type { FloatArray } from '../types'
import { type Addon, type Handle, loadAddon } from './addon'
import type { Backend, Engine } from './engine'
import { checkAnswers } from './known-answers'

class NativeEngine implements Engine {
  readonly #addon: Addon
  readonly #handle: Handle
  /** Keeps alive what the addon has pointers into. */
  readonly #block: Block
  readonly #bound: FloatArray[][]

  constructor(addon: Addon, isa: string, tensors: readonly TensorSpec[], block: Block) {
    this.#addon = addon
    this.#block = block
    this.#bound = tensors.map(() => [])
    const lengths = Float64Array.from(tensors, ({ length }) => length)
    const dtypes = Uint8Array.from(tensors, ({ dtype }) => (dtype === 'float32' ? 0 : 1))
    const { control, coefficients, sums } = this.#block
    this.#handle = addon.create(isa, lengths, dtypes, control, coefficients, sums)
  }

  bind(tensor: number, slot: number, array: FloatArray): void {
    this.#addon.bind(this.#handle, tensor, slot, array)
    this.#bound[tensor][slot] = array
  }

  run(kernel: KernelName): void {
    this.#addon.run(this.#handle, KERNEL_NUMBERS[kernel])
  }
}

/** One backend per instruction set this CPU runs, best first; throws when no usable addon is found. */
export function loadNative(): Backend[] {
  return loadAddon((addon) => {
    const backends = addon.isas.map((isa) => ({
      name: 'native' as const,
      isa,
      memory: 'wasm-preferred' as const,
      createEngine: (tensors: readonly TensorSpec[], block: Block) =>
        new NativeEngine(addon, isa, tensors, block),
    }))
    backends.forEach(checkAnswers)
    return backends
  })
}
