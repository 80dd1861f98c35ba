// The tests of the central promise: every rule gives the same bits, parameters and state, on every backend and
// instruction set, at every length, offset and kind of value, as the executable reference in plain JavaScript.
import type { FloatArray, StepOptions } from 'cauchy'
import { afterAll, describe, expect, test } from 'vitest'
import { backends, type Target, targets } from './backends'
import {
  type DType,
  expectSameBits,
  expectSameState,
  offsetCopy,
  STREAMS,
  surroundingsIntact,
  values,
} from './bits'
import { type AnyOptimizer, classes, rows } from './catalogue'

// 0 … 4·lanes + 1 for the widest lanes (16), and one odd length over several reduction rows.
const LENGTHS = [...Array.from({ length: 66 }, (_, n) => n), 1003]
// Several blocks of scales and of staging, and what is left of one.
const PACKED_LENGTHS = [...LENGTHS.slice(0, 66), 255, 256, 257, 4095, 4096, 4097, 4352, 3 * 4096 + 5]
const STEPS = 100
const CHECKPOINTS = [1, 2, 100]

const PIPELINES: Record<string, StepOptions | undefined> = {
  plain: undefined,
  clipped: { gradScale: 0.5, clipValue: 1.25, clipNorm: 3 },
}

interface Snapshot {
  params: FloatArray[]
  state: ReturnType<AnyOptimizer['stateDict']>
}

interface Run {
  name: string
  options: object
  dtype: DType
  stream: (typeof STREAMS)[number]
  lengths: readonly number[]
  steps: number
  step: StepOptions | undefined
}

const gradientSets = new Map<string, FloatArray[][]>()

// Five sets of gradients, one for the first step, the others in turn; shared by all runs of one kind.
function gradients({ dtype, stream, lengths, steps }: Run): FloatArray[][] {
  const key = `${dtype} ${stream} ${lengths} ${steps}`
  const known = gradientSets.get(key)
  if (known) return known
  const sets = Array.from({ length: Math.min(5, steps) }, (_, t) =>
    lengths.map((length, k) => offsetCopy(values(stream, dtype, length, t + 101 * k, t + 1), (k + 1) % 4)),
  )
  gradientSets.set(key, sets)
  return sets
}

function trajectory(run: Run, form: 'caller' | 'owned', make: (params: never) => AnyOptimizer): Snapshot[] {
  const { dtype, lengths, steps, step } = run
  const start = lengths.map((length, k) => values('normal', dtype, length, 1000 + k))
  const opt = make(
    (form === 'owned'
      ? lengths.map((length) => [length])
      : start.map((array, k) => offsetCopy(array, k % 5))) as never,
  )
  const params = opt.params as unknown as FloatArray[]
  if (form === 'owned') params.forEach((array, k) => void array.set(start[k]))
  const sets = gradients(run)
  const snapshots: Snapshot[] = []
  for (let t = 1; t <= steps; t++) {
    opt.step(sets[t === 1 ? 0 : 1 + (t % (sets.length - 1))], step)
    if (CHECKPOINTS.includes(t) || t === steps) {
      snapshots.push({ params: params.map((array) => array.slice()), state: opt.stateDict() })
    }
  }
  if (opt.stateDict().mode !== undefined) {
    for (const mode of ['eval', 'train'] as const) {
      opt[mode]()
      snapshots.push({ params: params.map((array) => array.slice()), state: opt.stateDict() })
    }
  }
  if (form === 'caller') expect(params.every(surroundingsIntact)).toBe(true)
  expect(sets.flat().every(surroundingsIntact)).toBe(true)
  return snapshots
}

const reference = backends.find(({ backend }) => backend === 'js') as Target
const expected = new Map<string, Snapshot[]>()

function expectedOf(run: Run): Snapshot[] {
  const key = JSON.stringify(run)
  const known = expected.get(key)
  if (known) return known
  const snapshots = trajectory(run, 'caller', (params) =>
    reference.use(() => new classes[run.name](params, run.options)),
  )
  expected.set(key, snapshots)
  return snapshots
}

function compare(run: Run, form: 'caller' | 'owned', target: Target): void {
  const actual = trajectory(run, form, (params) => {
    const opt = target.use(() => new classes[run.name](params, { ...run.options, dtype: run.dtype }))
    expect(opt.backend).toMatchObject({ name: target.backend, ...(target.isa && { isa: target.isa }) })
    return opt
  })
  expectedOf(run).forEach(({ params, state }, i) => {
    const where = `${form}, ${run.stream}, checkpoint ${i}`
    params.forEach((array, k) => void expectSameBits(`${where}: tensor ${k}`, actual[i].params[k], array))
    expectSameState(where, actual[i].state, state)
  })
}

type Case = Pick<Run, 'name' | 'options'>

/** A test for every other backend of each case; what they are compared with is kept no longer than that. */
function eachTarget(title: string, cases: readonly Case[], run: (given: Case, target: Target) => void): void {
  describe.each(cases)(title, (given) => {
    afterAll(() => expected.clear())
    test.for(targets.filter((target) => target !== reference))('$label', (target, { skip }) => {
      if (!target.available) skip()
      run(given, target)
    })
  })
}

function compareAll(run: Omit<Run, 'stream' | 'step'>, target: Target): void {
  for (const stream of STREAMS) {
    for (const step of Object.values(PIPELINES)) {
      for (const form of ['caller', 'owned'] as const) compare({ ...run, stream, step }, form, target)
    }
  }
}

/** Every variant in one element type. */
export function conformance(dtype: DType): void {
  const cases = Object.entries(rows).flatMap(([name, { variants }]) =>
    variants.map((options) => ({ name, options })),
  )
  eachTarget('$name $options', cases, (given, target) => {
    compareAll({ ...given, dtype, lengths: LENGTHS, steps: STEPS }, target)
    const long = { ...given, dtype, lengths: [65536], steps: 3 }
    for (const form of ['caller', 'owned'] as const) {
      compare({ ...long, stream: 'normal', step: PIPELINES.clipped }, form, target)
      compare({ ...long, stream: 'scales', step: undefined }, form, target)
    }
  })
}

/** Every variant that keeps its state in low precision. */
export function packedConformance(): void {
  const cases = Object.entries(rows).flatMap(([name, { packed = [] }]) =>
    packed.map((options) => ({ name, options })),
  )
  eachTarget('$name, $options.stateDtype', cases, (given, target) => {
    compareAll({ ...given, dtype: 'float32', lengths: PACKED_LENGTHS, steps: 12 }, target)
  })
}
