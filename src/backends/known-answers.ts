// The test a compiled backend passes before it is accepted: a step and a sum give the bits of JavaScript.
import type { KernelName } from '../kernels'
import { allocate, MODE, newArray, ROW, vectorSpec } from '../memory'
import type { DType, FloatArray } from '../types'
import type { Backend } from './engine'
import { jsBackend } from './js/driver'

const LENGTH = 19 // some whole vectors and a tail, whatever the width
const KERNELS: readonly KernelName[] = ['adamwAmsgrad', 'squares']

/** What the kernels leave in p, their state and the sums. */
function answers({ createEngine }: Backend, dtype: DType): FloatArray[] {
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
  return [...arrays, block.sums]
}

/** Throws where a backend computes anything else than the reference does. */
export function checkAnswers(backend: Backend): void {
  for (const dtype of ['float32', 'float64'] as const) {
    const expected = answers(jsBackend, dtype)
    answers(backend, dtype).forEach((array, k) => {
      const i = array.findIndex((value, i) => !Object.is(value, expected[k][i]))
      if (i < 0) return
      throw new Error(
        `its known-answer test failed (${backend.isa}, ${dtype}): expected ${expected[k][i]}, got ${array[i]}`,
      )
    })
  }
}
