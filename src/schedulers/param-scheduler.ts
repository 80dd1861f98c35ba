// ParamScheduler: any numeric hyper-parameter follows a function of the step.
import {
  checkFunction,
  checkInteger,
  checkNumber,
  checkOptions,
  kindError,
  unknownName,
  valueError,
} from '../check'
import { assignAll, type HyperParameter, numericParameters } from './hyper-parameters'
import { checkOptimizer, type Scheduled, type SchedulerState, stateReader } from './rates'

/** The value after t steps, from the one that the group had when the scheduler was made. */
export type ParamSchedule = (t: number, initial: number) => number

export interface ParamSchedulerOptions {
  /** A numeric hyper-parameter of the groups, as `'weightDecay'`, `'momentum'` or `'betas[0]'`. */
  param: string
  /** Its value after t steps, any that the group accepts; one function for all groups, or one a scheduled group. */
  schedule: ParamSchedule | readonly ParamSchedule[]
  /** Which groups, by index, each once. Default all. */
  groups?: readonly number[]
}

/**
 * Schedules any hyper-parameter: weight decay, momentum, a decay rate of an average, …
 *
 * group[param] = schedule(t, the group's value at first)
 *
 * Options: `param` (the name of a number in the group, or of an entry of a list: `'betas[0]'`; required); `schedule`
 * (a function of the step, or one a scheduled group, called once a step; required; those of `schedules` will do);
 * `groups` (indices, default all). Each value is checked as an assignment to the group is: what it refuses throws,
 * and changes nothing. Functions are not part of the state: give the same ones on resuming.
 *
 * A value that you assign counts until the next step. PyTorch has no such class; the name is PyTorch-Ignite's.
 *
 * ```ts
 * import { AdamW, ParamScheduler, schedules } from 'cauchy'
 *
 * const opt = new AdamW({ w: new Float32Array(1) }, { weightDecay: 0.1 })
 * const decay = new ParamScheduler(opt, { param: 'weightDecay', schedule: (t, initial) => initial / (1 + t) })
 * const beta = schedules.piecewise({ boundaries: [2], values: [0.85, 0.95], interpolation: 'linear' })
 * const warmup = new ParamScheduler(opt, { param: 'betas[0]', schedule: beta })
 * decay.step()
 * warmup.step()
 * opt.groups[0].weightDecay // → 0.05
 * opt.groups[0].betas[0] // → 0.9
 * ```
 */
export class ParamScheduler {
  readonly optimizer: Scheduled
  readonly param: string
  readonly #groups: readonly number[]
  readonly #targets: readonly HyperParameter[]
  readonly #schedules: readonly ParamSchedule[]
  #t = 0
  #initial: readonly number[]
  #last: readonly number[]

  constructor(optimizer: Scheduled, options: ParamSchedulerOptions) {
    const who = 'ParamScheduler'
    this.optimizer = checkOptimizer(who, optimizer)
    const { param, schedule, groups } = checkOptions(who, options, ['param', 'schedule', 'groups'])
    this.#groups = checkGroups(who, groups, optimizer.groups.length)
    this.#targets = this.#groups.map((group) => checkParam(who, param, optimizer.groups[group]))
    this.param = param as string
    this.#schedules = checkSchedules(who, schedule, this.#groups.length)
    this.#initial = this.#targets.map((target) => target.get())
    this.#last = this.#initial
    this.#install(0)
  }

  /** The values last set by this scheduler, one a scheduled group. */
  get lastValues(): number[] {
    return [...this.#last]
  }

  /** Advances the schedule by one step and sets the hyper-parameter in the scheduled groups. */
  step(): void {
    this.#install(this.#t + 1)
  }

  /** The schedule's position as plain JSON-able data; the options are not part of it. */
  stateDict(): SchedulerState {
    const groups = this.#targets.map((target, i) => ({
      initial: this.#initial[i],
      last: this.#last[i],
      value: target.get(),
    }))
    return { kind: 'ParamScheduler', param: this.param, t: this.#t, groups }
  }

  /** Resumes from the `stateDict()` of a scheduler with the same options; sets the groups' values to the saved ones. */
  loadStateDict(state: unknown): void {
    const read = stateReader('ParamScheduler', state)
    const param = read.field('param')
    if (param !== this.param) {
      throw valueError('ParamScheduler: state.param', JSON.stringify(this.param), param)
    }
    const t = read.count('t')
    const groups = read.rows('groups', this.#targets.length, { initial: {}, last: {}, value: {} })
    assignAll(
      this.#targets,
      groups.map((group) => group.value),
    )
    this.#t = t
    this.#initial = groups.map((group) => group.initial)
    this.#last = groups.map((group) => group.last)
  }

  #install(t: number): void {
    const values = this.#schedules.map((schedule, i) => {
      const name = `ParamScheduler: schedule(${t}) of groups[${this.#groups[i]}]`
      return checkNumber(name, schedule(t, this.#initial[i]))
    })
    assignAll(this.#targets, values)
    this.#t = t
    this.#last = values
  }
}

function checkGroups(who: string, value: unknown, count: number): number[] {
  if (value === undefined) return Array.from({ length: count }, (_, i) => i)
  if (!Array.isArray(value)) throw kindError(`${who}: groups`, 'an array of indices', value)
  if (value.length === 0) throw new RangeError(`${who}: groups must not be empty`)
  const groups = Array.from(value, (item, i) => checkInteger(`${who}: groups[${i}]`, item, 0, count - 1))
  if (new Set(groups).size < groups.length) throw valueError(`${who}: groups`, 'different indices', value)
  return groups
}

function checkParam(who: string, param: unknown, group: object): HyperParameter {
  if (typeof param !== 'string') throw kindError(`${who}: param`, 'the name of a hyper-parameter', param)
  const parameters = numericParameters(group)
  const found = parameters.get(param)
  if (found === undefined)
    throw unknownName(`${who}: no numeric hyper-parameter`, param, [...parameters.keys()])
  return found
}

function checkSchedules(who: string, value: unknown, count: number): ParamSchedule[] {
  if (!Array.isArray(value)) {
    if (typeof value !== 'function') throw kindError(`${who}: schedule`, 'a function or one a group', value)
    return Array(count).fill(value)
  }
  if (value.length !== count) {
    throw valueError(`${who}: schedule`, `of length ${count}, one function a scheduled group`, value)
  }
  return Array.from(value, (item, i) => {
    checkFunction(`${who}: schedule[${i}]`, item)
    return item
  })
}
