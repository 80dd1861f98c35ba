// State as plain JSON and a list of tensors: in the JSON, tensors and numbers that JSON lacks are tagged records.
import { kindError, show, valueError } from '../check'
import { typedArrayName } from '../tensors'
import { ARRAYS, type ElementType, type StateArray, type TensorSpec } from './layout'

export interface Tensor extends TensorSpec {
  readonly array: StateArray
}

// Keys that begin with '$' are the tags; those of the state's own get another '$' in front.
const TENSOR = '$tensor'
const PARAM = '$param'
const NUMBER = '$number'
const NUMBERS: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}
const MAX_DEPTH = 64

const elementTypes = new Map(
  Object.entries(ARRAYS).map(([dtype, { name }]) => [name, dtype as ElementType] as const),
)

type Plain = Record<string, unknown>

/** An object literal's value, of any realm. */
function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function checkKey(who: string, key: string): void {
  if (key === '__proto__') throw new RangeError(`${who}: a name must not be "__proto__"`)
}

function checkDepth(who: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new RangeError(`${who}: state must be nested at most ${MAX_DEPTH} deep, got more, or a cycle`)
  }
}

/** A parameter with its shape, `{ data, shape }`, if it is one. */
function shapeOf({ data, shape, ...others }: Plain): readonly number[] | undefined {
  if (typedArrayName(data) === undefined || !Array.isArray(shape) || Object.keys(others).length > 0) return
  if (!Array.from(shape).every((size) => Number.isSafeInteger(size) && size >= 0)) return
  const length = shape.reduce((product, size) => product * size, 1)
  return length === (data as StateArray).length ? [...shape] : undefined
}

/** Takes a state apart; throws, naming the place, where something is neither plain data nor a typed array. */
export function flatten(who: string, state: unknown): { tree: string; tensors: Tensor[] } {
  const tensors: Tensor[] = []
  const names = new Set(['__metadata__'])

  /** Its path as a name, which safetensors wants unique and well-formed. */
  function add(path: readonly string[], value: unknown, shape?: readonly number[]): string {
    const where = `${who}: state.${path.join('.')}`
    const dtype = elementTypes.get(typedArrayName(value) ?? '')
    if (dtype === undefined) throw kindError(where, `a ${[...elementTypes.keys()].join(', ')}`, value)
    const array = value as StateArray
    const base = path.join('.').replace(/\p{Surrogate}/gu, '\ufffd')
    let name = base
    for (let n = 2; names.has(name); n++) name = `${base}#${n}`
    names.add(name)
    tensors.push({ name, dtype, shape: shape ?? [array.length], array })
    return name
  }

  function convert(value: unknown, path: readonly string[]): unknown {
    checkDepth(who, path.length)
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value === 'number') {
      const special = Object.is(value, -0) ? '-0' : String(value)
      return Object.hasOwn(NUMBERS, special) ? { [NUMBER]: special } : value
    }
    // Array.from: a hole is undefined, not nothing.
    if (Array.isArray(value)) return Array.from(value, (item, i) => convert(item, [...path, String(i)]))
    if (ArrayBuffer.isView(value)) return { [TENSOR]: add(path, value) }
    if (!isPlain(value)) {
      const wanted = 'plain data (records, lists, numbers, strings, booleans, null) or a typed array'
      throw kindError(`${who}: ${['state', ...path].join('.')}`, wanted, value)
    }
    const shape = shapeOf(value)
    if (shape) return { [PARAM]: add(path, value.data, shape) }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        checkKey(who, key)
        return [key.startsWith('$') ? `$${key}` : key, convert(item, [...path, key])]
      }),
    )
  }

  if (!isPlain(state) && !Array.isArray(state)) {
    throw kindError(`${who}: state`, 'a record or a list, as stateDict() returns', state)
  }
  return { tree: JSON.stringify(convert(state, [])), tensors }
}

/** What `flatten` took apart; arrays are made only after all of it is checked. */
export function unflatten(
  who: string,
  tree: string,
  specs: readonly TensorSpec[],
  read: (spec: TensorSpec) => StateArray,
): unknown {
  const unused = new Map(specs.map((spec) => [spec.name, spec]))

  function take(name: unknown): TensorSpec {
    const spec = unused.get(name as string)
    if (!spec) throw new RangeError(`${who}: tensor ${show(name)} must be there, and be referred to once`)
    unused.delete(spec.name)
    return spec
  }

  /** Checks a value and returns what makes it. */
  function check(value: unknown, depth: number): () => unknown {
    checkDepth(who, depth)
    if (typeof value !== 'object' || value === null) return () => value
    if (Array.isArray(value)) {
      const items = value.map((item) => check(item, depth + 1))
      return () => items.map((make) => make())
    }
    const entries = Object.entries(value)
    if (entries.length === 1 && entries[0][0].startsWith('$') && !entries[0][0].startsWith('$$')) {
      return checkTagged(...(entries[0] as [string, unknown]))
    }
    const made = entries.map(([key, item]) => {
      const name = key.startsWith('$') ? key.slice(1) : key
      checkKey(who, name)
      if (key.startsWith('$') && !name.startsWith('$')) throw unknownTag(key)
      return [name, check(item, depth + 1)] as const
    })
    return () => Object.fromEntries(made.map(([key, make]) => [key, make()]))
  }

  function checkTagged(tag: string, value: unknown): () => unknown {
    if (tag === NUMBER && typeof value === 'string' && Object.hasOwn(NUMBERS, value)) {
      return () => NUMBERS[value]
    }
    if (tag !== TENSOR && tag !== PARAM) throw unknownTag(tag)
    const spec = take(value)
    if (tag === PARAM) return () => ({ data: read(spec), shape: [...spec.shape] })
    if (spec.shape.length === 1) return () => read(spec)
    throw new RangeError(`${who}: tensor ${show(spec.name)} must have one dimension, got [${spec.shape}]`)
  }

  const unknownTag = (tag: string) =>
    new RangeError(`${who}: the state must not have tags of other versions, got ${show(tag)}`)

  const root: unknown = JSON.parse(tree)
  if (typeof root !== 'object' || root === null)
    throw valueError(`${who}: the state`, 'a record or a list', root)
  const make = check(root, 0)
  for (const name of unused.keys())
    throw new RangeError(`${who}: tensor ${show(name)} must belong to the state`)
  return make()
}
