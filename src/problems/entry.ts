// What the bench and the playground know of a problem.
import type { Problem } from 'cauchy'

export interface ProblemEntry {
  /** Kebab case; its name on the command line. */
  readonly name: string
  readonly kind: 'data' | 'landscape' | 'demonstration'
  /** One line. */
  readonly summary: string
  /** The problem, the same every time; one over data reads its file. */
  create(): BenchProblem
}

/** A {@link Problem} with what a fair run of it needs. */
export interface BenchProblem extends Problem {
  /** Steps of one run, or epochs of a problem with data: enough for a well-tuned optimizer to reach the target. */
  readonly length?: number
  /** Examples averaged into one gradient. Default 32. */
  readonly batchSize?: number
  /** [rows, columns] of the parameters that are matrices, for rules that need to know; others are flat. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>
  /** How to draw it, when its one parameter `x` is a point of the plane. */
  readonly view?: View
}

export interface View {
  /** From, to. */
  readonly x: [number, number]
  readonly y: [number, number]
  /** All the minima, local ones too. */
  readonly minima: readonly (readonly [number, number])[]
  /** Whether contours are at equal steps of the loss's logarithm. */
  readonly logScale?: boolean
}
