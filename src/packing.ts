// Low-precision state: the options, the arrays each format keeps, and the keys of its random numbers.
import { type ArraySpec, KEY, newArray, PACKING, SCALED } from './memory'
import { integer, type OptionSpecs, oneOf } from './options'
import type { CommonOptions, Rule } from './rule'
import type { TensorInfo } from './tensors'
import type { StateArray, StateDtype } from './types'

/**
 * Options of the rules that can keep their state in low precision. Parameters, float32 all, are updated from moments in
 * float32, which are rounded afterwards.
 *
 * 'bf16': the upper half of each float32, in a Uint16Array; 2 bytes. First moments are rounded to the nearest, ties to
 * even, which follows decay rates up to 0.996; second moments stochastically, for to the nearest they would stay where
 * they are. NaN is 0x7fc0.
 *
 * 'int8': codes of 8 bits in a Uint8Array `name`, and in a Float32Array `nameScales` a scale for every 256 elements, the
 * last block shorter; 1.016 bytes. Tensors of fewer than 4096 elements keep float32.
 * ```text
 * y = 1 + |x| / scale                  scale = max|x| / 247 for a first, max|x| / 63487 for a second moment
 * q = the float32 bits of y, less those of 1, without the last 19: 16 even steps from each power of two to the next
 * |x| = scale·(y(q) − 1)               q = 0 is 0
 * ```
 * q has 7 bits and a sign above them, or 8 bits. It is rounded stochastically; a second moment above 0 never becomes 0. A
 * block below 2⁻¹⁰⁰ has scale 0, one with a NaN or an infinity has scale NaN and is NaN from then on.
 *
 * Stochastic rounding: up with the probability of what is cut off, by random bits of which `seed`, the parameter's name,
 * its step and the element's index (modulo 2³²) decide; the same on every backend.
 *
 * @example
 * ```ts
 * import { AdamW, memoryPlan } from 'cauchy'
 * const opt = new AdamW({ w: [256, 256] }, { stateDtype: 'int8', seed: 1 })
 * opt.grads.w.fill(1)
 * opt.step()
 * opt.stateDict().state.w.expAvg.constructor.name // → 'Uint8Array'
 * memoryPlan({ w: [256, 256] }, 'AdamW', { stateDtype: 'int8' }).statePerParam // → 2.03125
 * ```
 */
export interface PackingOptions {
  /** The format of the state, fixed at construction. Default 'float32'. */
  stateDtype: StateDtype
  /** Of the random numbers that round low-precision state; an integer ≥ 0. Default 0. */
  seed: number
}

export const packingOptions: OptionSpecs<PackingOptions> = {
  stateDtype: oneOf('float32', ['float32', 'bf16', 'int8']),
  seed: integer(0, 0),
}

/** Under 'int8', tensors of fewer elements keep float32 state: there is little to gain. */
const SMALL = 4096

/** A tensor's state arrays in order, moments before their scales, and how they are packed. */
export interface StatePlan {
  readonly names: readonly string[]
  readonly arrays: readonly ArraySpec[]
  /** As in `TensorSpec`. */
  readonly packing: number
}

/** @throws TypeError for a float64 parameter with low-precision state. */
export function planState<O extends CommonOptions>(
  who: string,
  rule: Rule<O>,
  options: O,
  { name: parameter, dtype, length, shape }: TensorInfo,
): StatePlan {
  const names = rule.state(options, shape)
  const { stateDtype = 'float32' } = options as Partial<PackingOptions>
  if (stateDtype !== 'float32' && dtype === 'float64') {
    const wanted = `float32, of which stateDtype ${JSON.stringify(stateDtype)} keeps the state`
    throw new TypeError(`${who}: parameter ${JSON.stringify(parameter)} must be ${wanted}, got float64`)
  }
  if (stateDtype === 'float32' || (stateDtype === 'int8' && length < SMALL)) {
    const arrays = names.map((name) => ({ dtype, length: rule.extent?.(name, shape) ?? length }))
    return { names, arrays, packing: 0 }
  }
  const format = stateDtype === 'bf16' ? 'bf16' : 'int8'
  const packing = names.reduce((all, name, k) => {
    const kind = rule.moments?.[name] === 'second' ? 'Second' : 'First'
    return all | (PACKING[`${format}${kind}`] << (8 * k))
  }, 0)
  if (format === 'bf16') return { names, arrays: names.map(() => ({ dtype: 'uint16', length })), packing }
  const scales = { dtype: 'float32', length: Math.ceil(length / SCALED) } as const
  return {
    names: [...names, ...names.map((name) => `${name}Scales`)],
    arrays: [...names.map(() => ({ dtype: 'uint8', length }) as const), ...names.map(() => scales)],
    packing,
  }
}

export const isPacked = (array: StateArray): boolean => array.BYTES_PER_ELEMENT < 4

/** Sets every element of a state array to a value; `scales` belong to an array of bytes. */
export function fillArray(array: StateArray, scales: StateArray | undefined, value: number): void {
  if (!isPacked(array)) array.fill(value)
  else if (scales === undefined) array.fill(nearestBf16(value))
  else {
    // The largest of a block is the last code.
    array.fill(255)
    scales.fill(value / 63487)
  }
}

/** The bits of the bfloat16 nearest to a positive value, ties to even. */
function nearestBf16(value: number): number {
  const [bits] = new Uint32Array(newArray('float32', 1).fill(value).buffer)
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

/** A parameter's name as 64 bits. */
export type NameKey = readonly [number, number]

export function nameKey(name: string): NameKey {
  const mix = (basis: number) =>
    Array.from({ length: name.length }, (_, i) => name.charCodeAt(i)).reduce(absorb, basis)
  return [mix(0x9e3779b9), mix(0x7f4a7c15)]
}

/**
 * Writes to a row of coefficients what decides a tensor's random numbers in one step: a multiplier and an offset for the
 * hash of each element's index.
 */
export function writeKey(c: Float64Array, row: number, seed: number, [a, b]: NameKey, step: number): void {
  const words = [seed, Math.floor(seed / 2 ** 32), step, Math.floor(step / 2 ** 32)]
  c[row + KEY] = (words.reduce(absorb, a) | 1) >>> 0
  c[row + KEY + 1] = words.reduce(absorb, b) >>> 0
}

/** One more word mixed into 32 bits: murmur3's finalizer. */
function absorb(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h ^= h >>> 16
  return (h + 0x9e3779b9) | 0
}
