// Parameter groups: every hyper-parameter readable and writable, validated at each assignment.
import { checkNumber, checkOptions } from './check'
import type { CommonOptions, Rule } from './rule'
import type { Group } from './types'

/** The group as schedulers see it: with the rate it had before any of them. */
export type ScheduledGroup<O> = Group<O> & { initialLr?: number }

/** Checks a set of options against a rule: known names, each in range, none contradicting another. */
export function checkHyperParameters<O extends CommonOptions>(who: string, rule: Rule<O>, given: object): O {
  const names = Object.keys(rule.options) as (keyof O & string)[]
  const got = checkOptions(who, given, names)
  const values = {} as O
  for (const name of names) {
    const option = rule.options[name]
    values[name] = got[name] === undefined ? option.default : option.check(`${who}: ${name}`, got[name])
  }
  rule.validate?.(values)
  return values
}

/** Why one set of values cannot follow the other without another state, or undefined if it can. */
export function structuralChange<O extends CommonOptions>(rule: Rule<O>, from: O, to: O): string | undefined {
  for (const name of rule.structural) {
    if (from[name] !== to[name])
      return `${name} is fixed at construction (${String(from[name])}, got ${String(to[name])})`
  }
  if (rule.state(from, []).join() === rule.state(to, []).join()) return undefined
  const changed = (Object.keys(from) as (keyof O & string)[]).filter((name) => from[name] !== to[name])
  return `${changed.join(', ')} cannot change between zero and non-zero after construction: the state is another`
}

/** A live group: assignments are checked as the constructor checks, and change nothing when they throw. */
export function createGroup<O extends CommonOptions>(
  rule: Rule<O>,
  params: readonly string[],
  values: O,
  checkIdle: (name: string) => void,
): ScheduledGroup<O> {
  const group = { params: Object.freeze([...params]) } as ScheduledGroup<O>
  Object.defineProperty(group, 'params', { writable: false })
  for (const name of Object.keys(rule.options) as (keyof O & string)[]) {
    Object.defineProperty(group, name, {
      enumerable: true,
      get: () => values[name],
      set(value: unknown) {
        checkIdle(name)
        const next = { ...values, [name]: rule.options[name].check(`${rule.name}: ${name}`, value) }
        rule.validate?.(next)
        const reason = structuralChange(rule, values, next)
        if (reason) throw new TypeError(`${rule.name}: ${reason}`)
        values[name] = next[name]
      },
    })
  }
  let initialLr: number | undefined
  Object.defineProperty(group, 'initialLr', {
    get: () => initialLr,
    set(value: unknown) {
      initialLr = value === undefined ? undefined : checkNumber(`${rule.name}: initialLr`, value, { min: 0 })
    },
  })
  return Object.preventExtensions(group)
}
