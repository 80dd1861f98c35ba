// The JavaScript tier: the executable reference of every kernel, and the backend of last resort.

import { kernels as float32 } from '../../generated/js-kernels?float32'
import { kernels as float64 } from '../../generated/js-kernels?float64'
import { type KernelName, kernelInfo } from '../../kernels'
import {
  ACCUMULATORS,
  BLOCK,
  type Block,
  MODE,
  newArray,
  ROW,
  RULE_OFFSET,
  SUMS,
  type TensorSpec,
} from '../../memory'
import { fold } from '../../reduce'
import type { DType, FloatArray } from '../../types'
import type { Backend, Engine } from '../engine'

class JsEngine implements Engine {
  readonly #tensors: readonly TensorSpec[]
  readonly #block: Block
  readonly #slots: FloatArray[][]
  readonly #sums = new Float64Array(SUMS * ACCUMULATORS)
  readonly #prepared = new Map<DType, FloatArray>()

  constructor(tensors: readonly TensorSpec[], block: Block) {
    this.#tensors = tensors
    this.#block = block
    this.#slots = tensors.map(() => [])
  }

  bind(tensor: number, slot: number, array: FloatArray): void {
    this.#slots[tensor][slot] = array
  }

  run(kernel: KernelName): void {
    const { control, coefficients, sums } = this.#block
    this.#tensors.forEach((tensor, t) => {
      const row = control[2 * t]
      if (row < 0) return
      const c = coefficients.subarray(row * ROW, (row + 1) * ROW)
      this.#drive(kernel, tensor, this.#slots[t], c, control[2 * t + 1], sums.subarray(t * SUMS))
    })
  }

  // Mirrors native/driver.h: in blocks where the gradient is prepared or sums are taken.
  #drive(
    name: KernelName,
    { dtype, length }: TensorSpec,
    slots: FloatArray[],
    c: Float64Array,
    mode: number,
    sums: Float64Array,
  ): void {
    const kernels = dtype === 'float32' ? float32 : float64
    const r = c.subarray(RULE_OFFSET)
    const { reductions } = kernelInfo(name)
    if (mode === MODE.asIs && reductions === 0) {
      kernels[name](slots, c, r, this.#sums, 0, length)
      return
    }
    for (let start = 0; start < length; start += BLOCK) {
      const end = Math.min(start + BLOCK, length)
      const block = slots.map((array) => array?.subarray(start, end))
      if (mode !== MODE.asIs) {
        const prepare = mode === MODE.decayed ? kernels.gradientDecayed : kernels.gradient
        const prepared = this.#preparedGradient(dtype)
        prepare([block[0], block[1], prepared], c, r, this.#sums, 0, end - start)
        block[1] = prepared
      }
      this.#sums.fill(0)
      kernels[name](block, c, r, this.#sums, 0, end - start)
      for (let k = 0; k < reductions; k++) sums[k] += fold(this.#sums, k * ACCUMULATORS)
    }
  }

  #preparedGradient(dtype: DType): FloatArray {
    const known = this.#prepared.get(dtype)
    if (known) return known
    const array = newArray(dtype, BLOCK)
    this.#prepared.set(dtype, array)
    return array
  }
}

export const jsBackend: Backend = {
  name: 'js',
  isa: 'none',
  memory: 'plain',
  createEngine: (tensors, block) => new JsEngine(tensors, block),
}
