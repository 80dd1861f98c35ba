// Low-precision state: the options, the arrays each format keeps, and the keys of its random numbers.
import { type ArraySpec, KEY, newArray, PACKING, SCALED } from './memory'
import { integer, type OptionSpecs, oneOf } from './options'
import type { CommonOptions, Rule } from './rule'
import type { TensorInfo } from './tensors'
import type { StateArray, StateDtype } from './types'

/** Options of the rules that can keep their state in low precision. */
export interface PackingOptions {
  /** The format of the state, float32 parameters only. Default 'float32'. */
  stateDtype: StateDtype
  /** Of the random numbers that round low-precision state. Default 0. */
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
export function fillState(array: StateArray, scales: StateArray | undefined, value: number): void {
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
