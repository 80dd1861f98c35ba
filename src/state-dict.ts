// Saving and restoring what an optimizer remembers: state by parameter name, portable between backends.
import { checkInteger, checkNames, checkNumber, checkOneOf, kindError, unknownName } from './check'
import { checkHyperParameters, type ScheduledGroup, structuralChange } from './groups'
import type { LiveTensor } from './passes'
import type { CommonOptions, Rule } from './rule'
import { checkSavedArray, elementTypeOf, type TensorInfo } from './tensors'
import type { StateArray } from './types'

/**
 * A tensor's state: its own step count and its state arrays by name. In low precision an array holds the 16 bits of each
 * bfloat16, or codes of 8 bits, for which `nameScales` holds the scales.
 */
export type TensorState = { step: number } & Record<string, number | StateArray>

export interface StateDict<O> {
  /** The optimizer's class. */
  rule: string
  /** Steps taken by the optimizer. */
  step: number
  /** Whether it was in training or evaluation mode; only for rules that move parameters between them. */
  mode?: 'train' | 'eval'
  groups: ({ params: string[]; initialLr?: number } & O)[]
  state: Record<string, TensorState>
}

/** The live parts of an optimizer that a state dict is made of. */
export interface Live<O extends CommonOptions> {
  readonly rule: Rule<O>
  readonly infos: readonly TensorInfo[]
  readonly groups: readonly ScheduledGroup<O>[]
  /** Step counts and scalar state. */
  readonly tensors: readonly LiveTensor[]
  readonly slots: readonly (readonly string[])[]
  readonly state: readonly (readonly StateArray[])[]
}

export const optionsOf = <O extends CommonOptions>(rule: Rule<O>, group: O): O =>
  Object.fromEntries(Object.keys(rule.options).map((name) => [name, group[name as keyof O]])) as unknown as O

/** The names of the state arrays in use: the first ones. */
function slotsInUse<O extends CommonOptions>(
  who: string,
  { rule, groups, infos, slots }: Live<O>,
  t: number,
  scalars: ArrayLike<number>,
): readonly string[] {
  const count = rule.statesInUse?.(who, groups[infos[t].group], scalars)
  return count === undefined ? slots[t] : slots[t].slice(0, count)
}

const scalarNames = <O extends CommonOptions>(rule: Rule<O>, options: O): string[] =>
  Object.keys(rule.scalars?.(options) ?? {})

export function saveState<O extends CommonOptions>(
  live: Live<O>,
  step: number,
  mode: 'train' | 'eval',
): StateDict<O> {
  const { rule, infos, groups, tensors, state } = live
  return {
    rule: rule.name,
    step,
    ...(rule.modes && { mode }),
    groups: groups.map((group) => ({
      params: [...group.params],
      ...optionsOf(rule, group),
      ...(group.initialLr === undefined ? {} : { initialLr: group.initialLr }),
    })),
    state: Object.fromEntries(
      infos.map(({ name, group }, t) => {
        const scalars = scalarNames(rule, groups[group]).map((scalar, k) => [scalar, tensors[t].scalars[k]])
        const inUse = slotsInUse(rule.name, live, t, tensors[t].scalars)
        const arrays = inUse.map((slot, k) => [slot, state[t][k].slice()])
        return [name, { step: tensors[t].t, ...Object.fromEntries([...scalars, ...arrays]) }]
      }),
    ),
  }
}

/** Checks a saved state against the live optimizer, all of it, and only then writes. */
export function loadState<O extends CommonOptions>(
  live: Live<O>,
  saved: unknown,
): { step: number; mode: 'train' | 'eval' } {
  const { rule, infos, groups, tensors, state } = live
  const who = `${rule.name}.loadStateDict`
  const dict = record(who, saved)
  if (dict.rule !== rule.name) {
    throw new TypeError(`${who}: the state must be of ${rule.name}, got ${String(dict.rule)}`)
  }
  const step = checkInteger(`${who}: step`, dict.step, 0)
  const mode = rule.modes ? checkOneOf(`${who}: mode`, dict.mode, ['train', 'eval']) : 'train'
  const groupValues = checkGroups(who, live, dict.groups)
  const byName = record(`${who}: state`, dict.state)
  checkNames(
    who,
    Object.keys(byName),
    infos.map(({ name }) => name),
  )
  const loaded = infos.map(({ name }, t) => checkTensorState(who, live, t, byName[name]))

  groupValues.forEach(({ index, values, initialLr }) => {
    Object.assign(groups[index], values)
    if (initialLr !== undefined) groups[index].initialLr = initialLr
  })
  loaded.forEach(({ step, scalars, arrays }, t) => {
    tensors[t].t = step
    tensors[t].scalars.set(scalars)
    arrays.forEach((array, k) => {
      state[t][k].set(array)
    })
  })
  return { step, mode }
}

/** Throws unless `value` is an object with named members. */
export function record(who: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw kindError(who, 'a record as stateDict() returns', value)
  }
  return value as Record<string, unknown>
}

/** Saved groups are matched by the names they hold, in any order. */
function checkGroups<O extends CommonOptions>(who: string, { rule, groups }: Live<O>, saved: unknown) {
  if (!Array.isArray(saved) || saved.length !== groups.length) {
    throw kindError(`${who}: groups`, `a list of ${groups.length} groups`, saved)
  }
  const key = (params: readonly unknown[]) => JSON.stringify([...params].sort())
  const wanted = new Map(groups.map(({ params }, index) => [key(params), index]))
  const seen = new Set<number>()
  return Array.from(saved, (group: unknown, i) => {
    const { params, initialLr, ...options } = record(`${who}: group ${i}`, group)
    const index = Array.isArray(params) ? wanted.get(key(params)) : undefined
    if (index === undefined || seen.has(index)) {
      throw new RangeError(
        `${who}: group ${i} must hold the parameters of one of the groups here, got ${JSON.stringify(params)}`,
      )
    }
    seen.add(index)
    const current = optionsOf(rule, groups[index])
    const values = checkHyperParameters(`${who}: group ${i}`, rule, { ...current, ...options })
    const reason = structuralChange(rule, current, values)
    if (reason) throw new TypeError(`${who}: group ${i}: ${reason}`)
    return {
      index,
      values,
      initialLr:
        initialLr === undefined
          ? undefined
          : checkNumber(`${who}: group ${i}: initialLr`, initialLr, { min: 0 }),
    }
  })
}

function checkTensorState<O extends CommonOptions>(who: string, live: Live<O>, t: number, saved: unknown) {
  const tensor = live.infos[t]
  const names = scalarNames(live.rule, live.groups[tensor.group])
  const where = `${who}: parameter ${JSON.stringify(tensor.name)}`
  const { step, ...arrays } = record(where, saved)
  for (const name of Object.keys(arrays)) {
    const known = [...names, ...live.slots[t]]
    if (!known.includes(name)) throw unknownName(`${where}: unknown state`, name, ['step', ...known])
  }
  // Like the arrays', any number: a run that went to NaN is saved and restored as it is.
  const scalars = names.map((name) => {
    const value = arrays[name]
    if (typeof value !== 'number') throw kindError(`${where}: ${name}`, 'a number', value)
    return value
  })
  return {
    step: checkInteger(`${where}: step`, step, 0),
    scalars,
    arrays: slotsInUse(where, live, t, scalars).map((slot, k) => {
      const { length } = live.state[t][k]
      const wanted = { dtype: elementTypeOf(live.state[t][k]), length }
      return checkSavedArray(`${where}: ${slot}`, arrays[slot], wanted)
    }),
  }
}
