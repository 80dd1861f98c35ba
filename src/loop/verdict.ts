// Why a loop stopped: one word for programs, one sentence for people.

export type Reason =
  | 'completed'
  | 'target'
  | 'early-stopping'
  | 'gradient'
  | 'diverged'
  | 'max-steps'
  | 'max-seconds'
  | 'aborted'

export interface Verdict<R extends Reason = Reason> {
  reason: R
  message: string
}

/** A number for a sentence: five significant digits at most. */
export function brief(value: number): string {
  return String(Number(value.toPrecision(5)))
}

/** 'All 3 epochs are done.', 'The one epoch is done.' */
export function done(count: number, noun: string): string {
  return count === 1 ? `The one ${noun} is done.` : `All ${count} ${noun}s are done.`
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
