// The optimizers without their types, to pass what types forbid and to take every rule through one test.

import type { BackendInfo, DType, FloatArray, StepInfo } from 'cauchy'
import { expect } from 'vitest'
import { classes, type Row, rows } from './catalogue'

export type { Options } from './catalogue'

export interface State {
  rule: unknown
  step: unknown
  groups: Record<string, unknown>[]
  state: Record<string, Record<string, number | FloatArray>>
}

export interface Untyped {
  readonly groups: Record<string, unknown>[]
  readonly params: Record<string, FloatArray>
  readonly grads: Record<string, FloatArray>
  readonly stepCount: number
  readonly backend: BackendInfo
  step(grads?: unknown, options?: unknown): StepInfo
  zeroGrad(): void
  readonly mode: 'train' | 'eval'
  train(): void
  eval(): void
  stateDict(): State
  loadStateDict(state: unknown): void
}

export interface RuleUnderTest extends Row {
  readonly name: string
  /** Its options by which parameters decay. */
  readonly decays: readonly string[]
  create(params: unknown, options?: unknown): Untyped
  has(option: string): boolean
}

export const RULES: readonly RuleUnderTest[] = Object.entries(classes).map(([name, Class]) => {
  const Optimizer = Class as unknown as new (params: unknown, options?: unknown) => Untyped
  const create = (params: unknown, options?: unknown) => new Optimizer(params, options)
  const [defaults] = create([[1]]).groups
  const has = (option: string) => option in defaults
  return { name, decays: ['weightDecay', 'lambd'].filter(has), create, has, ...rows[name] }
})

/** Those that step on gradients alone, where null leaves a tensor untouched. */
export const GRADIENT_RULES = RULES.filter(({ closure }) => !closure)

/** Those that do with each tensor what they do with it alone. */
export const UNCOUPLED_RULES = RULES.filter(({ couples }) => !couples)

export const ruleNamed = (name: string) => RULES.find((rule) => rule.name === name) as RuleUnderTest

/** Reproducible values in (−1, 1), none of them zero. */
export function noise(seed: number, length: number, dtype: DType): FloatArray {
  const value = (_: unknown, i: number) => {
    let x = Math.imul(seed, 0x9e3779b1) + Math.imul(i + 1, 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return ((x ^ (x >>> 15)) >>> 8) / 2 ** 23 - 1 + 2 ** -24
  }
  const values = Array.from({ length }, value)
  return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
}

/** All bits of an array, as text; a detached array has none. */
export const bits = (array: FloatArray): string =>
  array.length === 0
    ? ''
    : Buffer.from(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength).toString('hex')

/** Everything an optimizer is, and the arrays given, bit for bit. */
export function snapshot(opt: Untyped, ...arrays: readonly FloatArray[]): unknown {
  const { state, ...scalars } = opt.stateDict()
  return {
    arrays: [...Object.values(opt.params), ...arrays].map(bits),
    state: Object.entries(state).map(([name, slots]) => [
      name,
      Object.entries(slots).map(([slot, value]) => [slot, typeof value === 'number' ? value : bits(value)]),
    ]),
    scalars,
    groups: opt.groups.map((group) => ({ ...group })),
    stepCount: opt.stepCount,
  }
}

export type ErrorClass = new (message?: string) => Error

/** `run` throws exactly this class with this message, and what `state` returns is the same afterwards. */
export function expectError(
  run: () => unknown,
  type: ErrorClass,
  message: string | RegExp,
  state: () => unknown = () => undefined,
): Error {
  const before = state()
  let error: unknown
  try {
    run()
  } catch (thrown) {
    error = thrown
  }
  expect(error, 'nothing was thrown').toBeInstanceOf(Error)
  const { name, message: text } = error as Error
  expect({ name, text }).toEqual({
    name: type.name,
    text: typeof message === 'string' ? message : expect.stringMatching(message),
  })
  expect((error as Error).constructor).toBe(type)
  expect(state()).toEqual(before)
  return error as Error
}

/** Takes the memory of an array away, as a transfer to a worker does. */
export function detach<A extends FloatArray>(array: A): A {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] })
  return array
}

/** A float32 array over a buffer that may still change its size, where the runtime has such. */
export const resizable = (length: number) =>
  new Float32Array(new (ArrayBuffer as never as Sizable)(length * 4, { maxByteLength: length * 8 }))
export const growable = (length: number) =>
  new Float32Array(new (SharedArrayBuffer as never as Sizable)(length * 4, { maxByteLength: length * 8 }))
type Sizable = new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer

export const hasResizable = 'resizable' in ArrayBuffer.prototype
export const hasGrowable = 'growable' in SharedArrayBuffer.prototype
