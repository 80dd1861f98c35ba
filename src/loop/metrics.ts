// Metrics by their path in a history row: 'loss', 'validation.accuracy'.
import { kindError, unknownName } from '../check'
import type { Target } from '../problem'

export type Metrics = Record<string, number>

/** What a metric is read from. */
export interface Measured {
  readonly loss: number
  readonly validation: Metrics | null
}

/** The metric's value; undefined in an epoch that was not validated. */
export function metricAt(row: Measured, path: string): number | undefined {
  return path === 'loss' ? row.loss : row.validation?.[path.slice('validation.'.length)]
}

export function reaches({ mode, value: wanted }: Target, value: number): boolean {
  return mode === 'min' ? value <= wanted : value >= wanted
}

/** Keras watches val_loss; so do we, falling back on the training loss. */
export function defaultMonitor(validation: Metrics | null): string {
  return validation !== null && 'loss' in validation ? 'validation.loss' : 'loss'
}

/** Throws, naming the nearest, unless the path exists. */
export function checkMetric(who: string, path: string, validation: Metrics | null): void {
  const known = ['loss', ...Object.keys(validation ?? {}).map((name) => `validation.${name}`)]
  if (!known.includes(path)) throw unknownName(`${who}: unknown metric`, path, known)
}

export function checkMetrics(who: string, value: unknown): Metrics {
  // A promise would pass for a record without metrics.
  if (typeof value !== 'object' || value === null || 'then' in value) {
    throw kindError(`${who}: what validate returned`, 'a record of numbers', value)
  }
  for (const [name, metric] of Object.entries(value)) {
    if (typeof metric !== 'number') throw kindError(`${who}: validate().${name}`, 'a number', metric)
  }
  return value as Metrics
}
