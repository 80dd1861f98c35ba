// A step on its way: checked and bound, then decided by the norm of its gradients.
import type { CheckedStepOptions, GradientNorm } from './gradients'
import type { Gradient } from './sparse/rows'

/** A step whose arguments are checked and bound. */
export interface ReadyStep {
  readonly checked: CheckedStepOptions
  /** Every tensor's gradient, and those that step. */
  readonly given: readonly (Gradient | null)[]
  readonly arrays: readonly (Gradient | null)[]
  /** NaN unless there is a closure. */
  readonly loss: number
  readonly hasLoss: boolean
}

/** What the gradients' norm makes of a step. */
export interface Decision {
  readonly clipFactor: number
  readonly skipped: boolean
  readonly gradNorm: number | null
}

const UNMEASURED: Decision = { clipFactor: 1, skipped: false, gradNorm: null }

/** Whether the gradients must be measured before a step. */
export const wantsNorm = ({ skipNonFinite, clipNorm }: CheckedStepOptions): boolean =>
  skipNonFinite || clipNorm !== undefined

/** Whether a step is skipped, and by what its gradients are scaled. */
export function decide(options: CheckedStepOptions, measured: GradientNorm | undefined): Decision {
  if (measured === undefined) return UNMEASURED
  const { clipNorm, skipNonFinite } = options
  const { norm, finite } = measured
  const clips = clipNorm !== undefined && clipNorm !== Number.POSITIVE_INFINITY
  return {
    clipFactor: clips ? Math.min(1, clipNorm / (norm + 1e-6)) : 1,
    skipped: skipNonFinite && !finite,
    gradNorm: norm,
  }
}
