// What a backend offers: an engine per optimizer that runs kernels over its tensors, in place.
import type { KernelName } from '../kernels'
import type { Block, TensorSpec } from '../memory'
import type { BackendName, StateArray } from '../types'

/**
 * Runs kernels over the tensors of one optimizer. What a kernel does to each tensor stands in the block's
 * `control` (row of coefficients or −1, gradient mode) and `coefficients`; reductions are added to `sums`.
 */
export interface Engine {
  /** From now on the tensor's slot (0: p, 1: g, then its state) is this array. */
  bind(tensor: number, slot: number, array: StateArray): void
  /** Runs a kernel over every tensor whose control row is not −1. */
  run(kernel: KernelName): void
  /** The same off the event loop; engines without it run before anything else happens. */
  runAsync?(kernel: KernelName): Promise<void>
  /** The threads that took part in the last run; default 1. */
  readonly threads?: number
}

/** Runs a kernel off the event loop where the engine can, else at once. */
export async function runAsync(engine: Engine, kernel: KernelName): Promise<void> {
  if (engine.runAsync) await engine.runAsync(kernel)
  else engine.run(kernel)
}

/** How many threads may share a run, and from how many elements on they do (default: the backend's). */
export interface Threading {
  readonly threads: number
  readonly cutover: number | undefined
}

export const ONE_THREAD: Threading = { threads: 1, cutover: undefined }

export interface Backend {
  readonly name: BackendName
  /** The instruction set: 'avx512', 'avx2', 'sse2', 'neon' or 'scalar'; 'simd128' for WASM; 'none' for JS. */
  readonly isa: string
  /** The kind of memory its optimizers live in. */
  readonly memory: 'wasm-only' | 'wasm-preferred' | 'plain'
  createEngine(tensors: readonly TensorSpec[], block: Block, threading?: Threading): Engine
}

/** The backends of a tier, one per instruction set, best first; and what was passed over to get them. */
export interface Loaded {
  readonly backends: readonly Backend[]
  readonly failures: readonly Error[]
}
