// The test a compiled backend passes before it is accepted: a step and a sum give the bits of JavaScript.
import type { KernelName } from '../kernels'
import { allocate, MODE, newArray, ROW, vectorSpec } from '../memory'
import type { DType, FloatArray } from '../types'
import type { Backend } from './engine'

const LENGTH = 19 // some whole vectors and a tail, whatever the width
const KERNELS: readonly KernelName[] = ['adamwAmsgrad', 'squares']

/** The checksums of what JavaScript computes, so that it need not be loaded to compute it. */
const ANSWERS: Readonly<Record<DType, string>> = { float32: 'd371045d', float64: 'e15d11ba' }

/** What the kernels leave in p, its state and the sums, hashed to 32 bits. */
export function answer({ createEngine }: Backend, dtype: DType): string {
  const specs = [vectorSpec(dtype, LENGTH, true, 3)]
  const block = allocate('known answers', specs, 'plain')
  const engine = createEngine(specs, block)
  const arrays = [block.p[0], block.g[0], ...(block.state[0] as readonly FloatArray[])].map(
    (array) => array ?? newArray(dtype, LENGTH),
  )
  arrays.forEach((array, slot) => {
    for (let i = 0; i < LENGTH; i++) array[i] = (((i + 1) * (slot + 3)) % 11) / 3
    engine.bind(0, slot, array)
  })
  for (let i = 0; i < ROW; i++) block.coefficients[i] = 1 / (i + 1)
  block.control[1] = MODE.prepared
  for (const kernel of KERNELS) engine.run(kernel)
  let hash = 0
  for (const { buffer, byteOffset, byteLength } of [...arrays, block.sums])
    for (const word of new Uint32Array(buffer, byteOffset, byteLength / 4)) {
      hash = Math.imul(hash ^ word, 0x9e3779b1)
      hash ^= hash >>> 15 // Or wrong signs, the highest bits, would cancel in pairs.
    }
  return (hash >>> 0).toString(16)
}

/** Throws where a backend computes anything else than the reference does. */
export function checkAnswers(backend: Backend): void {
  for (const dtype of ['float32', 'float64'] as const) {
    const found = answer(backend, dtype)
    if (found === ANSWERS[dtype]) continue
    throw new Error(
      `its known-answer test failed (${backend.isa}, ${dtype}): expected checksum ${ANSWERS[dtype]}, got ${found}`,
    )
  }
}
