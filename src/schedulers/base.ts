// The interface that the schedulers stepped without a metric share, so that they compose.
import { kindError, show } from '../check'
import { ParamScheduler } from './param-scheduler'
import { checkOptimizer, type Scheduled, type SchedulerState } from './rates'
import { ReduceLROnPlateau } from './reduce-on-plateau'

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
   * The schedulers that this one steps.
   * @internal
   */
  get inside(): readonly LRScheduler[] {
    return []
  }

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
  const held = new Map<LRScheduler, number>()
  // Array.from: a hole is undefined, not nothing.
  Array.from(value).forEach((scheduler, i) => {
    const name = `${who}: schedulers[${i}]`
    if (!(scheduler instanceof LRScheduler)) throw notComposable(name, scheduler)
    if (scheduler.optimizer !== optimizer) {
      throw new RangeError(`${name} must schedule the same optimizer, got one of another`)
    }
    for (const one of withInside(scheduler)) {
      const first = held.get(one)
      if (first !== undefined) {
        const got =
          scheduler === value[first]
            ? `schedulers[${first}] again`
            : `one that steps what schedulers[${first}] steps`
        throw new RangeError(`${name} must be a scheduler of its own, got ${got}`)
      }
    }
    for (const one of withInside(scheduler)) held.set(one, i)
  })
  return [...value]
}

const withInside = (scheduler: LRScheduler): LRScheduler[] => [
  scheduler,
  ...scheduler.inside.flatMap(withInside),
]

function notComposable(name: string, value: unknown): TypeError {
  if (value instanceof ParamScheduler) {
    return new TypeError(
      `${name} must schedule the learning rate, got a ParamScheduler of ${show(value.param)}: step it on its own`,
    )
  }
  if (value instanceof ReduceLROnPlateau) {
    return new TypeError(
      `${name} must be stepped without a metric, got a ReduceLROnPlateau: step it on its own`,
    )
  }
  return kindError(name, 'a learning-rate scheduler', value)
}
