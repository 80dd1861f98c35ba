// What an optimizer will need, told before anything is allocated.
import { kindError, unknownName } from './check'
import { parseConstructor } from './construct'
import { elementBytes, layout } from './memory'
import { rules } from './registry'
import type { Params } from './types'

/** Bytes, and the parameters they are for. */
export interface MemoryPlan {
  /** Number of parameters. */
  readonly count: number
  readonly params: number
  readonly grads: number
  readonly state: number
  /** State bytes per parameter. */
  readonly statePerParam: number
  /** params + grads + state. */
  readonly total: number
  /** The one block that is allocated: what the optimizer owns, padded, and a step's working space. */
  readonly block: number
}

/**
 * Bytes an optimizer needs for parameters, gradients and state, before anything is allocated.
 *
 * @param params What the constructor would get: shapes, arrays or groups. Arrays of your own count as `params`, and
 * as `grads` for the gradients you will pass, but not in `block`.
 * @param optimizer The class's name, in any letter case.
 * @param options The constructor's options.
 *
 * @example
 * ```ts
 * import { memoryPlan } from 'cauchy'
 * const plan = memoryPlan({ w: [1024, 1024] }, 'adamw', { amsgrad: true })
 * plan.state // → 12582912
 * plan.statePerParam // → 12
 * ```
 * @throws TypeError for unknown optimizers and options and wrong kinds, RangeError for values out of range.
 */
export function memoryPlan(
  params: Params | readonly { readonly params: Params }[],
  optimizer: string,
  options?: object,
): MemoryPlan {
  const who = 'memoryPlan'
  if (typeof optimizer !== 'string') throw kindError(`${who}: optimizer`, "a class's name", optimizer)
  const rule = rules.get(optimizer.toLowerCase())
  if (rule === undefined) throw unknownName(`${who}: unknown optimizer`, optimizer, [...rules.keys()])
  const { specs } = parseConstructor(who, rule, params, options)
  const count = specs.reduce((sum, { length }) => sum + length, 0)
  const bytes = specs.reduce((sum, { dtype, length }) => sum + length * elementBytes(dtype), 0)
  const kept = <T>(states: readonly T[]) => states.slice(0, states.length - (rule.workingArrays ?? 0))
  const state = specs.reduce(
    (sum, { states }) =>
      sum + kept(states).reduce((total, { dtype, length }) => total + length * elementBytes(dtype), 0),
    0,
  )
  return {
    count,
    params: bytes,
    grads: bytes,
    state,
    statePerParam: count === 0 ? 0 : state / count,
    total: 2 * bytes + state,
    block: layout(specs).bytes,
  }
}
