// What all wrappers share: an optimizer around an optimizer, with options and state of its own.
import type { BackendInfo } from '../backend'
import { checkFunction, checkOptions, kindError } from '../check'
import type { LoopOptimizer } from '../loop/model'
import type { OptionSpecs } from '../options'
import type { Selection } from '../select'
import type { Closure, FloatArray, Grads, Shape, StepInfo, StepOptions } from '../types'
import { checkAlive, Vectors } from '../vectors'
import { checkWrapperState, type WrapperState } from './state'

/** Every optimizer, wrapped or not. */
export interface OptimizerInterface extends LoopOptimizer {
  readonly shapes: Readonly<Record<string, Shape>> | readonly Shape[]
  readonly backend: BackendInfo
  readonly stepCount: number
  readonly mode: 'train' | 'eval'
  readonly frozen: readonly string[]
  /** Whether a step is in flight, off the event loop. Default false. */
  readonly busy?: boolean
  // biome-ignore lint/suspicious/noExplicitAny: a closure over parameters of any form
  step(grads?: Grads | Closure<any> | null, options?: StepOptions): StepInfo
  /** `step` off the event loop, for optimizers that can. */
  // biome-ignore lint/suspicious/noExplicitAny: a closure over parameters of any form
  stepAsync?(grads?: Closure<any> | null, options?: StepOptions): Promise<StepInfo>
  zeroGrad(): void
  freeze(which: Selection): readonly string[]
  unfreeze(which?: Selection): readonly string[]
}

const METHODS = ['step', 'zeroGrad', 'stateDict', 'loadStateDict', 'train', 'eval', 'freeze'] as const

/** An optimizer whose steps are those of another, `inner`, with something before or after. */
export abstract class Wrapper<I extends OptimizerInterface, O extends object> implements OptimizerInterface {
  /** The wrapper's own options, readable and writable, validated. */
  readonly options: O
  protected readonly names: readonly string[]
  protected readonly arrays: readonly FloatArray[]
  readonly #who: string
  readonly #specs: OptionSpecs<O>
  readonly #lengths: readonly number[]
  #step = 0
  #inFlight = false

  protected constructor(
    who: string,
    /** The optimizer that takes the steps. */
    readonly inner: I,
    specs: OptionSpecs<O>,
    given: object | undefined,
  ) {
    if (typeof inner !== 'object' || inner === null)
      throw kindError(`${who}: optimizer`, 'an optimizer', inner)
    for (const name of METHODS) checkFunction(`${who}: optimizer.${name}`, inner[name])
    this.#who = who
    this.#specs = specs
    this.options = liveOptions(who, specs, given)
    this.names = Object.keys(inner.params)
    this.arrays = Object.values(inner.params)
    this.#lengths = this.arrays.map(({ length }) => length)
  }

  get groups(): I['groups'] {
    return this.inner.groups
  }
  get params(): I['params'] {
    return this.inner.params
  }
  get shapes(): I['shapes'] {
    return this.inner.shapes
  }
  get grads(): I['grads'] {
    return this.inner.grads
  }
  get backend(): BackendInfo {
    return this.inner.backend
  }
  get mode(): 'train' | 'eval' {
    return this.inner.mode
  }
  get needsClosure(): boolean {
    return this.inner.needsClosure ?? false
  }
  get busy(): boolean {
    return this.#inFlight || (this.inner.busy ?? false)
  }
  get frozen(): readonly string[] {
    return this.inner.frozen
  }
  /** Steps taken so far, skipped ones not counted. */
  get stepCount(): number {
    return this.#step
  }

  zeroGrad(): void {
    this.inner.zeroGrad()
  }
  freeze(which: Selection): readonly string[] {
    return this.inner.freeze(which)
  }
  unfreeze(which?: Selection): readonly string[] {
    return this.inner.unfreeze(which)
  }
  train(): void {
    this.inner.train()
  }
  eval(): void {
    this.inner.eval()
  }

  /** One step of the inner optimizer, and what the wrapper adds; takes what the inner `step` takes. */
  step(grads?: Parameters<I['step']>[0], options?: StepOptions): StepInfo {
    this.checkIdle('step')
    this.before('step')
    return this.#conclude(this.inner.step(grads, options))
  }

  /**
   * The same with the inner optimizer's `stepAsync`, under its conditions: owned parameters, a closure or the own
   * gradients. What the wrapper adds is computed at once, before and after it.
   */
  async stepAsync(grads?: Closure<I['params']> | null, options?: StepOptions): Promise<StepInfo> {
    this.checkIdle('stepAsync')
    const { inner } = this
    if (inner.stepAsync === undefined)
      throw new TypeError(`${this.#who}.stepAsync: the optimizer inside must have stepAsync, too`)
    this.before('stepAsync')
    this.#inFlight = true
    try {
      return this.#conclude(await inner.stepAsync(grads, options))
    } finally {
      this.#inFlight = false
    }
  }

  #conclude(info: StepInfo): StepInfo {
    if (info.skipped) return info
    this.#step++
    this.after()
    return info
  }

  /** @param _method The method that begins, for messages. */
  protected before(_method: string): void {}
  protected after(): void {}

  /** A copy of everything the wrapper and its inner optimizer remember, by parameter name. */
  stateDict(): WrapperState {
    this.checkIdle('stateDict')
    return {
      rule: this.#who,
      step: this.#step,
      options: { ...this.options } as Record<string, unknown>,
      ...this.save(),
      inner: this.inner.stateDict(),
    }
  }

  /** Restores what `stateDict()` returned; checks all of it first and changes nothing when it throws. */
  loadStateDict(saved: WrapperState): void {
    this.checkIdle('loadStateDict')
    const who = `${this.#who}.loadStateDict`
    const dict = checkWrapperState(who, this.#who, saved)
    const options = liveOptions(who, this.#specs, { ...this.options, ...dict.options })
    const install = this.check(who, dict)
    this.inner.loadStateDict(dict.inner)
    install()
    this.#step = dict.step
    Object.assign(this.options, options)
  }

  /** What a wrapper remembers besides its steps and options. */
  protected save(): { state: WrapperState['state'] } & Record<string, unknown> {
    return { state: {} }
  }

  /** Checks what `save` returned; gives what installs it. */
  protected check(_who: string, _saved: WrapperState): () => void {
    return () => {}
  }

  /** Kernels over the parameters, by the backend of the inner optimizer. */
  protected vectors(states: number): Vectors {
    return new Vectors(this.#who, this.arrays, this.backend.name, states)
  }

  /** Throws while a step of the inner optimizer is in flight. */
  protected checkIdle(method: string): void {
    if (!this.busy) return
    throw new Error(`${this.#who}.${method} must wait for stepAsync: a step is in flight`)
  }

  /** Throws unless parameters, and gradients if given, are where they were. */
  protected checkAlive(method: string, gradients?: readonly (FloatArray | null)[]): void {
    const who = `${this.#who}.${method}`
    checkAlive(who, 'parameter', this.names, this.arrays, this.#lengths)
    if (gradients) checkAlive(who, 'gradient', this.names, gradients, this.#lengths)
  }
}

/** An object of options: assignments are checked as the constructor checks. */
function liveOptions<O extends object>(who: string, specs: OptionSpecs<O>, given: object | undefined): O {
  const names = Object.keys(specs) as (keyof O & string)[]
  const got = checkOptions(who, given, names)
  const options = {} as O
  for (const name of names) {
    const { default: initial, check } = specs[name]
    let value = got[name] === undefined ? initial : check(`${who}: ${name}`, got[name])
    Object.defineProperty(options, name, {
      enumerable: true,
      get: () => value,
      set(next: unknown) {
        value = check(`${who}: ${name}`, next)
      },
    })
  }
  return Object.preventExtensions(options)
}
