// MADGRAD's cube root, element by element on every backend, against the engine's in float64.
import { type FloatArray, MADGRAD } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends } from './backends'
import { arrayType, type DType, generator } from './bits'

const RANGE = { float32: [-100, 126], float64: [-900, 1022] }

/** Powers of two and of eight with their neighbours, and values over the whole range of exponents. */
function values(dtype: DType): FloatArray {
  const [low, high] = RANGE[dtype]
  const random = generator(7)
  const ulp = dtype === 'float32' ? 2 ** -23 : 2 ** -52
  const list: number[] = []
  for (let e = low; e < high; e++) {
    list.push(2 ** e, 2 ** e * (1 + ulp), 2 ** e * (2 - ulp))
    for (let k = 0; k < 20; k++) list.push(2 ** e * (1 + random()))
  }
  return arrayType(dtype).from(list)
}

/** ∛v as MADGRAD computes it: with s = −1 and no gradient, a step leads from 0 to 1/∛v. */
function inverseCubeRoots(v: FloatArray): FloatArray {
  const zeros = new (v.constructor as typeof Float64Array)(v.length) as FloatArray
  const w = zeros.slice()
  const opt = new MADGRAD({ w }, { momentum: 0, eps: 0 })
  const saved = opt.stateDict()
  saved.state.w = { step: 1, gradSumSq: v, s: zeros.slice().fill(-1), x0: zeros }
  opt.loadStateDict(saved)
  opt.step({ w: zeros })
  expect(opt.stateDict().state.w.gradSumSq).toEqual(v)
  return w
}

describe.each(backends)('$label', ({ use }) => {
  test.each(['float32', 'float64'] as const)('%s: within 1 ulp, before the division', (dtype) => {
    const v = values(dtype)
    const got = use(() => inverseCubeRoots(v))
    const epsilon = dtype === 'float32' ? 2 ** -23 : 2 ** -52
    v.forEach((x, i) => {
      // An ulp of the root is at most epsilon of it; the division adds half as much, Math.cbrt in float64 one more.
      const allowed = (dtype === 'float32' ? 1.5 : 2.5) * epsilon
      const error = Math.abs(got[i] * Math.cbrt(x) - 1)
      if (!(error <= allowed)) throw new Error(`∛${x}: off by ${error / epsilon} ulp`)
    })
    expect(v.length).toBeGreaterThan(5000)
  })

  test('no gradient yet, and eps 0: nothing moves', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const w = arrayType(dtype).of(3, -2, 0)
      const opt = use(() => new MADGRAD({ w }, { eps: 0, lr: 0.1 }))
      for (let t = 0; t < 3; t++) opt.step({ w: arrayType(dtype).of(0, 0, 0) })
      expect([...w]).toEqual([3, -2, 0])
    }
  })
})
