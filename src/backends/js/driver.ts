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
  SLOTS,
  SUMS,
  type TensorSpec,
} from '../../memory'
import { fold, foldMax, larger } from '../../reduce'
import type { DType, FloatArray, StateArray } from '../../types'
import type { Backend, Engine } from '../engine'
import { drivePacked } from './packed?float32'

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

  bind(tensor: number, slot: number, array: StateArray): void {
    this.#slots[tensor][slot] = array as FloatArray
  }

  run(kernel: KernelName): void {
    const { control, coefficients, sums } = this.#block
    this.#tensors.forEach((tensor, t) => {
      const row = control[2 * t]
      if (row < 0) return
      const c = coefficients.subarray(row * ROW, (row + 1) * ROW)
      const slots = this.#slots[t]
      const mode = control[2 * t + 1]
      const { kind } = kernelInfo(kernel)
      if (kind === 'ROWS') this.#driveRows(kernel, tensor, slots, c, mode)
      else if (kind === 'MATRIX') this.#driveMatrix(kernel, tensor, slots, c)
      else this.#drive(kernel, tensor, slots, c, mode, sums.subarray(t * SUMS))
    })
  }

  // As native/driver.h: in blocks where the gradient is prepared or sums are taken.
  #drive(
    name: KernelName,
    { dtype, length, packing }: TensorSpec,
    slots: FloatArray[],
    c: Float64Array,
    mode: number,
    sums: Float64Array,
  ): void {
    const kernels = dtype === 'float32' ? float32 : float64
    const r = c.subarray(RULE_OFFSET)
    const { reductions } = kernelInfo(name)
    if (packing !== 0 && reductions === 0) {
      // Sums are taken of gradients alone.
      drivePacked({ length, packing }, slots, c, (block, size) => {
        if (mode !== MODE.asIs) this.#prepare(dtype, block, c, mode, size)
        kernels[name](block, c, r, this.#sums, 0, size)
      })
      return
    }
    if (mode === MODE.asIs && reductions === 0) {
      kernels[name](slots, c, r, this.#sums, 0, length)
      return
    }
    for (let start = 0; start < length; start += BLOCK) {
      const end = Math.min(start + BLOCK, length)
      const block = slots.map((array) => array?.subarray(start, end))
      if (mode !== MODE.asIs) this.#prepare(dtype, block, c, mode, end - start)
      this.#sums.fill(0)
      kernels[name](block, c, r, this.#sums, 0, end - start)
      for (let k = 0; k < reductions; k++) sums[k] += fold(this.#sums, k * ACCUMULATORS)
    }
  }

  // Row by row; each row's reductions are joined to what the last working array holds for it.
  #driveRows(
    name: KernelName,
    { dtype, length, rows, columns }: TensorSpec,
    slots: FloatArray[],
    c: Float64Array,
    mode: number,
  ): void {
    const kernels = dtype === 'float32' ? float32 : float64
    const { reductions, fold: kind, shapes = '' } = kernelInfo(name)
    const results = slots[SLOTS - 1]
    const count = columns === 0 ? 0 : length / columns
    for (let row = 0; row < count; row++) {
      const matrix = Math.floor(row / rows)
      for (let start = 0; start < columns; start += BLOCK) {
        const size = Math.min(columns - start, BLOCK)
        const block = Array.from(shapes, (shape, slot) => {
          if (shape === 'r') return slots[slot].subarray(row, row + 1)
          const at = (shape === 't' ? row : matrix) * columns + start
          return slots[slot]?.subarray(at, at + size)
        })
        if (mode !== MODE.asIs) this.#prepare(dtype, block, c, mode, size)
        this.#sums.fill(0)
        kernels[name](block, c, c.subarray(RULE_OFFSET), this.#sums, 0, size)
        for (let k = 0; k < reductions; k++) {
          const at = row * reductions + k
          if (kind === 'sum') results[at] += fold(this.#sums, k * ACCUMULATORS)
          else results[at] = larger(results[at], foldMax(this.#sums, k * ACCUMULATORS))
        }
      }
    }
  }

  #driveMatrix(
    name: KernelName,
    { dtype, rows, columns }: TensorSpec,
    slots: FloatArray[],
    c: Float64Array,
  ): void {
    const kernels = dtype === 'float32' ? float32 : float64
    kernels[name](slots, c, c.subarray(RULE_OFFSET), this.#sums, rows, columns)
  }

  // Puts the prepared gradient in place of the tensor's.
  #prepare(dtype: DType, block: FloatArray[], c: Float64Array, mode: number, length: number): void {
    const kernels = dtype === 'float32' ? float32 : float64
    const kernel = mode === MODE.decayed ? kernels.gradientDecayed : kernels.gradient
    const prepared = this.#preparedGradient(dtype)
    kernel([block[0], block[1], prepared], c, c.subarray(RULE_OFFSET), this.#sums, 0, length)
    block[1] = prepared
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
