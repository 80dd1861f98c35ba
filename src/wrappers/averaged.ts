// What EMA and SWA share: an average of the weights that can take their place.
import { kindError } from '../check'
import type { OptionSpecs } from '../options'
import { ruleRow, type Vectors } from '../vectors'
import { checkCount, checkSlot, saveSlot, type WrapperState } from './state'
import { type OptimizerInterface, Wrapper } from './wrapper'

export abstract class Averaged<I extends OptimizerInterface, O extends object> extends Wrapper<I, O> {
  readonly #name: string
  readonly #vectors: Vectors
  #count = 0
  #swapped = false
  /** Calls of `withAverage` under way. */
  #users = 0

  /** @internal */
  protected constructor(who: string, optimizer: I, specs: OptionSpecs<O>, given: object | undefined) {
    super(who, optimizer, specs, given)
    this.#name = who
    this.#vectors = this.vectors(1)
  }

  /** How much the parameters weigh in the average's update number `count`; undefined: no update after this step. */
  protected abstract weight(count: number): number | undefined

  /** How many times the average was updated. */
  get count(): number {
    return this.#count
  }

  /** Whether the parameters hold the average, and the average the live weights. */
  get swapped(): boolean {
    return this.#swapped
  }

  get #average() {
    return this.#vectors.state.map(([average]) => average)
  }

  protected override before(method: string): void {
    if (!this.#swapped) return
    throw new Error(
      `${this.#name}.${method} must be called on the live weights: call swap() or train() first`,
    )
  }

  protected override after(): void {
    const weight = this.weight(this.#count + 1)
    if (weight === undefined) return
    this.#count++
    if (weight === 1) this.#average.forEach((average, t) => void average.set(this.arrays[t]))
    else this.#vectors.run('average', () => ruleRow(weight))
  }

  /** Exchanges the parameters and their average, in place; once more brings the live weights back. */
  swap(): void {
    if (this.#count === 0)
      throw new Error(`${this.#name}.swap must be called after the first update of the average`)
    this.checkIdle('swap')
    this.checkAlive('swap')
    this.#vectors.run('exchange', () => ruleRow())
    this.#swapped = !this.#swapped
  }

  /**
   * Calls `fn` while the parameters hold the average, then brings the live weights back, also when it throws; where
   * it returns a promise, once that is settled, and those of all other calls under way.
   */
  withAverage<T>(fn: () => T): T {
    if (typeof fn !== 'function') throw kindError(`${this.#name}.withAverage: fn`, 'a function', fn)
    if (this.#swapped && this.#users === 0) return fn()
    if (this.#users === 0) this.swap()
    this.#users++
    const leave = () => {
      this.#users--
      if (this.#users === 0) this.#back()
    }
    let result: T
    try {
      result = fn()
    } catch (error) {
      leave()
      throw error
    }
    if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') {
      leave()
      return result
    }
    return Promise.resolve(result).finally(leave) as T
  }

  #back(): void {
    if (this.#swapped) this.swap()
  }

  /** Evaluation mode of the inner optimizer, and the average, if there is one yet, in place of the parameters. */
  override eval(): void {
    this.checkIdle('eval')
    super.eval()
    if (!this.#swapped && this.#count > 0) this.swap()
  }

  /** The live weights, and training mode of the inner optimizer. */
  override train(): void {
    this.checkIdle('train')
    this.#back()
    super.train()
  }

  protected override save() {
    const state = saveSlot('average', this.names, this.#average)
    return { count: this.#count, swapped: this.#swapped, state }
  }

  protected override check(who: string, saved: WrapperState): () => void {
    const { count, swapped } = checkCount(who, saved)
    const arrays = checkSlot(who, saved, 'average', this.names, this.arrays)
    return () => {
      this.#average.forEach((average, t) => void average.set(arrays[t]))
      this.#count = count
      this.#swapped = swapped
    }
  }
}
