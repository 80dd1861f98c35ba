// SequentialLR: schedulers one after the other, each starting afresh at its milestone.
import { checkOptions, valueError } from '../check'
import { checkMilestones } from '../schedules/curves'
import { checkSchedulers, LRScheduler } from './base'
import { readInitialRates, type Scheduled, type SchedulerState, stateReader } from './rates'

export interface SequentialLROptions {
  /** At least one, all of the same optimizer. */
  schedulers: readonly LRScheduler[]
  /** The step at which each scheduler but the first takes over: integers ≥ 1, ascending. */
  milestones: readonly number[]
}

/**
 * Schedulers one after the other: at its milestone each starts at its step 0 from the initial learning rate.
 *
 * lr(t) = lrᵢ(t − milestoneᵢ₋₁), i = number of milestones ≤ t
 *
 * Options: `schedulers` (at least one, of the same optimizer; required); `milestones` (one fewer than
 * schedulers, integers ≥ 1, ascending, in steps; required).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.SequentialLR`: constructing it puts the groups back to their
 * initial rates and applies the first scheduler. Step this scheduler only, not those inside. A rate that you
 * assign counts until the next milestone.
 *
 * ```ts
 * import { CosineAnnealingLR, LinearLR, SequentialLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const warmup = new LinearLR(opt, { startFactor: 0.1, totalIters: 5 })
 * const cosine = new CosineAnnealingLR(opt, { tMax: 20 })
 * const scheduler = new SequentialLR(opt, { schedulers: [warmup, cosine], milestones: [5] })
 * for (let t = 0; t < 15; t++) scheduler.step()
 * opt.groups[0].lr // 0.05, half-way down the cosine
 * ```
 */
export class SequentialLR extends LRScheduler {
  readonly #schedulers: readonly LRScheduler[]
  readonly #milestones: readonly number[]
  #initial: readonly number[]
  #t = 0

  constructor(optimizer: Scheduled, options: SequentialLROptions) {
    super('SequentialLR', optimizer)
    const given = checkOptions('SequentialLR', options, ['schedulers', 'milestones'])
    this.#schedulers = checkSchedulers('SequentialLR', optimizer, given.schedulers)
    this.#milestones = checkMilestones('SequentialLR', given.milestones, 1)
    if (this.#milestones.length !== this.#schedulers.length - 1) {
      const wanted = `of length ${this.#schedulers.length - 1}, one fewer than schedulers`
      throw valueError('SequentialLR: milestones', wanted, this.#milestones)
    }
    if (this.#milestones.some((milestone, i) => milestone < this.#milestones[i - 1])) {
      throw valueError('SequentialLR: milestones', 'in ascending order', this.#milestones)
    }
    this.#initial = readInitialRates(optimizer)
    this.begin(this.#initial)
  }

  get lastLr(): number[] {
    return this.#schedulers[this.#indexAt(this.#t)].lastLr
  }

  /** @internal */
  override get inside(): readonly LRScheduler[] {
    return this.#schedulers
  }

  /** @internal */
  begin(rates: readonly number[]): void {
    this.#schedulers[0].begin(rates)
    this.#t = 0
  }

  /** @internal */
  advance(assigned?: readonly boolean[]): void {
    const t = this.#t + 1
    const index = this.#indexAt(t)
    const scheduler = this.#schedulers[index]
    if (this.#milestones[index - 1] === t) scheduler.begin(this.#initial)
    else scheduler.advance(assigned)
    this.#t = t
  }

  stateDict(): SchedulerState {
    return {
      kind: 'SequentialLR',
      t: this.#t,
      groups: this.#initial.map((initial) => ({ initial })),
      schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()),
    }
  }

  /** @internal */
  prepareLoad(state: unknown): () => void {
    const read = stateReader('SequentialLR', state)
    const t = read.count('t')
    const groups = read.rows('groups', this.#initial.length, { initial: { min: 0 } })
    const states = read.list('schedulers', this.#schedulers.length)
    const loads = this.#schedulers.map((scheduler, i) => scheduler.prepareLoad(states[i]))
    return () => {
      for (const load of loads) load()
      this.#t = t
      this.#initial = groups.map((group) => group.initial)
    }
  }

  /** Which scheduler is in charge after t steps. */
  #indexAt(t: number): number {
    return this.#milestones.filter((milestone) => milestone <= t).length
  }
}
