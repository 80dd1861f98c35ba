// Saving and restoring what an optimizer remembers: state by parameter name, portable between backends.
import { checkInteger, checkNumber, kindError, unknownName } from './check'
import { checkHyperParameters, type ScheduledGroup, structuralChange } from './groups'
import type { CommonOptions, Rule } from './rule'
import { checkFloatArray, dtypeOf, type TensorInfo } from './tensors'
import type { FloatArray } from './types'

/** A tensor's state: its own step count and its state arrays by name. */
export type TensorState = { step: number } & Record<string, number | FloatArray>

export interface StateDict<O> {
  /** The optimizer's class. */
  rule: string
  /** Steps taken by the optimizer. */
  step: number
  groups: ({ params: string[]; initialLr?: number } & O)[]
  state: Record<string, TensorState>
}

/** The live parts of an optimizer that a state dict is made of. */
export interface Live<O extends CommonOptions> {
  readonly rule: Rule<O>
  readonly tensors: readonly TensorInfo[]
  readonly groups: readonly ScheduledGroup<O>[]
  readonly steps: number[]
  readonly slots: readonly (readonly string[])[]
  readonly state: readonly (readonly FloatArray[])[]
}

export const optionsOf = <O extends CommonOptions>(rule: Rule<O>, group: O): O =>
  Object.fromEntries(Object.keys(rule.options).map((name) => [name, group[name as keyof O]])) as unknown as O

export function saveState<O extends CommonOptions>(live: Live<O>, step: number): StateDict<O> {
  const { rule, tensors, groups, steps, slots, state } = live
  return {
    rule: rule.name,
    step,
    groups: groups.map((group) => ({
      params: [...group.params],
      ...optionsOf(rule, group),
      ...(group.initialLr === undefined ? {} : { initialLr: group.initialLr }),
    })),
    state: Object.fromEntries(
      tensors.map(({ name }, t) => [
        name,
        { step: steps[t], ...Object.fromEntries(slots[t].map((slot, k) => [slot, state[t][k].slice()])) },
      ]),
    ),
  }
}

/** Checks a saved state against the live optimizer, all of it, and only then writes. Returns the step count. */
export function loadState<O extends CommonOptions>(live: Live<O>, saved: unknown): number {
  const { rule, tensors, groups, steps, slots, state } = live
  const who = `${rule.name}.loadStateDict`
  const dict = record(who, saved)
  if (dict.rule !== rule.name) {
    throw new TypeError(`${who}: the state must be of ${rule.name}, got ${String(dict.rule)}`)
  }
  const step = checkInteger(`${who}: step`, dict.step, 0)
  const groupValues = checkGroups(who, live, dict.groups)
  const byName = record(`${who}: state`, dict.state)
  const names = tensors.map(({ name }) => name)
  for (const name of Object.keys(byName)) {
    if (!names.includes(name)) throw unknownName(`${who}: unknown parameter`, name, names)
  }
  const loaded = tensors.map((tensor, t) => checkTensorState(who, tensor, slots[t], byName[tensor.name]))

  groupValues.forEach(({ index, values, initialLr }) => {
    Object.assign(groups[index], values)
    if (initialLr !== undefined) groups[index].initialLr = initialLr
  })
  loaded.forEach(({ step, arrays }, t) => {
    steps[t] = step
    arrays.forEach((array, k) => {
      state[t][k].set(array)
    })
  })
  return step
}

function record(who: string, value: unknown): Record<string, unknown> {
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
  const wanted = groups.map(({ params }) => key(params))
  const seen = new Set<number>()
  return Array.from(saved, (group: unknown, i) => {
    const { params, initialLr, ...options } = record(`${who}: group ${i}`, group)
    const index = Array.isArray(params) ? wanted.indexOf(key(params)) : -1
    if (index < 0 || seen.has(index)) {
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
        initialLr === undefined ? undefined : checkNumber(`${who}: group ${i}: initialLr`, initialLr),
    }
  })
}

function checkTensorState(who: string, tensor: TensorInfo, slots: readonly string[], saved: unknown) {
  const where = `${who}: parameter ${JSON.stringify(tensor.name)}`
  const { step, ...arrays } = record(where, saved)
  for (const name of Object.keys(arrays)) {
    if (!slots.includes(name)) throw unknownName(`${where}: unknown state`, name, ['step', ...slots])
  }
  return {
    step: checkInteger(`${where}: step`, step, 0),
    arrays: slots.map((slot) => {
      const array = checkFloatArray(`${where}: ${slot}`, arrays[slot])
      if (dtypeOf(array) !== tensor.dtype || array.length !== tensor.length) {
        throw kindError(`${where}: ${slot}`, `a ${tensor.dtype} array of length ${tensor.length}`, array)
      }
      return array
    }),
  }
}
