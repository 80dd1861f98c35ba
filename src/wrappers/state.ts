// The saved state of wrappers: plain data and typed arrays by parameter name, around the inner optimizer's.
import { checkBoolean, checkInteger, checkNames, valueError } from '../check'
import { record } from '../state-dict'
import { checkSavedArray, dtypeOf } from '../tensors'
import type { FloatArray } from '../types'

export interface WrapperState {
  /** The wrapper's class. */
  rule: string
  /** Steps taken. */
  step: number
  /** The wrapper's options. */
  options: Record<string, unknown>
  /** The wrapper's arrays, by parameter. */
  state: Record<string, Record<string, FloatArray>>
  /** Updates of the average, for wrappers that average. */
  count?: number
  /** Whether parameters and average have changed places, for wrappers that average. */
  swapped?: boolean
  /** The state of the optimizer inside. */
  inner: unknown
}

/** Checks the outer form of a saved state. */
export function checkWrapperState(who: string, rule: string, saved: unknown): WrapperState {
  const dict = record(who, saved)
  if (dict.rule !== rule) throw valueError(`${who}: rule`, JSON.stringify(rule), dict.rule)
  checkInteger(`${who}: step`, dict.step, 0)
  record(`${who}: options`, dict.options)
  record(`${who}: state`, dict.state)
  return dict as unknown as WrapperState
}

/** How often a saved average was updated, and where it was. */
export function checkCount(who: string, saved: WrapperState) {
  const count = checkInteger(`${who}: count`, saved.count, 0)
  const swapped = checkBoolean(`${who}: swapped`, saved.swapped)
  if (swapped && count === 0) throw valueError(`${who}: swapped`, 'false before the first update', swapped)
  return { count, swapped }
}

/** The arrays saved under `slot` for each parameter: like the parameter, all there and no others. */
export function checkSlot(
  who: string,
  { state }: WrapperState,
  slot: string,
  names: readonly string[],
  params: readonly FloatArray[],
): FloatArray[] {
  checkNames(who, Object.keys(state), names)
  return names.map((name, t) => {
    const where = `${who}: parameter ${JSON.stringify(name)}`
    const slots = record(where, state[name])
    return checkSavedArray(`${where}: ${slot}`, slots[slot], {
      dtype: dtypeOf(params[t]),
      length: params[t].length,
    })
  })
}

/** Copies of one array a parameter, by name. */
export const saveSlot = (
  slot: string,
  names: readonly string[],
  arrays: readonly FloatArray[],
): WrapperState['state'] => Object.fromEntries(names.map((name, t) => [name, { [slot]: arrays[t].slice() }]))
