// Weight decay in its two forms: through the gradient (L2), or apart from it (decoupled).
import type { CommonOptions } from '../rule'

export interface DecayOptions extends CommonOptions {
  weightDecay: number
  decoupledWeightDecay: boolean
}

/** What goes into the gradient. */
export const l2Decay = ({ weightDecay, decoupledWeightDecay }: DecayOptions) =>
  decoupledWeightDecay ? 0 : weightDecay

/** What the parameter is multiplied by before its step. */
export const decayFactor = ({ lr, weightDecay, decoupledWeightDecay }: DecayOptions) =>
  decoupledWeightDecay ? 1 - lr * weightDecay : 1
