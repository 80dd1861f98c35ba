// A constructor's arguments, checked as a whole before anything is allocated.
import { chooseThreading } from './backend'
import type { Threading } from './backends/engine'
import { checkOneOf, checkOptions, valueError } from './check'
import { checkHyperParameters } from './groups'
import type { ArraySpec, TensorSpec } from './memory'
import { planState, type StatePlan } from './packing'
import type { CommonOptions, Preset, Rule } from './rule'
import { type ParsedParams, parseParams, type TensorInfo } from './tensors'

export interface Construction<O> {
  readonly parsed: ParsedParams
  /** Each group's hyper-parameters, complete. */
  readonly values: O[]
  /** Each tensor's state arrays. */
  readonly states: readonly StatePlan[]
  /** The tensors as memory and engines see them. */
  readonly specs: readonly TensorSpec[]
  readonly backend: unknown
  readonly threading: Threading
}

export function parseConstructor<O extends CommonOptions>(
  who: string,
  rule: Rule<O>,
  params: unknown,
  options: object | undefined,
): Construction<O> {
  const known = [...Object.keys(rule.options), 'backend', 'threads', 'dtype', 'preset']
  const { backend, threads, dtype = 'float32', preset = 'torch', ...own } = checkOptions(who, options, known)
  const { presets = {} } = rule
  const presetNames = ['torch', ...Object.keys(presets)] as Preset[]
  const given = { ...presets[checkOneOf(`${who}: preset`, preset, presetNames)], ...own }
  const threading = chooseThreading(who, threads)
  const parsed = parseParams(who, params, checkOneOf(`${who}: dtype`, dtype, ['float32', 'float64']))
  if (rule.solver && parsed.groups.length > 1) {
    throw valueError(`${who}: params`, 'in one group', `${parsed.groups.length} groups`)
  }
  checkHyperParameters(who, rule, given)
  const values = parsed.groups.map((group) => checkHyperParameters(who, rule, { ...given, ...group }))
  const states = parsed.tensors.map((tensor) => planState(who, rule, values[tensor.group], tensor))
  const specs = parsed.tensors.map((tensor, t) => specOf(who, rule, states[t], tensor))
  return { parsed, values, states, specs, backend, threading }
}

function specOf<O extends CommonOptions>(
  who: string,
  rule: Rule<O>,
  { arrays, packing }: StatePlan,
  { name, dtype, length, shape, data }: TensorInfo,
): TensorSpec {
  const wanted = rule.wantsShape?.(shape)
  if (wanted) {
    throw new RangeError(`${who}: parameter ${JSON.stringify(name)} must be ${wanted}, got shape [${shape}]`)
  }
  const [rows, columns] = rule.matrix?.(shape) ?? [1, length]
  return {
    dtype,
    length,
    owned: data === null,
    rows,
    columns,
    states: [...arrays, ...new Array<ArraySpec>(rule.workingArrays ?? 0).fill({ dtype, length })],
    packing,
    work: rule.work?.(shape, dtype) ?? [],
    sharesWork: rule.sharesWork ?? false,
  }
}
