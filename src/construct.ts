// A constructor's arguments, checked as a whole before anything is allocated.
import { checkOneOf, checkOptions, valueError } from './check'
import { checkHyperParameters } from './groups'
import { type CommonOptions, PRESETS, type Rule } from './rule'
import { type ParsedParams, parseParams } from './tensors'

export interface Construction<O> {
  readonly parsed: ParsedParams
  /** Each group's hyper-parameters, complete. */
  readonly values: O[]
  readonly backend: unknown
}

export function parseConstructor<O extends CommonOptions>(
  who: string,
  rule: Rule<O>,
  params: unknown,
  options: object | undefined,
): Construction<O> {
  const known = [...Object.keys(rule.options), 'backend', 'dtype', 'preset']
  const { backend, dtype = 'float32', preset = 'torch', ...own } = checkOptions(who, options, known)
  const given = { ...rule.presets?.[checkOneOf(`${who}: preset`, preset, PRESETS)], ...own }
  const parsed = parseParams(who, params, checkOneOf(`${who}: dtype`, dtype, ['float32', 'float64']))
  if (rule.solver && parsed.groups.length > 1) {
    throw valueError(`${who}: params`, 'in one group', `${parsed.groups.length} groups`)
  }
  checkHyperParameters(who, rule, given)
  const values = parsed.groups.map((group) => checkHyperParameters(who, rule, { ...given, ...group }))
  return { parsed, values, backend }
}
