// One study in numbers: what its search found, and what the best setting did over the seeds.
import type { Target } from '../../problem'
import type { ProblemInfo, Results, RunRecord, Setting } from '../records'
import { bestOf } from './choice'
import { type Band, bandOf } from './curves'
import { finalValue, valueName } from './score'
import { type Quartiles, quantile, quartiles } from './statistics'

export interface Counts {
  runs: number
  finished: number
  diverged: number
  failed: number
  timeout: number
}

export interface StudySummary {
  /** problem/optimizer/schedule */
  study: string
  problem: string
  optimizer: string
  schedule: string
  target: Target | null
  /** The best setting of the search; null when no run of it finished. */
  best: Setting | null
  /** The best rate is the lowest or highest that was tried: a better one may lie beyond. */
  edge: 'lowest' | 'highest' | null
  tune: Counts
  final: Counts
  /** The metric compared at the end: `'loss'` or `'validation.<name>'`. */
  valueName: string
  /** Over the seeds; of runs that finished. */
  finalValue: Quartiles
  finalLoss: Quartiles
  /** How many seeds reached the target. */
  reached: number
  /** Over the seeds, null where the quartile did not reach it; null without a target. */
  stepsToTarget: Quartiles | null
  /** The same in seconds; null unless all runs were serial. */
  secondsToTarget: Quartiles | null
  /** Medians over the seeds, µs a step, and the optimizer's share; null unless all runs were serial. */
  time: { gradient: number; optimizer: number; optimizerShare: number } | null
  /** Over the seeds. */
  band: Band
  /** Why runs failed or timed out, each reason once. */
  reasons: string[]
}

export function summarizeStudies(results: Results): StudySummary[] {
  const byStudy = new Map<string, RunRecord[]>()
  for (const run of results.runs) {
    const runs = byStudy.get(run.study)
    if (runs) runs.push(run)
    else byStudy.set(run.study, [run])
  }
  const problems = new Map(results.headers.flatMap(({ config }) => config.problems.map((p) => [p.name, p])))
  const { config } = results.headers[0]
  const order = [config.problems.map(({ name }) => name), config.optimizers, config.schedules]
  const place = ({ problem, optimizer, schedule }: RunRecord) =>
    [problem, optimizer, schedule].reduce((sum, name, i) => sum * order[i].length + order[i].indexOf(name), 0)
  return [...byStudy.values()]
    .sort(([a], [b]) => place(a) - place(b))
    .map((runs) => summarizeStudy(runs, problems.get(runs[0].problem)))
}

function summarizeStudy(runs: RunRecord[], problem: ProblemInfo | undefined): StudySummary {
  const { study, optimizer, schedule } = runs[0]
  const target = problem?.target ?? null
  const tune = runs.filter(({ phase }) => phase === 'tune')
  const final = runs.filter(({ phase }) => phase === 'final')
  const finished = final.filter(({ outcome }) => outcome === 'finished')
  const best = bestOf(runs, target)
  const name = valueName(target, (best ?? runs[0]).validation)
  const serial = final.length > 0 && final.every((run) => run.serial)
  /** What did not finish has not reached the target, whatever it passed on its way. */
  const toTarget = (key: 'stepsToTarget' | 'secondsToTarget') =>
    final.map((run) => (run.outcome === 'finished' ? run[key] : null))
  const broken = runs.filter(({ outcome }) => outcome === 'failed' || outcome === 'timeout')
  return {
    study,
    problem: runs[0].problem,
    optimizer,
    schedule,
    target,
    best: best ? { optimizer, options: best.options, schedule } : null,
    edge: best ? edgeOf(best, tune) : null,
    tune: count(tune),
    final: count(final),
    valueName: name,
    finalValue: quartiles(finished.map((run) => finalValue(run, name))),
    finalLoss: quartiles(finished.map((run) => run.finalLoss)),
    reached: finished.filter(({ stepsToTarget }) => stepsToTarget !== null).length,
    stepsToTarget: target && quartiles(toTarget('stepsToTarget')),
    secondsToTarget: target && serial ? quartiles(toTarget('secondsToTarget')) : null,
    time: serial && finished.length > 0 ? timeOf(finished) : null,
    band: bandOf(finished),
    reasons: [...new Set(broken.map(({ reason }) => reason ?? 'no reason given'))],
  }
}

export function count(runs: readonly RunRecord[]): Counts {
  const counts: Counts = { runs: runs.length, finished: 0, diverged: 0, failed: 0, timeout: 0 }
  for (const { outcome } of runs) counts[outcome]++
  return counts
}

function edgeOf(best: RunRecord, tune: readonly RunRecord[]): 'lowest' | 'highest' | null {
  const rates = tune.map(({ options }) => options.lr)
  const [low, high] = [Math.min(...rates), Math.max(...rates)]
  if (low === high) return null
  if (best.options.lr === low) return 'lowest'
  return best.options.lr === high ? 'highest' : null
}

function timeOf(runs: readonly RunRecord[]) {
  const perStep = (key: 'gradient' | 'optimizer') =>
    quantile(
      runs.map(({ seconds, steps }) => (1e6 * seconds[key]) / steps),
      0.5,
    ) ?? 0
  const [gradient, optimizer] = [perStep('gradient'), perStep('optimizer')]
  return { gradient, optimizer, optimizerShare: optimizer / (gradient + optimizer) }
}
