// The problems of the benchmark.
import type { Problem } from '../problem'

export interface ProblemEntry {
  /** Kebab case: its name on the command line. */
  readonly name: string
  readonly kind: 'data' | 'landscape' | 'demonstration'
  /** One line. */
  readonly summary: string
  /** May be costly; deterministic. */
  create(): BenchProblem
}

/** A user's file's default export is one too. */
export interface BenchProblem extends Problem {
  /** Steps (without data) or epochs (with data) of one run at --budget standard; quick and full scale it. */
  readonly length?: number
  /** Default 32. */
  readonly batchSize?: number
  /** [rows, columns] of the parameters that are matrices, for rules that need to know; others are flat. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>
  /** For 2-d landscapes: the single parameter is `x` of length 2. */
  readonly view?: {
    x: [number, number]
    y: [number, number]
    minima: readonly (readonly [number, number])[]
    logScale?: boolean
  }
}

export const problems: readonly ProblemEntry[] = []
