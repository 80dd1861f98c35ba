// The figures of one problem: curves, sensitivity to the rate and trajectories of its best contenders.
import type { Results, RunRecord } from '../../bench/records'
import type { Quartiles, StudySummary, Summary } from '../../bench/summary'
import { brief, metricName } from '../../bench/summary/words'
import type { ChartData, CurvesData, Figure } from '../charts/data'
import { landscape } from '../landscape'
import { listed, MOST, type Numbering, short } from './shared'

/** Losses that span decades without crossing zero are drawn on a logarithmic axis. */
function spansDecades(values: readonly (number | null)[]): boolean {
  const finite = values.filter((value) => value !== null)
  const positive = finite.filter((value) => value > 0)
  return (
    finite.every((value) => value >= 0) &&
    positive.length > 1 &&
    Math.max(...positive) > 20 * Math.min(...positive)
  )
}

function curvesOf(
  studies: readonly StudySummary[],
  key: 'loss' | 'metric',
  number: Numbering,
): CurvesData['lines'] {
  return studies.flatMap((study) => {
    const { step, [key]: values } = study.band
    if (values.every(({ median }) => median === null)) return []
    const of = (quartile: keyof Quartiles) => values.map((value) => short(value[quartile]))
    return [{ contender: number(study), step, q1: of('q1'), median: of('median'), q3: of('q3') }]
  })
}

/** The best first: by steps to the target, then by the final value. */
export function byMerit(studies: readonly StudySummary[]): StudySummary[] {
  const sign = studies[0].target?.mode === 'max' ? -1 : 1
  const steps = (study: StudySummary) => study.stepsToTarget?.median ?? Number.MAX_VALUE
  const value = ({ finalValue: { median } }: StudySummary) =>
    median === null ? Number.MAX_VALUE : sign * median
  return [...studies].sort((a, b) => steps(a) - steps(b) || value(a) - value(b))
}

/** The best of a problem, in their usual order. */
function bestStudies(studies: readonly StudySummary[]): StudySummary[] {
  const best = byMerit(studies).slice(0, MOST)
  return studies.filter((study) => best.includes(study))
}

export function problemFigures(
  results: Results,
  all: readonly StudySummary[],
  slug: string,
  { sensitivity }: Summary,
  number: Numbering,
  contenders: readonly string[],
): Figure[] {
  const studies = bestStudies(all)
  const { problem, target } = studies[0]
  const some = studies.length < all.length ? `, the best ${studies.length} of ${all.length}` : ''
  const chosen = studies.map(number)
  const figures: Figure[] = []
  const add = (part: string, title: string, alt: string, chart: ChartData) =>
    figures.push({ name: `${slug}-${part}`, title: `${problem}: ${title}${some}`, alt, chosen, chart })
  const ends = (lines: CurvesData['lines']) =>
    listed(lines.map(({ contender, median }) => [contenders[contender], median.at(-1) ?? null]))

  const paths = trajectoriesOf(results, studies, number)
  const losses = curvesOf(studies, 'loss', number)
  if (losses.length > 0) {
    const log = spansDecades(losses.flatMap(({ median }) => median))
    const alt = `Median training loss at the end, by optimizer: ${ends(losses)}.`
    const chart: ChartData = {
      kind: 'curves',
      yLabel: log ? 'loss (log)' : 'loss',
      log,
      rising: false,
      target: null,
      lines: losses,
    }
    if (target?.metric === 'loss') chart.target = target.value
    add('loss', 'training loss', alt, chart)
  }
  const metrics = target?.metric === 'loss' ? [] : curvesOf(studies, 'metric', number)
  if (metrics.length > 0 && target !== null) {
    const label = metricName(target.metric)
    const log = target.mode === 'min' && spansDecades(metrics.flatMap(({ median }) => median))
    const alt = `Median ${label} at the end, by optimizer: ${ends(metrics)}; the target is ${target.value}.`
    const rising = target.mode === 'max'
    add('metric', label, alt, {
      kind: 'curves',
      yLabel: label,
      log,
      rising,
      target: target.value,
      lines: metrics,
    })
  }
  const points = sensitivity.flatMap((of) => {
    const own = studies.find(({ study }) => study === of.study)
    if (own === undefined) return []
    const contender = number(own)
    return of.points.map(({ lr, value, outcome }) => ({ contender, lr, value: short(value), outcome }))
  })
  if (points.length > 0) {
    const label = metricName(studies[0].valueName)
    const log = target?.mode !== 'max' && spansDecades(points.map(({ value }) => value))
    const best = studies.map((study) => [contenders[number(study)], study.best?.options.lr ?? null] as const)
    const alt = `Best learning rate, by optimizer: ${listed(best)}.`
    const yLabel = `final ${label}${log ? ' (log)' : ''}`
    add('rates', 'sensitivity to the learning rate', alt, { kind: 'rates', yLabel, log, points })
  }
  if (paths.length > 0) {
    const alt = `Where each optimizer ended: ${paths
      .map(({ contender, points }) => `${contenders[contender]} (${points.at(-1)?.map(brief).join(', ')})`)
      .join(', ')}.`
    const ways = paths.map(({ points }) => points)
    add('path', 'trajectories', alt, { kind: 'trajectories', ...landscape(problem, ways), paths })
  }
  return figures
}

/** Of the first seed that finished. */
function trajectoriesOf(results: Results, studies: readonly StudySummary[], number: Numbering) {
  return studies.flatMap((study) => {
    const runs = results.runs.filter(
      (run) =>
        run.study === study.study &&
        run.phase === 'final' &&
        run.outcome === 'finished' &&
        run.trajectory !== null,
    )
    const first = runs.sort((a, b) => a.seed - b.seed)[0] as RunRecord | undefined
    const points = first?.trajectory?.filter((point) => point.every(Number.isFinite)) ?? []
    const rounded = points.map((point) => point.map((value) => short(value) as number))
    return points.length === 0 ? [] : [{ contender: number(study), points: rounded }]
  })
}
