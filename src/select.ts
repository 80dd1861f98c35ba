// Choosing parameters by name: what freezing and decay masks take.
import { checkNames, kindError } from './check'
import type { Shape } from './types'

/** Parameters by name: one, several, all whose name matches, or all that a predicate holds for. */
export type Selection = string | readonly string[] | RegExp | ((name: string, shape: Shape) => boolean)

export interface NamedShape {
  readonly name: string
  readonly shape: Shape
}

/** The names selected, in the tensors' order; a name that is not among them is an error. */
export function select(who: string, which: unknown, tensors: readonly NamedShape[]): string[] {
  const names = tensors.map(({ name }) => name)
  if (typeof which === 'function') {
    return tensors.filter(({ name, shape }) => decide(who, which(name, shape))).map(({ name }) => name)
  }
  if (which instanceof RegExp) return names.filter((name) => name.search(which) >= 0)
  const wanted: unknown = typeof which === 'string' ? [which] : which
  if (!Array.isArray(wanted) || wanted.some((name) => typeof name !== 'string')) {
    throw kindError(who, 'a name, a list of names, a regular expression or a function', which)
  }
  checkNames(who, wanted, names)
  const chosen = new Set(wanted)
  return names.filter((name) => chosen.has(name))
}

function decide(who: string, answer: unknown): boolean {
  if (typeof answer !== 'boolean') throw kindError(`${who}: what the function returns`, 'a boolean', answer)
  return answer
}
