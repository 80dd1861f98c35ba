// The interface that the schedulers stepped without a metric share, so that they compose.
import { kindError } from '../check'
import { checkOptimizer, type Scheduled, type SchedulerState } from './rates'

/** A learning-rate scheduler: writes `groups[i].lr` of its optimizer when constructed and on every `step()`. */
export abstract class LRScheduler {
  readonly optimizer: Scheduled

  /** @internal */
  constructor(who: string, optimizer: Scheduled) {
    this.optimizer = checkOptimizer(who, optimizer)
  }

  /** The rates last set by this scheduler, one a group. */
  abstract get lastLr(): number[]

  /** Advances the schedule by one step and sets the groups' rates. */
  step(): void {
    this.advance()
  }

  /** The schedule's position as plain JSON-able data; the options are not part of it. */
  abstract stateDict(): SchedulerState

  /** Resumes from the `stateDict()` of a scheduler with the same options; sets the groups' rates to the saved ones. */
  loadStateDict(state: unknown): void {
    this.prepareLoad(state)()
  }

  /**
   * Checks a state and returns what installs it, so that composed schedulers check everything before they change anything.
   * @internal
   */
  abstract prepareLoad(state: unknown): () => void

  /**
   * Starts over at t = 0 from the given rates, one a group.
   * @internal
   */
  abstract begin(rates: readonly number[]): void

  /**
   * One step. A chain says which groups' rates were assigned by the user since its last step: the other changes
   * are its schedulers' own. Without that, any change since this scheduler's last step is the user's.
   * @internal
   */
  abstract advance(assigned?: readonly boolean[]): void
}

/** The `schedulers` option of the composed schedulers. */
export function checkSchedulers(who: string, optimizer: unknown, value: unknown): LRScheduler[] {
  if (!Array.isArray(value)) throw kindError(`${who}: schedulers`, 'an array of schedulers', value)
  if (value.length === 0) throw new RangeError(`${who}: schedulers must not be empty`)
  value.forEach((scheduler, i) => {
    const name = `${who}: schedulers[${i}]`
    if (!(scheduler instanceof LRScheduler)) {
      throw kindError(name, 'a scheduler whose step() takes no metric', scheduler)
    }
    if (scheduler.optimizer !== optimizer) {
      throw new RangeError(`${name} must schedule the same optimizer, got one of another`)
    }
    const first = value.indexOf(scheduler)
    if (first < i)
      throw new RangeError(`${name} must be a scheduler of its own, got schedulers[${first}] again`)
  })
  return [...value]
}
