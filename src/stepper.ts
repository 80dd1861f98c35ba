// Takes an optimizer's steps: each is checked as a whole, decided by its gradients' norm, then computed by the rule's
// passes, at once or off the event loop, or by its solver.
import { kindError, show } from './check'
import type { Freezing } from './freezing'
import { checkStepOptions, type GradientNorm, gradientNorm, gradientNormAsync } from './gradients'
import type { OwnGradients } from './own-gradients'
import type { Parts } from './parts'
import type { CommonOptions } from './rule'
import type { Gradient } from './sparse/rows'
import { type Decision, decide, type ReadyStep, wantsNorm } from './step'
import type { StepInfo, StepOptions } from './types'

export class Stepper<O extends CommonOptions> {
  readonly #parts: Parts<O>
  readonly #own: OwnGradients
  readonly #freezing: Freezing
  /** Calls a closure on the own gradients. */
  readonly #call: (closure: unknown) => unknown
  #count = 0
  #mode: 'train' | 'eval' = 'train'
  #inFlight = false

  constructor(parts: Parts<O>, own: OwnGradients, freezing: Freezing, call: (closure: unknown) => unknown) {
    this.#parts = parts
    this.#own = own
    this.#freezing = freezing
    this.#call = call
  }

  /** Steps taken so far. */
  get count(): number {
    return this.#count
  }

  get mode(): 'train' | 'eval' {
    return this.#mode
  }

  /** Whether a step is in flight, off the event loop. */
  get busy(): boolean {
    return this.#inFlight
  }

  checkIdle(what: string): void {
    if (!this.#inFlight) return
    throw new Error(`${this.#parts.rule.name}.${what} must wait for stepAsync: a step is in flight`)
  }

  /** Goes on after a state was loaded. */
  resume({ step, mode }: { readonly step: number; readonly mode: 'train' | 'eval' }): void {
    this.#count = step
    this.#mode = mode
    this.#parts.solver?.loaded()
  }

  enter(mode: 'train' | 'eval'): void {
    if (mode === this.#mode) return
    this.#checkAlive(`${this.#parts.rule.name}.${mode}`)
    this.#parts.passes.enter(mode)
    this.#mode = mode
  }

  /** One step; `grads` are gradients, a closure, or nothing for the own gradients. */
  step(grads: unknown, options: StepOptions | undefined): StepInfo {
    const { passes, solver } = this.#parts
    const ready = this.#prepare('step', grads, options)
    const decision = decide(ready.checked, this.#measure(ready))
    if (!solver) {
      if (!decision.skipped) passes.step(ready.arrays, ready.checked, decision.clipFactor, ready.loss)
      return this.#conclude(ready, decision)
    }
    const again = () => {
      const next = this.#prepare('step', grads, options)
      return { ...next, ...decide(next.checked, this.#measure(next)) }
    }
    const { skipped, evaluations } = decision.skipped
      ? { skipped: true, evaluations: 1 }
      : solver.step({ ...ready, ...decision }, again, ready.checked)
    return { ...this.#conclude(ready, { ...decision, skipped }), evaluations }
  }

  /** The same off the event loop, over owned parameters alone; solvers step at once. */
  async stepAsync(grads: unknown, options: StepOptions | undefined): Promise<StepInfo> {
    const { rule, tensors, block, engine, passes, solver } = this.#parts
    const who = `${rule.name}.stepAsync`
    if (tensors.some(({ data }) => data !== null)) {
      throw new TypeError(`${who}: parameters must be owned, given as shapes, got your own arrays`)
    }
    if (grads !== undefined && grads !== null && typeof grads !== 'function') {
      throw kindError(`${who}: grads`, 'a closure, or nothing to use the own gradients', grads)
    }
    if (solver) return this.step(grads, options)
    const ready = this.#prepare('stepAsync', grads, options)
    this.#inFlight = true
    try {
      const measured = wantsNorm(ready.checked)
        ? await gradientNormAsync(engine, block, ready.arrays, ready.checked)
        : undefined
      const decision = decide(ready.checked, measured)
      const { clipFactor, skipped } = decision
      if (!skipped) await passes.stepAsync(ready.arrays, ready.checked, clipFactor, ready.loss)
      return this.#conclude(ready, decision)
    } finally {
      this.#inFlight = false
    }
  }

  // Everything that can be wrong with a step is found here, and nothing is changed.
  #prepare(method: 'step' | 'stepAsync', grads: unknown, options: StepOptions | undefined): ReadyStep {
    const { rule, gradients } = this.#parts
    const who = `${rule.name}.${method}`
    this.checkIdle(method)
    const checked = checkStepOptions(who, options)
    this.#checkReady(who, grads)
    this.#checkAlive(who)
    const { loss, given } = this.#gradients(who, grads)
    // Again, after whatever code of the user's ran above.
    this.checkIdle(method)
    this.#checkAlive(who)
    const arrays = this.#freezing.without(given)
    gradients.bind(arrays)
    return { checked, given, arrays, loss, hasLoss: typeof grads === 'function' }
  }

  #checkReady(who: string, grads: unknown): void {
    const { needsLoss, modes } = this.#parts.rule
    if (needsLoss && typeof grads !== 'function') {
      throw kindError(`${who}: grads`, 'a closure, since the rule needs the loss', grads)
    }
    if (modes && this.#mode === 'eval')
      throw new Error(`${who} must be called in training mode: call train() first`)
  }

  #checkAlive(who: string): void {
    const { arrays, tensors } = this.#parts
    for (let t = 0; t < arrays.length; t++) {
      const { name, length } = tensors[t]
      if (arrays[t].length !== length) {
        throw new TypeError(`${who}: parameter ${show(name)} must keep its memory, got a detached array`)
      }
    }
  }

  /** The gradients of all tensors, and what a closure returned. */
  #gradients(who: string, grads: unknown): { loss: number; given: readonly (Gradient | null)[] } {
    const { gradients } = this.#parts
    if (typeof grads === 'function') {
      const loss = this.#call(grads)
      if (typeof loss !== 'number')
        throw kindError(`${who}: the closure's result`, 'the loss (a number)', loss)
      return { loss, given: gradients.checkList(this.#own.arrays) }
    }
    if (grads !== undefined && grads !== null) return { loss: Number.NaN, given: gradients.check(grads) }
    if (!this.#own.exist) {
      throw kindError(`${who}: grads`, 'gradients, since the parameters are your own arrays', grads)
    }
    return { loss: Number.NaN, given: gradients.checkList(this.#own.arrays) }
  }

  #measure({ arrays, checked }: ReadyStep): GradientNorm | undefined {
    const { engine, block } = this.#parts
    return wantsNorm(checked) ? gradientNorm(engine, block, arrays, checked) : undefined
  }

  #conclude({ checked, given, loss, hasLoss }: ReadyStep, { skipped, gradNorm }: Decision): StepInfo {
    if (!skipped) this.#count++
    if (checked.zeroGrad) for (const gradient of given) gradient?.fill(0)
    const info: StepInfo = { step: this.#count, skipped, gradNorm }
    return hasLoss ? { ...info, loss } : info
  }
}
