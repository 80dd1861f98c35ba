// Wrappers give the same bits on every backend, at every length and kind of value; a state saved in the middle of a
// run goes on the same on any backend.
import { AdamW, EMA, type FloatArray, Lookahead, type OptimizerInterface, SAM, SGD, SWA } from 'cauchy'
import { describe, expect, test } from 'vitest'
import { backends, targets } from './backends'
import { type DType, expectSameBits, offsetCopy, STREAMS, surroundingsIntact, values } from './bits'

const LENGTHS = [...Array.from({ length: 66 }, (_, n) => n), 1003, 9001]
const STEPS = 7

const sgd = (params: never) => new SGD(params, { lr: 0.05 })
type Make = (params: never) => OptimizerInterface
const CASES: Record<string, Make> = {
  lookahead: (p) => new Lookahead(sgd(p), { k: 2, alpha: 0.3 }),
  lookahead1: (p) => new Lookahead(sgd(p), { k: 3, alpha: 1 }),
  ema: (p) => new EMA(sgd(p), { decay: 0.7 }),
  debiased: (p) => new EMA(sgd(p), { decay: 0.7, debias: true }),
  swa: (p) => new SWA(sgd(p), { start: 2, every: 2 }),
  sam: (p) => new SAM(sgd(p), { rho: 0.3 }),
  asam: (p) => new SAM(sgd(p), { rho: 0.3, adaptive: true, eta: 0.125 }),
  nested: (p) => new EMA(new Lookahead(new SAM(new AdamW(p, { lr: 0.02 }), { rho: 0.1 }), { k: 2 })),
}

const sets = new Map<string, FloatArray[]>()
function gradients(dtype: DType, stream: (typeof STREAMS)[number], t: number): FloatArray[] {
  const key = `${dtype} ${stream} ${t % 3}`
  const known = sets.get(key) ?? LENGTHS.map((n, k) => values(stream, dtype, n, (t % 3) + 101 * k, t % 3))
  sets.set(key, known)
  return known
}

/** The closure's gradient: from the stream, and dependent on where the parameters are. */
const closure = (params: readonly FloatArray[], stream: readonly FloatArray[]) => (grads: object) => {
  ;(grads as readonly FloatArray[]).forEach((g, k) => {
    for (let i = 0; i < g.length; i++) g[i] = stream[k][i] + 0.125 * params[k][i]
  })
  return 1
}

const start = (dtype: DType) => LENGTHS.map((n, k) => offsetCopy(values('normal', dtype, n, 1000 + k), k % 5))

function advance(
  opt: OptimizerInterface,
  dtype: DType,
  stream: (typeof STREAMS)[number],
  from: number,
  to: number,
) {
  const params = opt.params as FloatArray[]
  for (let t = from; t <= to; t++) opt.step(closure(params, gradients(dtype, stream, t)))
}

/** Every typed array in a state, with its path. */
function arraysOf(value: unknown, path = ''): [string, FloatArray][] {
  if (ArrayBuffer.isView(value)) return [[path, value as FloatArray]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => arraysOf(inner, `${path}.${key}`))
}

function expectSame(what: string, got: OptimizerInterface, want: OptimizerInterface): void {
  Object.values(want.params).forEach((array, k) => {
    expectSameBits(`${what}: tensor ${k}`, Object.values(got.params)[k], array)
  })
  const [actual, expected] = [got, want].map((opt) => arraysOf(opt.stateDict()))
  expect(actual.map(([path]) => path)).toEqual(expected.map(([path]) => path))
  expected.forEach(([path, array], i) => void expectSameBits(`${what}: ${path}`, actual[i][1], array))
}

const js = backends.find(({ backend }) => backend === 'js') as (typeof backends)[number]
const finished = new Map<string, OptimizerInterface>()
function reference(name: string, dtype: DType, stream: (typeof STREAMS)[number]): OptimizerInterface {
  const key = `${name} ${dtype} ${stream}`
  const known = finished.get(key)
  if (known) return known
  const opt = js.use(() => CASES[name](start(dtype) as never))
  advance(opt, dtype, stream, 1, STEPS)
  finished.set(key, opt)
  return opt
}

describe.each(targets)('$label', ({ available, use }) => {
  describe.skipIf(!available).each(Object.keys(CASES))('%s', (name) => {
    test.each(['float32', 'float64'] as const)('%s', (dtype) => {
      for (const stream of STREAMS) {
        const want = reference(name, dtype, stream)
        const opt = use(() => CASES[name](start(dtype) as never))
        advance(opt, dtype, stream, 1, STEPS)
        expectSame(stream, opt, want)
        expect((opt.params as FloatArray[]).every(surroundingsIntact)).toBe(true)
      }
    })

    test('parameters of its own, and a state from the middle of a run', () => {
      const own = use(() => CASES[name](LENGTHS.map((n) => [n]) as never))
      const first = start('float32')
      ;(own.params as FloatArray[]).forEach((array, k) => void array.set(first[k]))
      advance(own, 'float32', 'normal', 1, 4)
      const arrays = (own.params as FloatArray[]).map((array) => array.slice())
      const resumed = use(() => CASES[name](arrays as never))
      resumed.loadStateDict(own.stateDict())
      for (const opt of [own, resumed]) {
        advance(opt, 'float32', 'normal', 5, STEPS)
        expect(opt.stepCount).toBe(STEPS)
        expectSame('resumed', opt, reference(name, 'float32', 'normal'))
      }
    })
  })
})
