// What all optimizers share: tensors in groups, the step with its gradient pipeline and passes, state.
import { type BackendInfo, chooseBackend } from './backend'
import type { Engine } from './backends/engine'
import { kindError, show } from './check'
import { parseConstructor } from './construct'
import { type CheckedStepOptions, checkStepOptions, Gradients, gradientNorm } from './gradients'
import { createGroup, type ScheduledGroup } from './groups'
import { allocate, type Block, newArray, SLOTS } from './memory'
import { Passes } from './passes'
import type { CommonOptions, Preset, Rule } from './rule'
import { type Selection, select } from './select'
import type { Evaluation, Solver } from './solver'
import { type Live, loadState, type StateDict, saveState } from './state-dict'
import type { TensorInfo } from './tensors'
import type {
  BackendName,
  Closure,
  DType,
  FloatArray,
  Grads,
  ParamArrays,
  ParamsInput,
  Shapes,
  StepInfo,
  StepOptions,
} from './types'

/** Options of every optimizer besides its rule's own. */
export interface OptimizerOptions {
  /** Which backend computes: 'auto' takes the fastest that loads. Default 'auto'. */
  backend?: 'auto' | BackendName
  /**
   * Whose defaults and conventions the rule follows where frameworks differ; options given go before. Default 'torch'.
   */
  preset?: Preset
  /** The element type of parameters given as shapes. Default 'float32'. */
  dtype?: DType
}

interface Evaluated extends Evaluation {
  /** As they came, those of frozen tensors included. */
  readonly given: readonly (FloatArray | null)[]
  readonly gradNorm: number | null
}

/**
 * The base of all optimizers. Parameters are the caller's arrays, updated in place, or shapes, for which the
 * optimizer owns parameters and gradients; in a record, a list, or named groups of either.
 */
export abstract class Optimizer<O extends CommonOptions, const P extends ParamsInput<O> = ParamsInput<O>> {
  /** Every group's hyper-parameters, readable and writable. */
  readonly groups: readonly ScheduledGroup<O>[]
  /** The parameter arrays, in the form in which they were passed. */
  readonly params: ParamArrays<P>
  /** The parameters' shapes, in the same form. */
  readonly shapes: Shapes<P>
  /** What computes the steps, and why. */
  readonly backend: BackendInfo
  readonly #rule: Rule<O>
  readonly #tensors: readonly TensorInfo[]
  readonly #form: 'list' | 'record'
  readonly #block: Block
  readonly #engine: Engine
  readonly #arrays: readonly FloatArray[]
  readonly #gradients: Gradients
  readonly #live: Live<O>
  readonly #passes: Passes<O>
  readonly #solver: Solver | undefined
  #ownGrads: FloatArray[] | undefined
  #namedGrads: ParamArrays<P> | undefined
  #step = 0
  #mode: 'train' | 'eval' = 'train'
  readonly #frozen = new Set<string>()

  protected constructor(rule: Rule<O>, params: P, options: object | undefined) {
    const who = rule.name
    const { parsed, values, backend } = parseConstructor(who, rule, params, options)
    const choice = chooseBackend(who, backend)

    this.#rule = rule
    this.#form = parsed.form
    this.#tensors = parsed.tensors
    const slots = parsed.tensors.map(({ group }) => rule.state(values[group]))
    const specs = parsed.tensors.map(({ dtype, length, data }, t) => ({
      dtype,
      length,
      owned: data === null,
      states: slots[t].length + (rule.workingArrays ?? 0),
    }))
    this.#block = allocate(who, specs, choice.backend.memory)
    this.#engine = choice.backend.createEngine(specs, this.#block)
    this.backend = choice.info
    this.#arrays = parsed.tensors.map(({ data }, t) => data ?? (this.#block.p[t] as FloatArray))
    this.params = this.#named(this.#arrays) as ParamArrays<P>
    this.shapes = this.#named(parsed.tensors.map(({ shape }) => shape)) as Shapes<P>
    this.groups = values.map((own, index) => {
      const names = parsed.tensors.filter(({ group }) => group === index).map(({ name }) => name)
      return createGroup(rule, names, own)
    })
    const { state } = this.#block
    this.#passes = new Passes(rule, parsed.tensors, this.groups, this.#block, this.#engine, this.#arrays)
    const { tensors } = this.#passes
    this.#live = { rule, infos: parsed.tensors, groups: this.groups, tensors, slots, state }
    parsed.tensors.forEach(({ group }, t) => {
      this.#engine.bind(t, 0, this.#arrays[t])
      state[t].forEach((array, k) => {
        const value = rule.initial?.(values[group], slots[t][k]) ?? 0
        if (value !== 'params' && value !== 0) array.fill(value)
        if (2 + k < SLOTS) this.#engine.bind(t, 2 + k, array)
      })
    })
    this.#solver = rule.solver?.({
      options: this.groups[0],
      block: this.#block,
      engine: this.#engine,
      arrays: this.#arrays,
      tensors,
    })
    this.#gradients = new Gradients(`${who}.step`, parsed.form, parsed.tensors, this.#arrays, this.#engine)
  }

  #named<T>(values: readonly T[]): Readonly<Record<string, T>> | readonly T[] {
    if (this.#form === 'list') return Object.freeze([...values])
    return Object.freeze(Object.fromEntries(this.#tensors.map(({ name }, t) => [name, values[t]])))
  }

  #gradientArrays(): FloatArray[] {
    this.#ownGrads ??= this.#tensors.map(
      ({ dtype, length }, t) => this.#block.g[t] ?? newArray(dtype, length),
    )
    return this.#ownGrads
  }

  /**
   * Gradient arrays to fill: in the optimizer's own memory for parameters given as shapes, allocated at the
   * first access for the caller's arrays. `step()` without gradients reads them.
   */
  get grads(): ParamArrays<P> {
    this.#namedGrads ??= this.#named(this.#gradientArrays()) as ParamArrays<P>
    return this.#namedGrads
  }

  /** Steps taken so far, skipped ones not counted. */
  get stepCount(): number {
    return this.#step
  }

  /** Whether `step` takes a closure alone, since the rule needs the loss. */
  get needsClosure(): boolean {
    return this.#rule.needsLoss ?? false
  }

  /** Fills the gradients of `grads` with zeros. */
  zeroGrad(): void {
    for (const array of this.#gradientArrays()) array.fill(0)
  }

  /**
   * One step. Order: gradScale → clipValue → norm and finite check → clipNorm → maximize → weight decay → rule.
   * Everything is checked first: a step that throws has changed nothing.
   *
   * @param grads Gradients in the parameters' form (`null` leaves a tensor and its state untouched), or a
   * closure that fills `grads` and returns the loss, or nothing to use `grads` as it stands.
   */
  step(grads?: Grads | Closure<P> | null, options?: StepOptions): StepInfo {
    const who = `${this.#rule.name}.step`
    const checked = checkStepOptions(who, options)
    this.#checkReady(who, grads)
    this.#checkAlive(who)
    const first = this.#evaluate(who, grads, checked)
    let { skipped } = first
    let evaluations = 1
    if (!skipped) {
      if (this.#solver) {
        const again = () => this.#evaluate(who, grads, checked)
        ;({ skipped, evaluations } = this.#solver.step(first, again, checked))
      } else {
        this.#passes.step(first.arrays, checked, first.clipFactor, first.loss)
      }
    }
    if (!skipped) this.#step++
    if (checked.zeroGrad) for (const array of first.given) array?.fill(0)
    const info: StepInfo = { step: this.#step, skipped, gradNorm: first.gradNorm }
    if (typeof grads === 'function') info.loss = first.loss
    if (this.#solver) info.evaluations = evaluations
    return info
  }

  /** The gradients at the parameters as they are, from the caller or the closure: checked, bound and measured. */
  #evaluate(
    who: string,
    grads: Grads | Closure<P> | null | undefined,
    checked: CheckedStepOptions,
  ): Evaluated {
    let loss = Number.NaN
    let given: (FloatArray | null)[]
    if (typeof grads === 'function') {
      loss = grads(this.grads)
      if (typeof loss !== 'number')
        throw kindError(`${who}: the closure's result`, 'the loss (a number)', loss)
      given = this.#gradients.checkList(this.#gradientArrays())
    } else if (grads !== undefined && grads !== null) {
      given = this.#gradients.check(grads)
    } else {
      if (!this.#ownGrads && this.#tensors.some(({ data }) => data !== null)) {
        throw kindError(`${who}: grads`, 'gradients, since the parameters are your own arrays', grads)
      }
      given = this.#gradients.checkList(this.#gradientArrays())
    }
    // Again, after whatever code of the user's ran above.
    this.#checkAlive(who)
    const { clipNorm, skipNonFinite } = checked
    let arrays = given
    if (this.#frozen.size > 0)
      arrays = given.map((array, t) => (this.#frozen.has(this.#tensors[t].name) ? null : array))
    this.#gradients.bind(arrays)
    let gradNorm: number | null = null
    let clipFactor = 1
    let skipped = false
    if (skipNonFinite || clipNorm !== undefined) {
      const { norm, finite } = gradientNorm(this.#engine, this.#block, arrays, checked)
      gradNorm = norm
      if (clipNorm !== undefined && clipNorm !== Number.POSITIVE_INFINITY) {
        clipFactor = Math.min(1, clipNorm / (gradNorm + 1e-6))
      }
      skipped = skipNonFinite && !finite
    }
    return { loss, given, arrays, gradNorm, clipFactor, skipped }
  }

  #checkReady(who: string, grads: unknown): void {
    const { needsLoss, modes } = this.#rule
    if (needsLoss && typeof grads !== 'function') {
      throw kindError(`${who}: grads`, 'a closure, since the rule needs the loss', grads)
    }
    if (modes && this.#mode === 'eval')
      throw new Error(`${who} must be called in training mode: call train() first`)
  }

  #checkAlive(who: string): void {
    for (let t = 0; t < this.#arrays.length; t++) {
      const { name, length } = this.#tensors[t]
      if (this.#arrays[t].length !== length) {
        throw new TypeError(`${who}: parameter ${show(name)} must keep its memory, got a detached array`)
      }
    }
  }

  /** The names of the frozen parameters. Not part of the state. */
  get frozen(): readonly string[] {
    return [...this.#frozen]
  }

  /** Leaves parameters and their state untouched from now on, as `null` gradients do; returns their names. */
  freeze(which: Selection): readonly string[] {
    const names = select(`${this.#rule.name}.freeze`, which, this.#tensors)
    for (const name of names) this.#frozen.add(name)
    return names
  }

  /** Lets frozen parameters move again; returns their names. */
  unfreeze(which: Selection = () => true): readonly string[] {
    const names = select(`${this.#rule.name}.unfreeze`, which, this.#tensors)
    return names.filter((name) => this.#frozen.delete(name))
  }

  /** A copy of everything the optimizer remembers, by parameter name; any backend loads it. */
  stateDict(): StateDict<O> {
    return saveState(this.#live, this.#step, this.#mode)
  }

  /** Restores what `stateDict()` returned; checks all of it first and changes nothing when it throws. */
  loadStateDict(saved: StateDict<O>): void {
    const { step, mode } = loadState(this.#live, saved)
    this.#step = step
    this.#mode = mode
    this.#solver?.loaded()
  }

  /** 'train', or 'eval' after `eval()`. */
  get mode(): 'train' | 'eval' {
    return this.#mode
  }

  /** Puts the parameters back where training goes on; only schedule-free rules move them. */
  train(): void {
    this.#enter('train')
  }

  /** Puts the parameters where they are best evaluated; only schedule-free rules move them. */
  eval(): void {
    this.#enter('eval')
  }

  #enter(mode: 'train' | 'eval'): void {
    if (mode === this.#mode) return
    this.#checkAlive(`${this.#rule.name}.${mode}`)
    this.#passes.enter(mode)
    this.#mode = mode
  }
}
