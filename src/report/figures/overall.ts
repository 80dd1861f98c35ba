// The figures of all problems together: performance profiles, and how much the learning rate matters.
import type { Results } from '../../bench/records'
import { type Profile, quantile, type StudySummary, type Summary } from '../../bench/summary'
import { ln } from '../../math/functions'
import type { Figure, ForgivenessData } from '../charts/data'
import { listed, MOST, type Numbering, short } from './shared'

export function profilesFigure({ profiles }: Summary, contenders: readonly string[]): Figure | null {
  if (profiles.problems.length === 0) return null
  const lines = profiles.profiles.map(({ contender, points }) => ({
    contender: contenders.indexOf(contender),
    points: points.map(({ tau, share }) => ({ tau: short(tau) as number, share: short(share) as number })),
  }))
  const alt = `Problems on which each optimizer was the fastest: ${listed(
    profiles.profiles.map(({ contender, wins }) => [contender, Math.round(wins * profiles.problems.length)]),
  )}; of ${profiles.problems.length}.`
  const chosen = largest(profiles.profiles).map(({ contender }) => contenders.indexOf(contender))
  return { name: 'profiles', title: 'Performance profiles', alt, chosen, chart: { kind: 'profiles', lines } }
}

/** Those with the largest area under their line, as the picture shows it, in their usual order. */
function largest(profiles: readonly Profile[]): Profile[] {
  const end = Math.max(...profiles.flatMap(({ points }) => points.map(({ tau }) => tau)))
  const area = ({ points }: Profile) =>
    points.reduce((sum, { tau, share }, i) => sum + share * ln((points[i + 1]?.tau ?? end) / tau), 0)
  const best = [...profiles].sort((a, b) => area(b) - area(a)).slice(0, MOST)
  return profiles.filter((profile) => best.includes(profile))
}

export function forgivenessFigure(
  results: Results,
  { sensitivity, studies }: Summary,
  number: Numbering,
): Figure | null {
  const lines: ForgivenessData['lines'] = []
  for (const problem of new Set(sensitivity.map((of) => of.problem))) {
    const own = sensitivity.filter((of) => of.problem === problem)
    const study = studies.find((of) => of.problem === problem) as StudySummary
    const sign = study.target?.mode === 'max' ? -1 : 1
    const values = own.flatMap((of) =>
      of.points.flatMap(({ value }) => (value === null ? [] : [sign * value])),
    )
    const start = startOf(results, study)
    const worst = start === null ? Math.max(...values) : sign * start
    const best = Math.min(...values)
    for (const of of own) {
      const contender = number(studies.find((other) => other.study === of.study) as StudySummary)
      const score = of.points.map(({ value }) => {
        if (value === null) return null
        return best >= worst ? 0 : short(Math.max(0, (worst - sign * value) / (worst - best)))
      })
      lines.push({ contender, problem, lr: of.points.map(({ lr }) => short(lr) as number), score })
    }
  }
  if (lines.length === 0) return null
  const medians = mediansByRate(lines)
  const alt =
    'For each optimizer, how good the final value is at each learning rate; the wider the hill, the less tuning.'
  const title = 'Sensitivity to the learning rate, all problems'
  return { name: 'sensitivity', title, alt, chosen: [], chart: { kind: 'forgiveness', lines, medians } }
}

/** The value before the first step, of the metric that is compared. */
function startOf(results: Results, { study, valueName }: StudySummary): number | null {
  const runs = results.runs.filter((run) => run.study === study && run.phase === 'tune')
  return valueName === 'loss' ? (runs[0]?.initialLoss ?? null) : (runs[0]?.curve.metric[0] ?? null)
}

function mediansByRate(lines: ForgivenessData['lines']): ForgivenessData['medians'] {
  const points = lines.flatMap(({ contender, lr, score }) =>
    lr.map((rate, i) => ({ contender, lr: rate, score: score[i] ?? 0 })),
  )
  const bins = new Map<string, typeof points>()
  for (const point of points) {
    const [mantissa, exponent] = point.lr.toExponential().split('e')
    const key = `${point.contender} ${exponent} ${Number(mantissa) < 3.162}`
    bins.set(key, [...(bins.get(key) ?? []), point])
  }
  return [...bins.values()]
    .map((bin) => {
      const middle = (values: number[]) => short(quantile(values, 0.5)) as number
      return {
        contender: bin[0].contender,
        lr: middle(bin.map(({ lr }) => lr)),
        score: middle(bin.map(({ score }) => score)),
      }
    })
    .sort((a, b) => a.contender - b.contender || a.lr - b.lr)
}
