// The base of all optimizers: what their users see. Its parts do the work: `parts.ts` makes them, `stepper.ts` steps.
import type { BackendInfo } from './backend'
import { Freezing } from './freezing'
import type { ScheduledGroup } from './groups'
import { OwnGradients } from './own-gradients'
import { assemble, type Parts } from './parts'
import type { CommonOptions, Preset, Rule } from './rule'
import type { Selection } from './select'
import { loadState, type StateDict, saveState } from './state-dict'
import { Stepper } from './stepper'
import type {
  BackendName,
  Closure,
  DType,
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
  readonly #parts: Parts<O>
  readonly #ownGradients: OwnGradients
  readonly #freezing: Freezing
  readonly #stepper: Stepper<O>
  #namedGrads: ParamArrays<P> | undefined

  protected constructor(rule: Rule<O>, params: P, options: object | undefined) {
    const parts = assemble(rule, params, options, (name) => this.#stepper.checkIdle(name))
    const { tensors, arrays, block, live, backend } = parts
    this.#parts = parts
    this.groups = live.groups
    this.params = this.#named(arrays) as ParamArrays<P>
    this.shapes = this.#named(tensors.map(({ shape }) => shape)) as Shapes<P>
    this.backend = backend
    this.#ownGradients = new OwnGradients(tensors, block)
    this.#freezing = new Freezing(rule.name, tensors)
    const call = (closure: unknown) => (closure as Closure<P>)(this.grads)
    this.#stepper = new Stepper(parts, this.#ownGradients, this.#freezing, call)
  }

  /** One value a tensor, in the form in which the parameters were passed. */
  #named<T>(values: readonly T[]): Readonly<Record<string, T>> | readonly T[] {
    const { form, tensors } = this.#parts
    if (form === 'list') return Object.freeze([...values])
    return Object.freeze(Object.fromEntries(tensors.map(({ name }, t) => [name, values[t]])))
  }

  /**
   * Gradient arrays to fill: in the optimizer's own memory for parameters given as shapes, allocated at the
   * first access for the caller's arrays. `step()` without gradients reads them.
   */
  get grads(): ParamArrays<P> {
    this.#namedGrads ??= this.#named(this.#ownGradients.arrays) as ParamArrays<P>
    return this.#namedGrads
  }

  /** Whether `step` needs a closure, since the rule needs the loss. */
  get needsClosure(): boolean {
    return this.#parts.rule.needsLoss ?? false
  }

  /** Steps taken so far, skipped ones not counted. */
  get stepCount(): number {
    return this.#stepper.count
  }

  /** Fills the gradients of `grads` with zeros. */
  zeroGrad(): void {
    this.#stepper.checkIdle('zeroGrad')
    this.#ownGradients.zero()
  }

  /**
   * One step. Order: gradScale → clipValue → norm and finite check → clipNorm → maximize → weight decay → rule.
   * Everything is checked first: a step that throws has changed nothing.
   *
   * @param grads Gradients in the parameters' form (`null` leaves a tensor and its state untouched), or a
   * closure that fills `grads` and returns the loss, or nothing to use `grads` as it stands.
   */
  step(grads?: G | Closure<P> | null, options?: StepOptions): StepInfo {
    return this.#stepper.step(grads, options)
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
  stepAsync(grads?: Closure<P> | null, options?: StepOptions): Promise<StepInfo> {
    return this.#stepper.stepAsync(grads, options)
  }

  /** Whether a step of `stepAsync` is in flight. */
  get busy(): boolean {
    return this.#stepper.busy
  }

  /** The names of the frozen parameters. Not part of the state. */
  get frozen(): readonly string[] {
    return this.#freezing.names
  }

  /** Leaves parameters and their state untouched from now on, as `null` gradients do; returns their names. */
  freeze(which: Selection): readonly string[] {
    this.#stepper.checkIdle('freeze')
    return this.#freezing.freeze(which)
  }

  /** Lets frozen parameters move again; returns their names. */
  unfreeze(which: Selection = () => true): readonly string[] {
    this.#stepper.checkIdle('unfreeze')
    return this.#freezing.unfreeze(which)
  }

  /** A copy of everything the optimizer remembers, by parameter name; any backend loads it. */
  stateDict(): StateDict<O> {
    this.#stepper.checkIdle('stateDict')
    return saveState(this.#parts.live, this.#stepper.count, this.#stepper.mode)
  }

  /** Restores what `stateDict()` returned; checks all of it first and changes nothing when it throws. */
  loadStateDict(saved: StateDict<O>): void {
    this.#stepper.checkIdle('loadStateDict')
    this.#stepper.resume(loadState(this.#parts.live, saved))
  }

  /** 'train', or 'eval' after `eval()`. */
  get mode(): 'train' | 'eval' {
    return this.#stepper.mode
  }

  /** Puts the parameters back where training goes on; only schedule-free rules move them. */
  train(): void {
    this.#stepper.checkIdle('train')
    this.#stepper.enter('train')
  }

  /** Puts the parameters where they are best evaluated; only schedule-free rules move them. */
  eval(): void {
    this.#stepper.checkIdle('eval')
    this.#stepper.enter('eval')
  }
}
