// The gradient arrays that an optimizer offers to fill, in its own memory or made when first asked for.
import { type Block, newArray } from './memory'
import type { TensorInfo } from './tensors'
import type { FloatArray } from './types'

export class OwnGradients {
  readonly #tensors: readonly TensorInfo[]
  readonly #block: Block
  #arrays: readonly FloatArray[] | undefined

  constructor(tensors: readonly TensorInfo[], block: Block) {
    this.#tensors = tensors
    this.#block = block
  }

  /** One a tensor. */
  get arrays(): readonly FloatArray[] {
    this.#arrays ??= this.#tensors.map(({ dtype, length }, t) => this.#block.g[t] ?? newArray(dtype, length))
    return this.#arrays
  }

  /** Whether there are any to step on: for the caller's parameters, once somebody asked for them. */
  get exist(): boolean {
    return this.#arrays !== undefined || this.#tensors.every(({ data }) => data === null)
  }

  /** Fills them with zeros, which those that nobody asked for are. */
  zero(): void {
    for (const array of this.#arrays ?? []) array.fill(0)
  }
}
