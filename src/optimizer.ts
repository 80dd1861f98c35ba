// What all optimizers share: tensors in groups, the step with its gradient pipeline and passes, state.
import { type BackendInfo, chooseBackend } from './backend'
import { kindError, show } from './check'
import { parseConstructor } from './construct'
import { checkStepOptions, type GradientNorm, Gradients, gradientNorm, gradientNormAsync } from './gradients'
import { createGroup, type ScheduledGroup } from './groups'
import { allocate, type Block, newArray, SLOTS } from './memory'
import { fillState } from './packing'
import { Passes } from './passes'
import type { CommonOptions, Preset, Rule } from './rule'
import { type Selection, select } from './select'
import type { Solver } from './solver'
import { SparseEngine } from './sparse/engine'
import type { Gradient } from './sparse/rows'
import { type Live, loadState, type StateDict, saveState } from './state-dict'
import { type Decision, decide, type ReadyStep, wantsNorm } from './step'
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
  SparseGrads,
  StepInfo,
  StepOptions,
} from './types'

/** Options of every optimizer besides its rule's own. */
export interface OptimizerOptions {
  /** Which backend computes: 'auto' takes the fastest that loads. Default 'auto'. */
  backend?: 'auto' | BackendName
  /**
   * Whose defaults and conventions the rule follows where frameworks differ; options given go before. Default 'torch',
   * the rule's own where PyTorch lacks it; a framework that lacks the rule, or has another by its name, is refused.
   */
  preset?: Preset
  /**
   * Threads that may share a step, an integer in [1, 256]; only the native backend has more than one, and only for steps
   * of 262 144 elements and more. More than the processor has cores only cost time. The bits are the same. Default 1, or
   * what CAUCHY_THREADS says.
   */
  threads?: number
  /** The element type of parameters given as shapes. Default 'float32'. */
  dtype?: DType
}

/**
 * The base of all optimizers. Parameters are the caller's arrays, updated in place, or shapes, for which the
 * optimizer owns parameters and gradients; in a record, a list, or named groups of either.
 */
export abstract class Optimizer<
  O extends CommonOptions,
  const P extends ParamsInput<O> = ParamsInput<O>,
  G extends SparseGrads = Grads,
> {
  /** Every group's hyper-parameters, readable and writable. */
  readonly groups: readonly ScheduledGroup<O>[]
  /** The parameter arrays, in the form in which they were passed. */
  readonly params: ParamArrays<P>
  /** The parameters' shapes, in the same form. */
  readonly shapes: Shapes<P>
  /** What computes the steps, and why; `threads` tells how many took part in the last one. */
  readonly backend: BackendInfo & { readonly threads: number }
  readonly #rule: Rule<O>
  readonly #tensors: readonly TensorInfo[]
  readonly #form: 'list' | 'record'
  readonly #block: Block
  readonly #engine: SparseEngine
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
  #inFlight = false

  protected constructor(rule: Rule<O>, params: P, options: object | undefined) {
    const who = rule.name
    const { parsed, values, states, specs, backend, threading } = parseConstructor(who, rule, params, options)
    const choice = chooseBackend(who, backend)

    this.#rule = rule
    this.#form = parsed.form
    this.#tensors = parsed.tensors
    const slots = states.map(({ names }) => names)
    this.#block = allocate(who, specs, choice.backend.memory)
    this.#engine = new SparseEngine(who, choice.backend, specs, this.#block, threading)
    const engine = this.#engine
    this.backend = Object.freeze({
      ...choice.info,
      get threads() {
        return engine.threads
      },
    })
    this.#arrays = parsed.tensors.map(({ data }, t) => data ?? (this.#block.p[t] as FloatArray))
    this.params = this.#named(this.#arrays) as ParamArrays<P>
    this.shapes = this.#named(parsed.tensors.map(({ shape }) => shape)) as Shapes<P>
    this.groups = values.map((own, index) => {
      const names = parsed.tensors.filter(({ group }) => group === index).map(({ name }) => name)
      return createGroup(rule, names, own, (name) => this.#checkIdle(name))
    })
    const { state, work } = this.#block
    this.#passes = new Passes(rule, parsed.tensors, this.groups, this.#block, this.#engine, this.#arrays)
    const { tensors } = this.#passes
    this.#live = { rule, infos: parsed.tensors, groups: this.groups, tensors, slots, state }
    parsed.tensors.forEach(({ group, shape }, t) => {
      const own = rule.state(values[group], shape)
      this.#engine.bind(t, 0, this.#arrays[t])
      state[t].forEach((array, k) => {
        const value = k < own.length ? (rule.initial?.(values[group], own[k]) ?? 0) : 0
        if (value !== 'params' && value !== 0) fillState(array, state[t][own.length + k], value)
        if (2 + k < SLOTS - work[t].length) this.#engine.bind(t, 2 + k, array)
      })
      work[t].forEach((array, k) => {
        this.#engine.bind(t, SLOTS - 1 - k, array)
      })
    })
    const isLazy = (t: number) => rule.lazy?.(values[parsed.tensors[t].group]) ?? false
    this.#gradients = new Gradients(
      `${who}.step`,
      parsed.form,
      parsed.tensors,
      this.#arrays,
      this.#engine,
      isLazy,
    )
    this.#solver = rule.solver?.({
      options: this.groups[0],
      block: this.#block,
      engine: this.#engine,
      arrays: this.#arrays,
      tensors,
    })
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

  /** Whether `step` needs a closure, since the rule needs the loss. */
  get needsClosure(): boolean {
    return this.#rule.needsLoss ?? false
  }

  /** Steps taken so far, skipped ones not counted. */
  get stepCount(): number {
    return this.#step
  }

  /** Fills the gradients of `grads` with zeros. */
  zeroGrad(): void {
    this.#checkIdle('zeroGrad')
    // Those nobody asked for are zeros, if there are any.
    for (const array of this.#ownGrads ?? []) array.fill(0)
  }

  /**
   * One step. Order: gradScale → clipValue → norm and finite check → clipNorm → maximize → weight decay → rule.
   * Everything is checked first: a step that throws has changed nothing.
   *
   * @param grads Gradients in the parameters' form (`null` leaves a tensor and its state untouched), or a
   * closure that fills `grads` and returns the loss, or nothing to use `grads` as it stands.
   */
  step(grads?: G | Closure<P> | null, options?: StepOptions): StepInfo {
    const ready = this.#prepare('step', grads, options)
    const decision = decide(ready.checked, this.#measure(ready))
    if (this.#solver) {
      const again = () => {
        const next = this.#prepare('step', grads, options)
        return { ...next, ...decide(next.checked, this.#measure(next)) }
      }
      const { skipped, evaluations } = decision.skipped
        ? { skipped: true, evaluations: 1 }
        : this.#solver.step({ ...ready, ...decision }, again, ready.checked)
      return { ...this.#conclude(ready, { ...decision, skipped }), evaluations }
    }
    if (!decision.skipped) this.#passes.step(ready.arrays, ready.checked, decision.clipFactor, ready.loss)
    return this.#conclude(ready, decision)
  }

  /**
   * One step off the event loop: the native backend's threads compute it while JavaScript goes on; other backends
   * step before the promise resolves. For parameters given as shapes alone, whose memory cannot go away meanwhile.
   * Until the promise settles, the optimizer's other methods and its hyper-parameters throw; do not touch `params`
   * and `grads` either.
   *
   * @param grads A closure that fills `grads` and returns the loss, called at once, or nothing to use `grads` as it
   * stands.
   * @example
   * ```ts
   * import { AdamW } from 'cauchy'
   * const opt = new AdamW({ w: [1000] }, { lr: 0.1, threads: 2 })
   * opt.grads.w.fill(1)
   * const { step } = await opt.stepAsync()
   * step // → 1
   * ```
   * @throws TypeError (as a rejection) for your own arrays, parameters or gradients.
   */
  async stepAsync(grads?: Closure<P> | null, options?: StepOptions): Promise<StepInfo> {
    const who = `${this.#rule.name}.stepAsync`
    if (this.#tensors.some(({ data }) => data !== null)) {
      throw new TypeError(`${who}: parameters must be owned, given as shapes, got your own arrays`)
    }
    if (grads !== undefined && grads !== null && typeof grads !== 'function') {
      throw kindError(`${who}: grads`, 'a closure, or nothing to use the own gradients', grads)
    }
    if (this.#solver) return this.step(grads, options)
    const ready = this.#prepare('stepAsync', grads, options)
    this.#inFlight = true
    try {
      const measured = wantsNorm(ready.checked)
        ? await gradientNormAsync(this.#engine, this.#block, ready.arrays, ready.checked)
        : undefined
      const decision = decide(ready.checked, measured)
      const { clipFactor, skipped } = decision
      if (!skipped) await this.#passes.stepAsync(ready.arrays, ready.checked, clipFactor, ready.loss)
      return this.#conclude(ready, decision)
    } finally {
      this.#inFlight = false
    }
  }

  /** Whether a step of `stepAsync` is in flight. */
  get busy(): boolean {
    return this.#inFlight
  }

  #checkIdle(what: string): void {
    if (this.#inFlight) {
      throw new Error(`${this.#rule.name}.${what} must wait for stepAsync: a step is in flight`)
    }
  }

  // Everything that can be wrong with a step is found here, and nothing is changed.
  #prepare(
    method: 'step' | 'stepAsync',
    grads: G | Closure<P> | null | undefined,
    options: StepOptions | undefined,
  ): ReadyStep {
    const who = `${this.#rule.name}.${method}`
    this.#checkIdle(method)
    const checked = checkStepOptions(who, options)
    this.#checkReady(who, grads)
    this.#checkAlive(who)
    let loss = Number.NaN
    let given: (Gradient | null)[]
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
    this.#checkIdle(method)
    this.#checkAlive(who)
    const arrays =
      this.#frozen.size > 0
        ? given.map((array, t) => (this.#frozen.has(this.#tensors[t].name) ? null : array))
        : given
    this.#gradients.bind(arrays)
    return { checked, given, arrays, loss, hasLoss: typeof grads === 'function' }
  }

  #measure({ arrays, checked }: ReadyStep): GradientNorm | undefined {
    return wantsNorm(checked) ? gradientNorm(this.#engine, this.#block, arrays, checked) : undefined
  }

  #conclude({ checked, given, loss, hasLoss }: ReadyStep, { skipped, gradNorm }: Decision): StepInfo {
    if (!skipped) this.#step++
    if (checked.zeroGrad) for (const array of given) array?.fill(0)
    const info: StepInfo = { step: this.#step, skipped, gradNorm }
    return hasLoss ? { ...info, loss } : info
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
    this.#checkIdle('freeze')
    const names = select(`${this.#rule.name}.freeze`, which, this.#tensors)
    for (const name of names) this.#frozen.add(name)
    return names
  }

  /** Lets frozen parameters move again; returns their names. */
  unfreeze(which: Selection = () => true): readonly string[] {
    this.#checkIdle('unfreeze')
    const names = select(`${this.#rule.name}.unfreeze`, which, this.#tensors)
    return names.filter((name) => this.#frozen.delete(name))
  }

  /** A copy of everything the optimizer remembers, by parameter name; any backend loads it. */
  stateDict(): StateDict<O> {
    this.#checkIdle('stateDict')
    return saveState(this.#live, this.#step, this.#mode)
  }

  /** Restores what `stateDict()` returned; checks all of it first and changes nothing when it throws. */
  loadStateDict(saved: StateDict<O>): void {
    this.#checkIdle('loadStateDict')
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
    this.#checkIdle('train')
    this.#enter('train')
  }

  /** Puts the parameters where they are best evaluated; only schedule-free rules move them. */
  eval(): void {
    this.#checkIdle('eval')
    this.#enter('eval')
  }

  #enter(mode: 'train' | 'eval'): void {
    if (mode === this.#mode) return
    this.#checkAlive(`${this.#rule.name}.${mode}`)
    this.#passes.enter(mode)
    this.#mode = mode
  }
}
