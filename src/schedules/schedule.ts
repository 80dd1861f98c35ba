// What every pure schedule is made of: its type, the rate it shapes, and the checks of both.
import { checkNumber } from '../check'

/** The learning rate after t steps; t ≥ 0, fractions of a step included. */
export type Schedule = (t: number) => number

export interface InitialRate {
  /** The rate that the schedule shapes, ≥ 0. */
  lr: number
}

export function checkRate(who: string, options: Partial<InitialRate> | undefined): number {
  return checkNumber(`${who}: lr`, options?.lr, { min: 0 })
}

export function checkTime(who: string, t: unknown): number {
  return checkNumber(`${who}: t`, t, { min: 0 })
}
