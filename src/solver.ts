// What a rule is that takes its steps itself, evaluating the closure as often as it needs.
import type { Engine } from './backends/engine'
import type { CheckedStepOptions } from './gradients'
import type { Block } from './memory'
import type { LiveTensor } from './passes'
import type { Gradient } from './sparse/rows'
import type { FloatArray } from './types'

/** The loss and the gradients at one point; the gradients are bound to the engine. */
export interface Evaluation {
  readonly loss: number
  /** Null for a tensor that is to stay as it is. */
  readonly arrays: readonly (Gradient | null)[]
  /** By what the gradients are to be scaled for `clipNorm`. */
  readonly clipFactor: number
  /** Whether a gradient is not finite, and the step to be skipped for it. */
  readonly skipped: boolean
}

/** The parts of an optimizer that a solver works with. */
export interface SolverParts<O> {
  /** The hyper-parameters of the one group there is, alive. */
  readonly options: O
  readonly block: Block
  readonly engine: Engine
  /** The parameters. */
  readonly arrays: readonly FloatArray[]
  readonly tensors: readonly LiveTensor[]
}

export interface SolverStep {
  /** How often the closure was called. */
  readonly evaluations: number
  /** Whether all was undone, since a gradient was not finite. */
  readonly skipped: boolean
}

export interface Solver {
  /**
   * One step, which begins at what was evaluated first. When `evaluate` throws, everything is put back first.
   * Counts the steps of the tensors that take part.
   */
  step(first: Evaluation, evaluate: () => Evaluation, options: CheckedStepOptions): SolverStep
  /** A saved state has been loaded into the tensors' scalars and state arrays. */
  loaded(): void
}
