// The optimizers without their types, to pass what types forbid and to take every rule through one test.

import {
  Adagrad,
  Adam,
  AdamW,
  type BackendInfo,
  type DType,
  type FloatArray,
  LAMB,
  RMSprop,
  SGD,
  type StepInfo,
} from 'cauchy'
import { expect } from 'vitest'

export type Options = Record<string, unknown>

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
  stateDict(): State
  loadStateDict(state: unknown): void
}

export interface RuleUnderTest {
  readonly name: keyof typeof CLASSES
  create(params: unknown, options?: unknown): Untyped
  /** Options at non-default values, one set for each structural variant; the first one keeps state. */
  readonly variants: readonly Options[]
}

const CLASSES = { SGD, Adagrad, RMSprop, Adam, AdamW, LAMB }

function rule(name: RuleUnderTest['name'], ...variants: Options[]): RuleUnderTest {
  const Optimizer = CLASSES[name] as unknown as new (params: unknown, options?: unknown) => Untyped
  return { name, create: (params, options) => new Optimizer(params, options), variants }
}

const decay = { weightDecay: 0.03 }
const adam = { lr: 0.05, betas: [0.8, 0.95], eps: 1e-3, epsRoot: 1e-4, ...decay }

export const RULES: readonly RuleUnderTest[] = [
  rule(
    'SGD',
    { lr: 0.1, momentum: 0.9, dampening: 0.25, ...decay },
    { lr: 0.1, ...decay, maximize: true },
    { lr: 0.1, momentum: 0.8, ...decay, nesterov: true },
    { lr: 0.1, momentum: 0.9, ...decay, momentumForm: 'ema', maximize: true },
    { lr: 0.1, momentum: 0.9, ...decay, momentumForm: 'ema', nesterov: true },
  ),
  rule(
    'Adagrad',
    { lr: 0.1, lrDecay: 0.2, ...decay, initialAccumulatorValue: 0.1, eps: 1e-3 },
    { lr: 0.1, lrDecay: 0.1, ...decay, eps: 1e-3, epsInSqrt: true, maximize: true },
  ),
  rule(
    'RMSprop',
    { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, momentum: 0.8, centered: true },
    { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, epsInSqrt: true },
    { lr: 0.05, alpha: 0.8, eps: 1e-2, ...decay, centered: true, maximize: true },
    { lr: 0.05, alpha: 0.9, eps: 1e-3, ...decay, momentum: 0.8, lrInBuffer: true },
    { lr: 0.05, alpha: 0.9, eps: 1e-3, momentum: 0.5, centered: true, epsInSqrt: true, lrInBuffer: true },
  ),
  rule('Adam', { ...adam, amsgrad: true }, { ...adam, maximize: true }),
  rule('AdamW', { ...adam, amsgrad: true, maximize: true }, adam),
  rule('LAMB', adam, { ...adam, maximize: true, weightDecay: 0 }),
]

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
