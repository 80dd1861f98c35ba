// What a command line asks for, by name: problems, optimizers, schedules, numbers.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type BackendInfo, backendInfo } from 'cauchy'
import { budgets } from '../bench/budgets'
import { type BackendName, contenders } from '../bench/contenders'
import type { Reference } from '../bench/open'
import { namedSchedules } from '../bench/schedules'
import { checkInteger, checkOneOf, unknownName } from '../check'
import { problems } from '../problems/index'
import { Misuse } from './misuse'

const BENCH = 'cauchy bench'

/** The items of `--option a,b --option c`; undefined when it is not given. */
export function items(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  const parts = [value].flat().flatMap((part) => String(part).split(','))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** Names in the order of the table; 'all' is all of them. Letter case does not matter. */
function select(who: string, what: string, given: readonly string[], known: readonly string[]): string[] {
  const found = new Set<string>()
  for (const name of given) {
    if (name === 'all') for (const each of known) found.add(each)
    else {
      const match = known.find((each) => each.toLowerCase() === name.toLowerCase())
      if (match === undefined) throw unknownName(`${who}: unknown ${what}`, name, known)
      found.add(match)
    }
  }
  if (found.size === 0) throw new TypeError(`${who}: --${what} must name at least one, got none`)
  return known.filter((name) => found.has(name))
}

export const selectOptimizers = (given: readonly string[], who = BENCH) =>
  select(
    who,
    'optimizer',
    given,
    contenders.map(({ name }) => name),
  )

export const selectSchedules = (given: readonly string[]) =>
  select(
    BENCH,
    'schedule',
    given,
    namedSchedules.map(({ name }) => name),
  )

export const selectBackend = (given: unknown, who = BENCH): BackendName =>
  checkOneOf(`${who}: --backend`, given ?? 'auto', ['auto', 'native', 'wasm', 'js'])

/** What the backend is here; throws where it does not load. */
export function openBackend(backend: BackendName, who = BENCH): BackendInfo {
  try {
    return backendInfo({ backend })
  } catch (error) {
    const message = (error as Error).message.replace('backendInfo', who)
    const misused = error instanceof TypeError || error instanceof RangeError
    throw new (misused ? Misuse : Error)(message, { cause: error })
  }
}

export function selectBudget(given: unknown): keyof typeof budgets {
  const names = Object.keys(budgets) as (keyof typeof budgets)[]
  const found = names.find((name) => name === given)
  if (found === undefined) throw unknownName('cauchy bench: unknown budget', String(given), names)
  return found
}

/** Problems of the package by name or kind, and files by path. */
export function selectProblems(given: readonly string[], who = BENCH): Reference[] {
  const isFile = (name: string) => /[/\\]|\.[cm]?js$/.test(name)
  const files = given.filter(isFile).map((name) => {
    const file = resolve(name)
    if (!existsSync(file)) throw new TypeError(`${who}: --problem ${name}: there is no such file`)
    if (statSync(file).isDirectory()) {
      throw new TypeError(`${who}: --problem ${name}: it must be a file, got a directory`)
    }
    return { name, file }
  })
  const named = given
    .filter((name) => !isFile(name))
    .flatMap((name) => {
      const ofKind = problems.filter(({ kind }) => kind === name)
      return ofKind.length > 0 ? ofKind.map((entry) => entry.name) : [name]
    })
  const known = problems.map(({ name }) => name)
  const ours = named.length > 0 || files.length === 0 ? select(who, 'problem', named, known) : []
  return [...ours.map((name) => ({ name, file: null })), ...files]
}

/** The number that an option's text says; any other text stays, for a check to complain of. */
export function numeric(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : value
}

/** An integer option, `fallback` when it is not given. */
export function count(
  option: string,
  value: unknown,
  fallback: number,
  min = 1,
  max?: number,
  who = BENCH,
): number {
  return value === undefined ? fallback : checkInteger(`${who}: ${option}`, numeric(value), min, max)
}

/** 'i/n' with 1 ≤ i ≤ n. */
export function selectShard(value: unknown): string | null {
  if (value === undefined) return null
  const match = /^(\d+)\/(\d+)$/.exec(String(value))
  const [i, n] = match ? match.slice(1).map(Number) : [0, 0]
  if (i >= 1 && i <= n) return `${i}/${n}`
  throw new RangeError(`cauchy bench: --shard must be i/n with 1 ≤ i ≤ n, as 2/8, got ${String(value)}`)
}
