// A constructor's arguments, checked as a whole before anything is allocated.
import { checkOneOf, checkOptions } from './check'
import { checkHyperParameters } from './groups'
import type { CommonOptions, Preset, Rule } from './rule'
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
  const { presets = {} } = rule
  const presetNames = ['torch', ...Object.keys(presets)] as Preset[]
  const given = { ...presets[checkOneOf(`${who}: preset`, preset, presetNames)], ...own }
  const parsed = parseParams(who, params, checkOneOf(`${who}: dtype`, dtype, ['float32', 'float64']))
  checkHyperParameters(who, rule, given)
  const values = parsed.groups.map((group) => checkHyperParameters(who, rule, { ...given, ...group }))
  return { parsed, values, backend }
}
