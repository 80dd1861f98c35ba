// What a backend offers: an engine per optimizer that runs kernels over its tensors, in place.
import type { KernelName } from '../kernels'
import type { Block, TensorSpec } from '../memory'
import type { BackendName, FloatArray } from '../types'

/**
 * Runs kernels over the tensors of one optimizer. What a kernel does to each tensor stands in the block's
 * `control` (row of coefficients or −1, gradient mode) and `coefficients`; reductions are added to `sums`.
 */
export interface Engine {
  /** From now on the tensor's slot (0: p, 1: g, then its state) is this array. */
  bind(tensor: number, slot: number, array: FloatArray): void
  /** Runs a kernel over every tensor whose control row is not −1. */
  run(kernel: KernelName): void
}

export interface Backend {
  readonly name: BackendName
  /** The instruction set: 'avx512', 'avx2', 'sse2', 'neon' or 'scalar'; 'simd128' for WASM; 'none' for JS. */
  readonly isa: string
  /** The kind of memory its optimizers live in. */
  readonly memory: 'wasm-only' | 'wasm-preferred' | 'plain'
  createEngine(tensors: readonly TensorSpec[], block: Block): Engine
}
