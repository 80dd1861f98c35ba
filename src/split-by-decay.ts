// Decay masks: parameters in two groups, with weight decay and without.
import { kindError } from './check'
import { type Selection, select } from './select'
import { parseParams } from './tensors'
import type { Param } from './types'

/** A group of parameters that decay as the optimizer says, or of those that do not. */
export interface DecayGroup {
  readonly params: Readonly<Record<string, Param>>
  readonly weightDecay?: 0
}

/**
 * Splits parameters into those whose weights decay, and those with `weightDecay: 0`, as groups for any optimizer.
 *
 * @param params A record of arrays, shapes or `{ data, shape }`.
 * @param decays Which decay: a predicate of name and shape, a regular expression, a name or names. Default: tensors of two
 * or more dimensions, hence weights and not biases or the gains of normalisations.
 * @returns One group or two, the decaying one first; a group without parameters is left out.
 *
 * Source: the parameter groups of GPT-2's training (`configure_optimizers` in Karpathy's nanoGPT); `optax.masked`.
 *
 * @example
 * ```ts
 * import { AdamW, splitByDecay } from 'cauchy'
 * const opt = new AdamW(splitByDecay({ w: [4, 2], b: [2] }), { weightDecay: 0.1 })
 * opt.groups.map((group) => group.weightDecay) // → [0.1, 0]
 * opt.groups.map((group) => group.params[0]) // → ['w', 'b']
 * ```
 * @throws TypeError for wrong kinds and unknown names, RangeError for wrong shapes.
 */
export function splitByDecay(
  params: Readonly<Record<string, Param>>,
  decays: Selection = (_name, shape) => shape.length >= 2,
): DecayGroup[] {
  const who = 'splitByDecay'
  if (Array.isArray(params))
    throw kindError(`${who}: params`, 'a record, since groups are chosen by name', params)
  const { tensors } = parseParams(who, params, 'float32')
  const names = new Set(select(who, decays, tensors))
  const part = (decaying: boolean) =>
    Object.fromEntries(Object.entries(params).filter(([name]) => names.has(name) === decaying))
  const groups: DecayGroup[] = [{ params: part(true) }, { params: part(false), weightDecay: 0 }]
  return groups.filter((group) => Object.keys(group.params).length > 0)
}
