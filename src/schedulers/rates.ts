// What every scheduler does with an optimizer's groups and with saved states: read, check, write.
import { checkInteger, checkNumber, kindError, type Range, valueError } from '../check'
import type { OptimizerLike } from '../types'

/** What a scheduler needs of an optimizer: groups with a learning rate; `initialLr` is where schedules start from. */
export interface Scheduled {
  readonly groups: readonly (OptimizerLike['groups'][number] & { initialLr?: number | undefined })[]
}

/** A scheduler's state: plain data that survives JSON, named after its class. */
export type SchedulerState = { readonly kind: string } & Readonly<Record<string, unknown>>

export function checkOptimizer(who: string, value: unknown): Scheduled {
  const groups = (value as Partial<Scheduled> | null | undefined)?.groups
  const usable =
    Array.isArray(groups) && groups.length > 0 && groups.every((group) => typeof group?.lr === 'number')
  if (!usable) throw kindError(`${who}: optimizer`, 'an optimizer (groups with an lr)', value)
  return value as Scheduled
}

export function readRates(optimizer: Scheduled): number[] {
  return optimizer.groups.map((group) => group.lr)
}

export function checkRates(who: string, rates: readonly number[]): void {
  rates.forEach((rate, i) => {
    checkNumber(`${who}: the new rate of groups[${i}]`, rate, { min: 0 })
  })
}

/** Checks all rates before writing any. */
export function writeRates(who: string, optimizer: Scheduled, rates: readonly number[]): void {
  checkRates(who, rates)
  rates.forEach((rate, i) => {
    optimizer.groups[i].lr = rate
  })
}

/** PyTorch's `initial_lr`: the rate when the optimizer met its first scheduler, kept on the group for the later ones. */
export function readInitialRates(optimizer: Scheduled): number[] {
  return optimizer.groups.map((group) => group.initialLr ?? group.lr)
}

/** An option that is one number ≥ 0 for all groups or a list with one a group, as a list. */
export function checkPerGroup(who: string, value: unknown, groups: number): number[] {
  if (!Array.isArray(value)) return Array(groups).fill(checkNumber(who, value, { min: 0 }))
  if (value.length !== groups) throw valueError(who, `of length ${groups}, one a group`, value)
  return Array.from(value, (item, i) => checkNumber(`${who}[${i}]`, item, { min: 0 }))
}

/** Reads a saved state of the class `kind` piece by piece; every error names the piece. */
export function stateReader(kind: string, value: unknown) {
  const who = `${kind}: state`
  const state = asRecord(who, value)
  if (state.kind !== kind) throw valueError(`${who}.kind`, JSON.stringify(kind), state.kind)
  const list = (key: string, length: number): unknown[] => {
    const items = state[key]
    if (!Array.isArray(items)) throw kindError(`${who}.${key}`, 'an array', items)
    if (items.length !== length) throw valueError(`${who}.${key}`, `of length ${length}`, items)
    return items
  }
  return {
    list,
    field: (key: string): unknown => state[key],
    count: (key: string): number => checkInteger(`${who}.${key}`, state[key], 0),
    /** Records of numbers, each in its range. */
    rows: <K extends string>(key: string, length: number, ranges: Readonly<Record<K, Range>>) =>
      list(key, length).map((item, i) => {
        const name = `${who}.${key}[${i}]`
        const given = asRecord(name, item)
        const row = {} as Record<K, number>
        for (const column of Object.keys(ranges) as K[]) {
          row[column] = checkNumber(`${name}.${column}`, given[column], ranges[column])
        }
        return row
      }),
  }
}

function asRecord(who: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw kindError(who, 'an object from stateDict()', value)
  }
  return value as Record<string, unknown>
}
