// The rows that the charts draw, made by the benchmark and read by the page's script.
import type { ModelResult } from '../compare/results'

export interface SensitivityPoint {
  model: string
  optimizer: string
  lr: number
  accuracy: number
  diverged: boolean
}

export interface LossPoint {
  optimizer: string
  epoch: number
  loss: number
}

export interface ChartData {
  optimizers: string[]
  models: string[]
  sensitivity: SensitivityPoint[]
  /** Per model: mean training loss over the epochs, at each optimizer's best rate. */
  losses: LossPoint[][]
}

export function chartData(models: readonly ModelResult[]): ChartData {
  return {
    optimizers: models[0].optimizers.map(({ name }) => name),
    models: models.map(({ name }) => name),
    sensitivity: models.flatMap((model) =>
      model.optimizers.flatMap(({ name, settings }) =>
        settings.map(({ lr, accuracy, diverged }) => ({
          model: model.name,
          optimizer: name,
          lr,
          accuracy,
          diverged: diverged > 0,
        })),
      ),
    ),
    losses: models.map(({ optimizers }) =>
      optimizers.flatMap(({ name, best }) =>
        (best?.losses ?? []).map((loss, i) => ({ optimizer: name, epoch: i + 1, loss })),
      ),
    ),
  }
}
