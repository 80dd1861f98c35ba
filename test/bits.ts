// Comparing arrays bit for bit, NaN as NaN, and making arrays of every kind of value.
import type { FloatArray, StateArray } from 'cauchy'

export type DType = 'float32' | 'float64'

export const arrayType = (dtype: DType) => (dtype === 'float32' ? Float32Array : Float64Array)

/** Throws, naming the first element that differs; −0 differs from +0. */
export function expectSameBits(what: string, actual: StateArray, expected: StateArray): void {
  if (actual.constructor !== expected.constructor || actual.length !== expected.length) {
    throw new Error(
      `${what}: ${actual.constructor.name}(${actual.length}) is not ${expected.constructor.name}(${expected.length})`,
    )
  }
  for (let i = 0; i < actual.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      throw new Error(`${what}[${i}] of ${actual.length}: expected ${expected[i]}, got ${actual[i]}`)
    }
  }
}

interface Saved {
  state: Record<string, Record<string, number | StateArray>>
}

/** Everything two optimizers hold: parameters and state. */
export function expectSameState(what: string, actual: Saved, expected: Saved): void {
  const names = ({ state }: Saved) =>
    JSON.stringify(Object.entries(state).map(([name, tensor]) => [name, Object.keys(tensor)]))
  if (names(actual) !== names(expected))
    throw new Error(`${what}: ${names(actual)} is not ${names(expected)}`)
  for (const [name, tensor] of Object.entries(expected.state)) {
    for (const [slot, value] of Object.entries(tensor)) {
      const got = actual.state[name][slot]
      if (typeof value === 'number') {
        if (!Object.is(got, value)) throw new Error(`${what}: ${name}.${slot}: expected ${value}, got ${got}`)
      } else {
        expectSameBits(`${what}: ${name}.${slot}`, got as StateArray, value)
      }
    }
  }
}

/** A small seeded generator for test data (Park and Miller's, as good as this needs). */
export function generator(seed: number): () => number {
  let state = seed % 2147483647 || 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const SPECIAL = {
  float32: [
    0,
    -0,
    1e-45,
    -3e-39,
    1.1754943508222875e-38,
    2 ** -100,
    1e-31,
    2 ** -58,
    -1e-19,
    1e19,
    -3e38,
    3.4028234663852886e38,
    Infinity,
    -Infinity,
    NaN,
  ],
  float64: [
    0,
    -0,
    5e-324,
    -3e-310,
    2.2250738585072014e-308,
    2 ** -900,
    1e-272,
    2 ** -500,
    -1e-160,
    1e160,
    -1e308,
    1.7976931348623157e308,
    Infinity,
    -Infinity,
    NaN,
  ],
}

export const STREAMS = ['normal', 'scales', 'special', 'dead'] as const

/**
 * Values of a stream: around 1; over the whole range of magnitudes; every special value; small ones at step 1 and zeros
 * thereafter, so that what remembers them decays.
 */
export function values(
  stream: (typeof STREAMS)[number],
  dtype: DType,
  length: number,
  seed: number,
  step = seed,
): FloatArray {
  const random = generator(seed * 7919 + 13)
  const span = dtype === 'float32' ? 290 : 2000
  const one = (i: number) => {
    const x = 4 * random() - 2
    if (stream === 'scales') return x * 2 ** Math.round((random() - 0.6) * span)
    if (stream === 'special' && random() < 0.5) return SPECIAL[dtype][(i + seed) % SPECIAL[dtype].length]
    if (stream === 'dead') return step > 1 ? 0 : x * 2 ** -Math.round(random() * 0.45 * span)
    return x
  }
  const array = new (arrayType(dtype))(length)
  for (let i = 0; i < length; i++) array[i] = one(i)
  return array
}

/** The same values in a sub-array that starts `offset` elements into its buffer, among others that must stay. */
export function offsetCopy(array: FloatArray, offset: number): FloatArray {
  const Type = array.constructor as typeof Float32Array
  const whole = new Type(array.length + offset + 3).fill(77)
  whole.set(array as Float32Array, offset)
  return whole.subarray(offset, offset + array.length)
}

/** Whether what surrounds an `offsetCopy` is still untouched. */
export function surroundingsIntact(array: FloatArray): boolean {
  const whole: Float32Array = new (array.constructor as typeof Float32Array)(array.buffer as ArrayBuffer)
  const start = array.byteOffset / array.BYTES_PER_ELEMENT
  return whole.every((x, i) => x === 77 || (i >= start && i < start + array.length))
}
