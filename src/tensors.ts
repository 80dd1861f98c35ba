// From what the user passes as parameters to a flat list of named tensors in named groups.
import { checkNames, kindError, valueError } from './check'
import { Places } from './places'
import type { DType, ElementType, FloatArray, Shape, StateArray } from './types'

export interface TensorInfo {
  readonly name: string
  readonly dtype: DType
  readonly length: number
  readonly shape: Shape
  /** The caller's array, or null when the optimizer owns the tensor. */
  readonly data: FloatArray | null
  readonly group: number
}

export interface ParsedParams {
  /** Whether tensors came, and gradients come, in lists or in records. */
  readonly form: 'list' | 'record'
  readonly tensors: readonly TensorInfo[]
  /** Each group's own options. */
  readonly groups: readonly Record<string, unknown>[]
}

const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

/** 'Float32Array' and the like for a typed array of any realm, else undefined. */
export function typedArrayName(value: unknown): string | undefined {
  return tag?.get?.call(value)
}

/** The value as a float array that kernels may use: not detached, not resizable. */
export const checkFloatArray = (who: string, value: unknown): FloatArray =>
  checkArray(who, value, 'a Float32Array or Float64Array', 'float32', 'float64') as FloatArray

function checkArray(who: string, value: unknown, wanted: string, ...types: ElementType[]): StateArray {
  const array = value as StateArray
  if (typedArrayName(value) === undefined || !types.includes(elementTypeOf(array))) {
    throw kindError(who, wanted, value)
  }
  const buffer = array.buffer as { resizable?: boolean; growable?: boolean }
  if (buffer.resizable || buffer.growable) {
    throw new TypeError(`${who} must not be over a resizable buffer: its memory may go away under a kernel`)
  }
  checkNotDetached(who, array)
  return array
}

export function checkNotDetached(who: string, array: Pick<StateArray, 'length' | 'buffer'>): void {
  if (isDetached(array)) throw new TypeError(`${who} must not be detached (its buffer was transferred)`)
}

/** A detached array has lost its memory: length 0, offset 0 and a buffer that no view can be made of. */
function isDetached(array: Pick<StateArray, 'length' | 'buffer'>): boolean {
  if (array.length !== 0 || array.buffer.byteLength !== 0) return false
  try {
    new Uint8Array(array.buffer)
    return false
  } catch {
    return true
  }
}

/** An array of a saved state, of a given kind if one is given; what JSON leaves of one is told apart, with the remedy. */
export function checkSavedArray(
  who: string,
  value: unknown,
  wanted?: { readonly dtype: DType; readonly length: number },
): FloatArray
export function checkSavedArray(
  who: string,
  value: unknown,
  wanted: { readonly dtype: ElementType; readonly length: number },
): StateArray
export function checkSavedArray(
  who: string,
  value: unknown,
  wanted?: { readonly dtype: ElementType; readonly length: number },
): StateArray {
  const kind = wanted
    ? `a ${wanted.dtype} array of length ${wanted.length}`
    : 'a Float32Array or Float64Array'
  if (typedArrayName(value) === undefined && typeof value === 'object' && value !== null) {
    const remedy =
      'JSON does not keep typed arrays: save the state with encodeState, structuredClone or IndexedDB'
    throw new TypeError(`${kindError(who, kind, value).message}; ${remedy}`)
  }
  const packed = wanted !== undefined && !wanted.dtype.startsWith('float')
  const array = packed ? checkArray(who, value, kind, wanted.dtype) : checkFloatArray(who, value)
  if (wanted && (elementTypeOf(array) !== wanted.dtype || array.length !== wanted.length)) {
    throw kindError(who, kind, array)
  }
  return array
}

/** The type of an array's elements, whatever realm it is from. */
export const elementTypeOf = (array: StateArray): ElementType =>
  (typedArrayName(array) as string).slice(0, -'Array'.length).toLowerCase() as ElementType

export const dtypeOf = (array: FloatArray): DType => (array.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64')

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

export function checkShape(who: string, shape: unknown): { shape: Shape; length: number } {
  if (!Array.isArray(shape)) throw kindError(who, 'a shape (an array of dimensions)', shape)
  let length = 1
  for (const size of shape) {
    if (typeof size !== 'number') throw kindError(`${who}: a dimension`, 'an integer ≥ 0', size)
    if (!Number.isInteger(size) || size < 0) throw valueError(`${who}: a dimension`, 'an integer ≥ 0', size)
    length *= size
  }
  if (!(length <= 2 ** 48)) throw valueError(`${who}: the number of elements`, 'at most 2^48', length)
  return { shape: Object.freeze([...shape]), length }
}

function parseTensor(who: string, value: unknown, dtype: DType): Omit<TensorInfo, 'name' | 'group'> {
  if (Array.isArray(value)) return { ...checkShape(`${who}: the shape`, value), dtype, data: null }
  if (isRecord(value) && 'data' in value) {
    const data = checkFloatArray(`${who}: data`, value.data)
    const { shape, length } = checkShape(`${who}: shape`, value.shape)
    if (length !== data.length) {
      throw new RangeError(
        `${who}: shape [${shape}] must have as many elements as data (${data.length}), got ${length}`,
      )
    }
    return { dtype: dtypeOf(data), length, shape, data }
  }
  if (!ArrayBuffer.isView(value)) {
    throw kindError(who, 'a Float32Array, a Float64Array, a shape or { data, shape }', value)
  }
  const data = checkFloatArray(who, value)
  return { dtype: dtypeOf(data), length: data.length, shape: Object.freeze([data.length]), data }
}

const isGroup = (value: unknown): value is Record<string, unknown> => isRecord(value) && 'params' in value

/** Parameters, shapes or groups → named tensors; throws before anything is allocated. */
export function parseParams(who: string, params: unknown, dtype: DType): ParsedParams {
  const isGroups = Array.isArray(params) && params.some(isGroup)
  const groups = isGroups ? params : [{ params }]
  const tensors: TensorInfo[] = []
  const names = new Set<string>()
  const options: Record<string, unknown>[] = []
  let form: ParsedParams['form'] | undefined
  // Array.from: a hole is undefined, not nothing.
  Array.from(groups).forEach((group: unknown, index) => {
    const where = isGroups ? `${who}: group ${index}` : who
    if (!isGroup(group)) throw kindError(where, 'a group { params, …options } like the others', group)
    const { params: list, ...rest } = group
    const groupForm = Array.isArray(list) ? 'list' : 'record'
    if (groupForm === 'record' && !isRecord(list)) {
      throw kindError(`${where}: params`, 'a record of parameters or a list of them', list)
    }
    if (form !== undefined && form !== groupForm) {
      throw new TypeError(`${where}: params must be a ${form} as in the groups before, got a ${groupForm}`)
    }
    form = groupForm
    const entries = Object.entries(groupForm === 'list' ? Array.from(list as unknown[]) : (list as object))
    for (const [key, value] of entries) {
      const name = groupForm === 'list' ? String(tensors.length) : key
      if (names.has(name)) {
        throw new TypeError(`${where}: parameter ${JSON.stringify(name)} is in another group already`)
      }
      names.add(name)
      tensors.push({
        ...parseTensor(`${who}: parameter ${JSON.stringify(name)}`, value, dtype),
        name,
        group: index,
      })
    }
    options.push(rest)
  })
  if (tensors.length === 0) throw new RangeError(`${who}: params must hold at least one parameter, got none`)
  checkOverlaps(who, tensors)
  return { form: form as ParsedParams['form'], tensors, groups: options }
}

function checkOverlaps(who: string, tensors: readonly TensorInfo[]): void {
  const pair = new Places(tensors.map(({ data }) => data)).clash()
  if (pair === undefined) return
  const [first, second] = pair.map((t) => JSON.stringify(tensors[t].name))
  throw new TypeError(`${who}: parameters must not share memory, got ${first} and ${second} overlapping`)
}

/** Picks, for every tensor in order, what a list or record of the parameters' own form holds under its name. */
export function pickByName(
  who: string,
  form: 'list' | 'record',
  names: readonly string[],
  value: unknown,
): unknown[] {
  if (form === 'list') {
    if (!Array.isArray(value)) throw kindError(who, `a list of ${names.length} as the parameters are`, value)
    if (value.length !== names.length) {
      throw new RangeError(
        `${who} must hold ${names.length} entries as the parameters do, got ${value.length}`,
      )
    }
    return Array.from(value) // a hole is undefined, not nothing
  }
  if (!isRecord(value)) throw kindError(who, 'a record with the names of the parameters', value)
  const picked = names.map((name) => (Object.hasOwn(value, name) ? value[name] : undefined))
  if (Object.keys(value).length !== names.length || picked.includes(undefined)) {
    checkNames(who, Object.keys(value), names)
    const missing = names[picked.indexOf(undefined)]
    throw new TypeError(`${who}: parameter ${JSON.stringify(missing)} is missing (null leaves it untouched)`)
  }
  return picked
}
