// MultiplicativeLR: the rate is multiplied by a function of the step, every step.
import type { Curve } from '../schedules/curves'
import { LRScheduler } from './base'
import { checkLambdas, type LambdaLROptions } from './lambda'
import {
  readInitialRates,
  readRates,
  type Scheduled,
  type SchedulerState,
  stateReader,
  writeRates,
} from './rates'

/** `lrLambda`: the factor of step t ≥ 1, finite and ≥ 0; one function for all groups, or one a group. */
export type MultiplicativeLROptions = LambdaLROptions

/**
 * Any schedule of factors: each step multiplies the present learning rate by a function of the step.
 *
 * lr(t) = lr(t − 1) · lrLambda(t)
 *
 * Options: `lrLambda` (a function of the step that returns a factor ≥ 0, or one function a group; required),
 * called once a step, first with 1. Functions are not part of the state: give the same ones on resuming.
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.MultiplicativeLR`.
 *
 * ```ts
 * import { MultiplicativeLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const scheduler = new MultiplicativeLR(opt, { lrLambda: (t) => (t % 2 === 0 ? 0.5 : 1) })
 * for (let t = 0; t < 4; t++) scheduler.step()
 * opt.groups[0].lr // → 0.025
 * ```
 */
export class MultiplicativeLR extends LRScheduler {
  readonly #lambdas: readonly Curve[]
  #initial: readonly number[]
  #last: readonly number[]
  #t = 0

  constructor(optimizer: Scheduled, options: MultiplicativeLROptions) {
    super('MultiplicativeLR', optimizer)
    this.#lambdas = checkLambdas('MultiplicativeLR', optimizer, options)
    this.#initial = readInitialRates(optimizer)
    this.#last = readRates(optimizer)
    optimizer.groups.forEach((group, i) => {
      group.initialLr = this.#initial[i]
    })
  }

  get lastLr(): number[] {
    return [...this.#last]
  }

  /** @internal */
  begin(rates: readonly number[]): void {
    this.#install(0, rates)
  }

  /** @internal */
  advance(): void {
    const t = this.#t + 1
    this.#install(
      t,
      readRates(this.optimizer).map((lr, i) => lr * this.#lambdas[i](t)),
    )
  }

  stateDict(): SchedulerState {
    const groups = this.#last.map((rate, i) => ({
      initial: this.#initial[i],
      rate,
      lr: this.optimizer.groups[i].lr,
    }))
    return { kind: 'MultiplicativeLR', t: this.#t, groups }
  }

  /** @internal */
  prepareLoad(state: unknown): () => void {
    const read = stateReader('MultiplicativeLR', state)
    const t = read.count('t')
    const range = { min: 0 }
    const groups = read.rows('groups', this.#last.length, { initial: range, rate: range, lr: range })
    return () => {
      this.#install(
        t,
        groups.map((group) => group.lr),
      )
      this.#initial = groups.map((group) => group.initial)
      this.#last = groups.map((group) => group.rate)
    }
  }

  #install(t: number, rates: readonly number[]): void {
    writeRates('MultiplicativeLR', this.optimizer, rates)
    this.#t = t
    this.#last = rates
  }
}
