// The parts of an optimizer, put together: memory, engine, groups, passes, and the state as it is before the first step.
import { type BackendInfo, chooseBackend } from './backend'
import { parseConstructor } from './construct'
import { Gradients } from './gradients'
import { createGroup } from './groups'
import { allocate, type Block, SLOTS } from './memory'
import { fillArray } from './packing'
import { Passes } from './passes'
import type { CommonOptions, Rule } from './rule'
import type { Solver } from './solver'
import { SparseEngine } from './sparse/engine'
import type { Live } from './state-dict'
import type { TensorInfo } from './tensors'
import type { FloatArray, StateArray } from './types'

export interface Parts<O extends CommonOptions> {
  readonly rule: Rule<O>
  readonly form: 'list' | 'record'
  readonly tensors: readonly TensorInfo[]
  /** The parameters. */
  readonly arrays: readonly FloatArray[]
  readonly block: Block
  readonly engine: SparseEngine
  /** What was chosen, and the threads of the last step. */
  readonly backend: BackendInfo & { readonly threads: number }
  readonly gradients: Gradients
  readonly passes: Passes<O>
  /** What takes the steps instead of the passes, if anything does. */
  readonly solver: Solver | undefined
  /** What a state dict is made of, the groups among it. */
  readonly live: Live<O>
}

/**
 * Everything is checked before anything is allocated.
 * @param checkIdle Called before a hyper-parameter of that name changes; throws where it may not.
 */
export function assemble<O extends CommonOptions>(
  rule: Rule<O>,
  params: unknown,
  options: object | undefined,
  checkIdle: (name: string) => void,
): Parts<O> {
  const who = rule.name
  const { parsed, values, states, specs, backend, threading } = parseConstructor(who, rule, params, options)
  const { form, tensors } = parsed
  const choice = chooseBackend(who, backend)
  const block = allocate(who, specs, choice.backend.memory)
  const engine = new SparseEngine(who, choice.backend, specs, block, threading)
  const arrays = tensors.map(({ data }, t) => data ?? (block.p[t] as FloatArray))
  const names: string[][] = values.map(() => [])
  for (const { group, name } of tensors) names[group].push(name)
  const groups = values.map((own, index) => createGroup(rule, names[index], own, checkIdle))
  const passes = new Passes(rule, tensors, values, block, engine, arrays)
  tensors.forEach((tensor, t) => {
    bindTensor(engine, block, t, arrays[t])
    fillState(rule, values[tensor.group], tensor, block.state[t])
  })
  const isLazy = (t: number) => rule.lazy?.(values[tensors[t].group]) ?? false
  return {
    rule,
    form,
    tensors,
    arrays,
    block,
    engine,
    backend: Object.freeze({
      ...choice.info,
      get threads() {
        return engine.threads
      },
    }),
    gradients: new Gradients(`${who}.step`, form, tensors, arrays, engine, isLazy),
    passes,
    solver: rule.solver?.({ options: groups[0], block, engine, arrays, tensors: passes.tensors }),
    live: {
      rule,
      infos: tensors,
      groups,
      tensors: passes.tensors,
      slots: states.map(({ names }) => names),
      state: block.state,
    },
  }
}

/** All slots of a tensor but its gradient's: the parameter, its state, and from the last slot back its working arrays. */
function bindTensor(engine: SparseEngine, { state, work }: Block, t: number, param: FloatArray): void {
  engine.bind(t, 0, param)
  // Solvers have more arrays than there are slots, and bind what a kernel needs.
  state[t].slice(0, SLOTS - 2 - work[t].length).forEach((array, k) => {
    engine.bind(t, 2 + k, array)
  })
  work[t].forEach((array, k) => {
    engine.bind(t, SLOTS - 1 - k, array)
  })
}

/** Arrays that start at a number; what starts at the parameter is copied when its first step finds it. */
function fillState<O extends CommonOptions>(
  rule: Rule<O>,
  options: O,
  { shape }: TensorInfo,
  arrays: readonly StateArray[],
): void {
  const slots = rule.state(options, shape)
  slots.forEach((slot, k) => {
    const value = rule.initial?.(options, slot) ?? 0
    if (value !== 'params' && value !== 0) fillArray(arrays[k], arrays[slots.length + k], value)
  })
}
