// The parameters and the optimizer's state at one moment of a run, to come back to.
import { checkFunction } from '../check'
import type { EarlyStoppingOptions } from '../early-stopping'
import type { Tensors } from '../problem'
import type { Model } from './model'

/** What early stopping keeps: nothing, unless the best is to be restored. */
export const snapshotOf = (model: Model, { restoreBestWeights }: EarlyStoppingOptions) =>
  restoreBestWeights ? new Snapshot(model) : undefined

class Snapshot {
  private readonly params: Tensors = {}
  private state: unknown

  constructor(private readonly model: Model) {
    for (const member of ['stateDict', 'loadStateDict'] as const) {
      checkFunction(`fit: earlyStopping.restoreBestWeights: optimizer.${member}`, model.optimizer[member])
    }
  }

  take(): void {
    const { params, optimizer } = this.model
    for (const name in params) {
      this.params[name] ??= params[name].slice()
      this.params[name].set(params[name])
    }
    this.state = optimizer.stateDict()
  }

  /** Back to the moment of `take`, but for the hyper-parameters, which schedulers go on from. */
  restore(): void {
    const { params, optimizer } = this.model
    const groups = optimizer.groups.map(({ params: _, ...values }) => values)
    optimizer.loadStateDict(this.state)
    groups.forEach((values, i) => void Object.assign(optimizer.groups[i], values))
    for (const name in params) params[name].set(this.params[name])
  }
}
