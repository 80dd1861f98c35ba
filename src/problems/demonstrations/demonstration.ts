// A demonstration: a problem with something to learn from it, and the numbers that theory says it must give.
import type { BenchProblem, ProblemEntry } from '../entry'

/** One number that was measured, beside the one that was derived. */
export interface Finding {
  readonly quantity: string
  readonly measured: number
  readonly analytic: number
  /** How far apart the two may be: absolute, several standard errors where the measurement is random. */
  readonly tolerance: number
}

export interface Demonstration extends ProblemEntry {
  readonly kind: 'demonstration'
  /** What is to be seen, and why: Markdown. */
  readonly lesson: string
  create(): BenchProblem
  /** Runs it, in a second at most; the same numbers every time. */
  run(): Finding[]
}
