// Validation of user arguments: every error says who complains, what was wanted and what came.

/** Renders a value for an error message: short, on one line, never throwing. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (Array.isArray(value)) {
    if (depth > 2) return '[…]'
    const first = value.slice(0, 4).map((item) => show(item, depth + 1))
    return `[${first.join(', ')}${value.length > 4 ? ', …' : ''}]`
  }
  if (typeof value === 'object' && value !== null) {
    const name = Object.prototype.toString.call(value).slice(8, -1)
    const length = (value as { length?: unknown }).length
    return typeof length === 'number' ? `${name}(${length})` : name
  }
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A wrong kind of value. */
export function kindError(who: string, wanted: string, got: unknown): TypeError {
  return new TypeError(`${who} must be ${wanted}, got ${show(got)}`)
}

/** A right kind of value out of its range. */
export function valueError(who: string, wanted: string, got: unknown): RangeError {
  return new RangeError(`${who} must be ${wanted}, got ${show(got)}`)
}

/** A finite number within [min, max], either end open if said so. */
export interface Range {
  min?: number
  max?: number
  openMin?: boolean
  openMax?: boolean
}

export function rangeText({ min, max, openMin, openMax }: Range): string {
  if (min === undefined && max === undefined) return 'a finite number'
  const left = min === undefined ? '(-Infinity' : `${openMin ? '(' : '['}${min}`
  const right = max === undefined ? 'Infinity)' : `${max}${openMax ? ')' : ']'}`
  return `in ${left}, ${right}`
}

export function checkNumber(who: string, value: unknown, range: Range = {}): number {
  if (typeof value !== 'number') {
    const bounded = range.min !== undefined || range.max !== undefined
    throw kindError(who, bounded ? `a number ${rangeText(range)}` : rangeText(range), value)
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, openMin, openMax } = range
  const inside =
    Number.isFinite(value) && (openMin ? value > min : value >= min) && (openMax ? value < max : value <= max)
  if (!inside) throw valueError(who, rangeText(range), value)
  return value
}

export function checkInteger(who: string, value: unknown, min: number, max = 2 ** 53 - 1): number {
  const wanted = max === 2 ** 53 - 1 ? `an integer ≥ ${min}` : `an integer in [${min}, ${max}]`
  if (typeof value !== 'number') throw kindError(who, wanted, value)
  if (!Number.isInteger(value) || value < min || value > max) throw valueError(who, wanted, value)
  return value
}

export function checkBoolean(who: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw kindError(who, 'a boolean', value)
  return value
}

export function checkOneOf<T extends string>(who: string, value: unknown, names: readonly T[]): T {
  const wanted = `one of ${names.map((name) => show(name)).join(', ')}`
  if (typeof value !== 'string') throw kindError(who, wanted, value)
  if (!names.includes(value as T)) throw valueError(who, wanted, value)
  return value as T
}

export function checkFunction(who: string, value: unknown): void {
  if (typeof value !== 'function') throw kindError(who, 'a function', value)
}

/** A plain options object: rejects unknown keys, naming the nearest known one. */
export function checkOptions(who: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw kindError(`${who}: options`, 'an object', value)
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw unknownName(`${who}: unknown option`, key, known)
  }
  return value as Record<string, unknown>
}

export function unknownName(what: string, name: string, known: readonly string[]): TypeError {
  const near = nearest(name, known)
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${show(near)}?`
  return new TypeError(`${what} ${show(name)}; ${hint}`)
}

/** Throws where one of `names` is no parameter's. */
export function checkNames(who: string, names: Iterable<string>, parameters: readonly string[]): void {
  const known = new Set(parameters)
  for (const name of names) {
    if (!known.has(name)) throw unknownName(`${who}: unknown parameter`, name, parameters)
  }
}

/** The known name within edit distance 3 (letter case and underscores ignored), if any. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '')
  let best: string | undefined
  let bestDistance = 4
  for (const candidate of known) {
    const distance = editDistance(plain(name), plain(candidate))
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitute, row[j] + 1, next[j - 1] + 1))
    }
    row = next
  }
  return row[b.length]
}
