// What the sweep found, summed up over seeds: per learning rate, per optimizer, per model.
import type { Contender } from './contenders'
import type { RunResult } from './sweep'

/** One learning rate of one optimizer, over all seeds. */
export interface Setting {
  lr: number
  /** Runs that diverged, of `runs.length`. */
  diverged: number
  /** Mean validation accuracy at the end. */
  accuracy: number
  finalLoss: number
  /** Mean epochs and seconds to the goal; null unless every run reached it. */
  goal: { epochs: number; seconds: number } | null
  /** Mean training loss per epoch; empty where a run broke off. */
  losses: number[]
  runs: RunResult[]
}

export interface OptimizerResult {
  name: string
  settings: Setting[]
  /** The rate with the highest accuracy, of those at which no run diverged; null when all did. */
  best: Setting | null
  /** How many rates are too low, work, and are too high. */
  zones: { low: number; works: number; high: number }
}

/** Accuracy given away at most, against the optimizer's best rate, by a rate that works. */
export const MARGIN = 0.02

export interface ModelResult {
  name: string
  parameters: number
  optimizers: OptimizerResult[]
}

export function summarizeSetting(lr: number, runs: RunResult[]): Setting {
  const goals = runs.flatMap(({ goal }) => (goal === null ? [] : [goal]))
  const epochs = Math.min(...runs.map(({ losses }) => losses.length))
  const whole = runs.every(({ losses }) => losses.length === epochs)
  return {
    lr,
    diverged: runs.filter((run) => run.diverged).length,
    accuracy: mean(runs.map((run) => run.accuracy)),
    finalLoss: mean(runs.map((run) => run.finalLoss)),
    goal:
      goals.length < runs.length
        ? null
        : { epochs: mean(goals.map((g) => g.epoch)), seconds: mean(goals.map((g) => g.seconds)) },
    losses: whole ? runs[0].losses.map((_, e) => mean(runs.map(({ losses }) => losses[e]))) : [],
    runs,
  }
}

export function summarizeOptimizer({ name }: Contender, settings: Setting[]): OptimizerResult {
  const usable = settings.filter(({ diverged }) => diverged === 0)
  const better = (a: Setting, b: Setting) => b.accuracy - a.accuracy || a.finalLoss - b.finalLoss
  const best = usable.sort(better)[0] ?? null
  const zones = { low: 0, works: 0, high: 0 }
  for (const setting of settings) zones[zoneOf(setting, best)]++
  return { name, settings, best, zones }
}

function zoneOf({ lr, diverged, accuracy }: Setting, best: Setting | null): 'low' | 'works' | 'high' {
  if (best === null) return 'high'
  if (diverged === 0 && accuracy >= best.accuracy - MARGIN) return 'works'
  return lr < best.lr ? 'low' : 'high'
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
