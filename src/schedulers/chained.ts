// ChainedScheduler: several schedulers at once, each changing what the others left.
import { checkOptions } from '../check'
import { checkSchedulers, LRScheduler } from './base'
import { readRates, type Scheduled, type SchedulerState, stateReader } from './rates'

export interface ChainedSchedulerOptions {
  /** At least one, all of the same optimizer. */
  schedulers: readonly LRScheduler[]
}

/**
 * Several schedulers at once: every step goes through them in order, each changing the rate the one before left.
 *
 * Factors multiply; a cosine with `etaMin` scales the distance to it: each scheduler continues recursively,
 * from the present rate, which is not the product of the closed forms.
 *
 * Options: `schedulers` (at least one, of the same optimizer; required).
 *
 * Source: PyTorch's `torch.optim.lr_scheduler.ChainedScheduler`. Step this scheduler only, not those inside.
 * Deviation: where PyTorch's recursion makes a rate negative (a cosine with `etaMin` rising from below it), it is 0.
 *
 * ```ts
 * import { ChainedScheduler, ConstantLR, ExponentialLR, SGD } from 'cauchy'
 *
 * const opt = new SGD({ w: new Float32Array(1) }, { lr: 0.1 })
 * const constant = new ConstantLR(opt, { factor: 0.1, totalIters: 2 })
 * const exponential = new ExponentialLR(opt, { gamma: 0.9 })
 * const scheduler = new ChainedScheduler(opt, { schedulers: [constant, exponential] })
 * scheduler.step() // 0.01 · 0.9 = 0.009
 * scheduler.step()
 * opt.groups[0].lr // 0.1 · 0.9² = 0.081
 * ```
 */
export class ChainedScheduler extends LRScheduler {
  readonly #schedulers: readonly LRScheduler[]
  #last: readonly number[]

  constructor(optimizer: Scheduled, options: ChainedSchedulerOptions) {
    super('ChainedScheduler', optimizer)
    const given = checkOptions('ChainedScheduler', options, ['schedulers'])
    this.#schedulers = checkSchedulers('ChainedScheduler', optimizer, given.schedulers)
    this.#last = readRates(optimizer)
  }

  get lastLr(): number[] {
    return [...this.#last]
  }

  /** @internal */
  override get inside(): readonly LRScheduler[] {
    return this.#schedulers
  }

  /** @internal */
  begin(rates: readonly number[]): void {
    this.#change(() => {
      let current = rates
      for (const scheduler of this.#schedulers) {
        scheduler.begin(current)
        current = readRates(this.optimizer)
      }
    })
  }

  /** @internal */
  advance(assigned?: readonly boolean[]): void {
    const flags = assigned ?? readRates(this.optimizer).map((lr, i) => lr !== this.#last[i])
    this.#change(() => {
      for (const scheduler of this.#schedulers) scheduler.advance(flags)
    })
  }

  stateDict(): SchedulerState {
    return {
      kind: 'ChainedScheduler',
      groups: this.#last.map((rate) => ({ rate })),
      schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()),
    }
  }

  /** @internal */
  prepareLoad(state: unknown): () => void {
    const read = stateReader('ChainedScheduler', state)
    const groups = read.rows('groups', this.#last.length, { rate: { min: 0 } })
    const states = read.list('schedulers', this.#schedulers.length)
    const loads = this.#schedulers.map((scheduler, i) => scheduler.prepareLoad(states[i]))
    return () => {
      for (const load of loads) load()
      this.#last = groups.map((group) => group.rate)
    }
  }

  /** Changes all the schedulers, or none when one of them throws. */
  #change(change: () => void): void {
    const undo = this.prepareLoad(this.stateDict())
    try {
      change()
    } catch (error) {
      undo()
      throw error
    }
    this.#last = readRates(this.optimizer)
  }
}
