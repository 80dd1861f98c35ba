// `--filter rule=adamw,n=65536`: which rows to measure, checked against what there is.
import { unknownName, valueError } from '../../src/check'

/** Per key the values that count; a key that is missing leaves the choice to the plan. */
export type Filter = ReadonlyMap<string, readonly string[]>

/** Per key the values there are, or 'count' for any positive integer. */
export type Keys = Readonly<Record<string, readonly string[] | 'count'>>

/**
 * Reads `key=value` pairs, separated by commas or in several options; a key named again adds a value.
 * @throws TypeError for unknown keys and values, naming the nearest; RangeError for counts that are none.
 */
export function parseFilter(texts: readonly string[], keys: Keys): Filter {
  const filter = new Map<string, string[]>()
  for (const pair of texts.flatMap((text) => text.split(','))) {
    const [key, value = '', ...rest] = pair.split('=').map((part) => part.trim())
    if (!Object.hasOwn(keys, key)) throw unknownName('--filter: unknown key', key, Object.keys(keys))
    if (value === '' || rest.length > 0)
      throw new TypeError(`--filter must be key=value, got ${JSON.stringify(pair)}`)
    const values = keys[key]
    if (values === 'count') {
      const count = Number(value)
      if (!Number.isSafeInteger(count) || count < 1) {
        throw valueError(`--filter: ${key}`, 'a positive integer', value)
      }
    } else if (!values.includes(value)) {
      throw unknownName(`--filter: unknown ${key}`, value, values)
    }
    filter.set(key, [...(filter.get(key) ?? []), value])
  }
  return filter
}

/** Whether each of the row's values is one that counts. */
export function matches(filter: Filter, row: object): boolean {
  const values = row as Record<string, unknown>
  return [...filter].every(([key, wanted]) => !(key in values) || wanted.includes(String(values[key])))
}
