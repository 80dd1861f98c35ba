// From the summary to what the pictures are drawn from.
import type { Results, RunRecord } from '../bench/records'
import { contenderName, type Quartiles, quantile, type StudySummary, type Summary } from '../bench/summary'
import { brief, metricName } from '../bench/summary/words'
import type { ChartData, CurvesData, Figure, ForgivenessData } from './charts/data'
import { landscape } from './landscape'

export interface ProblemFigures {
  problem: string
  figures: Figure[]
}

export interface Figures {
  contenders: string[]
  forgiveness: Figure | null
  profiles: Figure | null
  problems: ProblemFigures[]
  split: Figure | null
  throughput: Figure | null
}

/** Where there is only one instruction set, it goes without saying. */
export const backendName = ({ backend, isa }: { backend: string; isa: string }) =>
  ['none', 'simd128', ''].includes(isa) ? backend : `${backend} ${isa}`

export function allFigures(figures: Figures): Figure[] {
  const { forgiveness, profiles, split, throughput, problems } = figures
  const inProblems = problems.flatMap((problem) => problem.figures)
  return [profiles, forgiveness, ...inProblems, split, throughput].filter((figure) => figure !== null)
}

export function makeFigures(results: Results, summary: Summary): Figures {
  const { studies } = summary
  const name = contenderName(studies)
  const contenders = [...new Set(studies.map(name))]
  const number = (study: StudySummary) => contenders.indexOf(name(study))
  const known = results.headers.flatMap(({ config }) => config.problems.map((problem) => problem.name))
  const tried = studies.map(({ problem }) => problem)
  const names = [...new Set([...known, ...tried])].filter((problem) => tried.includes(problem))
  const slugs = new Set<string>()
  return {
    contenders,
    forgiveness: forgivenessFigure(results, summary, number),
    profiles: profilesFigure(summary, contenders),
    problems: names.map((problem) => {
      const own = studies.filter((study) => study.problem === problem)
      return {
        problem,
        figures: problemFigures(results, own, slug(problem, slugs), summary, number, contenders),
      }
    }),
    split: splitFigure(studies, number),
    throughput: throughputFigure(results),
  }
}

/** A file name of its own for every problem, whatever it is called. */
function slug(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-|-$/g, '') || 'problem'
  let free = plain
  for (let i = 2; taken.has(free); i++) free = `${plain}-${i}`
  taken.add(free)
  return free
}

type Numbering = (study: StudySummary) => number

/** Four significant digits: the page carries its data. */
const short = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)))

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

/** 'adam 0.01, sgd 0.02': what a picture shows, for those who cannot see it. */
const listed = (items: readonly (readonly [string, number | null])[]) =>
  items.map(([name, value]) => `${name} ${value === null ? 'not reached' : brief(value)}`).join(', ')

/** As many lines as there are colours: more cannot be told apart. */
const MOST = 7

/** The best of a problem, in their usual order: by steps to the target, then by the final value. */
function bestStudies(studies: readonly StudySummary[]): StudySummary[] {
  const sign = studies[0].target?.mode === 'max' ? -1 : 1
  const steps = (study: StudySummary) => study.stepsToTarget?.median ?? Number.MAX_VALUE
  const value = ({ finalValue: { median } }: StudySummary) =>
    median === null ? Number.MAX_VALUE : sign * median
  const best = [...studies].sort((a, b) => steps(a) - steps(b) || value(a) - value(b)).slice(0, MOST)
  return studies.filter((study) => best.includes(study))
}

function problemFigures(
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
  const figures: Figure[] = []
  const add = (part: string, title: string, alt: string, chart: ChartData) =>
    figures.push({ name: `${slug}-${part}`, title: `${problem}: ${title}${some}`, alt, chart })
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
    add('metric', label, alt, { kind: 'curves', yLabel: label, log, target: target.value, lines: metrics })
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

/** Of the first seed that every contender has. */
function trajectoriesOf(results: Results, studies: readonly StudySummary[], number: Numbering) {
  return studies.flatMap((study) => {
    const runs = results.runs.filter(
      (run) => run.study === study.study && run.phase === 'final' && run.trajectory !== null,
    )
    const first = runs.sort((a, b) => a.seed - b.seed)[0] as RunRecord | undefined
    const points = first?.trajectory?.filter((point) => point.every(Number.isFinite)) ?? []
    const rounded = points.map((point) => point.map((value) => short(value) as number))
    return points.length === 0 ? [] : [{ contender: number(study), points: rounded }]
  })
}

function profilesFigure({ profiles }: Summary, contenders: readonly string[]): Figure | null {
  if (profiles.problems.length === 0) return null
  const lines = profiles.profiles.map(({ contender, points }) => ({
    contender: contenders.indexOf(contender),
    points: points.map(({ tau, share }) => ({ tau: short(tau) as number, share: short(share) as number })),
  }))
  const alt = `Problems on which each optimizer was the fastest: ${listed(
    profiles.profiles.map(({ contender, wins }) => [contender, Math.round(wins * profiles.problems.length)]),
  )}; of ${profiles.problems.length}.`
  return { name: 'profiles', title: 'Performance profiles', alt, chart: { kind: 'profiles', lines } }
}

function forgivenessFigure(
  results: Results,
  { sensitivity, studies }: Summary,
  number: Numbering,
): Figure | null {
  const points: ForgivenessData['points'] = []
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
      for (const { lr, value, outcome } of of.points) {
        const score = value === null || best >= worst ? 0 : (worst - sign * value) / (worst - best)
        points.push({ contender, problem, lr, score: short(Math.max(0, score)) as number, outcome })
      }
    }
  }
  if (points.length === 0) return null
  const medians = mediansByRate(points)
  const alt =
    'For each optimizer, how good the final value is at each learning rate; the wider the hill, the less tuning.'
  const title = 'Sensitivity to the learning rate, all problems'
  return { name: 'sensitivity', title, alt, chart: { kind: 'forgiveness', points, medians } }
}

/** The value before the first step, of the metric that is compared. */
function startOf(results: Results, { study, valueName }: StudySummary): number | null {
  const runs = results.runs.filter((run) => run.study === study && run.phase === 'tune')
  return valueName === 'loss' ? (runs[0]?.initialLoss ?? null) : (runs[0]?.curve.metric[0] ?? null)
}

function mediansByRate(points: ForgivenessData['points']): ForgivenessData['medians'] {
  const bins = new Map<string, ForgivenessData['points']>()
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

function splitFigure(studies: readonly StudySummary[], number: Numbering): Figure | null {
  const cells = studies.flatMap((study) => {
    if (study.time === null || !Number.isFinite(study.time.optimizerShare)) return []
    const { gradient, optimizer, optimizerShare } = study.time
    const time = { share: short(optimizerShare) as number, gradient, optimizer }
    return [{ contender: number(study), problem: study.problem, ...time }]
  })
  if (cells.length === 0) return null
  const shares = cells.map(({ share }) => 100 * share)
  const alt = `The optimizer's share of the time of a step lies between ${brief(Math.min(...shares))} % and ${brief(Math.max(...shares))} %.`
  const title = "The optimizer's share of a step, %"
  return { name: 'time', title, alt, chart: { kind: 'split', cells } }
}

function throughputFigure({ throughput }: Results): Figure | null {
  if (throughput.length === 0) return null
  const rows = throughput.map((record) => ({
    optimizer: record.optimizer,
    series: backendName(record),
    n: record.n,
    ns: record.nsPerParam,
  }))
  const roofs = new Map<string, (typeof rows)[number]>()
  for (const { optimizer, n, rooflineNsPerParam: ns } of throughput) {
    const key = `${optimizer} ${n}`
    if (ns !== null && ns < (roofs.get(key)?.ns ?? Number.POSITIVE_INFINITY)) {
      roofs.set(key, { optimizer, series: 'copy', n, ns })
    }
  }
  const all = [...rows, ...roofs.values()].sort((a, b) => a.n - b.n)
  const alt = `Nanoseconds per parameter of one step at ${new Set(rows.map(({ n }) => n)).size} sizes, beside a copy of as many bytes.`
  return {
    name: 'throughput',
    title: 'Throughput, beside a copy of the same bytes',
    alt,
    chart: { kind: 'throughput', rows: all },
  }
}
