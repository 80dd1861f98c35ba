// The tables of the report.
import type { Results, RunRecord } from '../bench/records'
import { contenderName, type StudySummary, type Summary } from '../bench/summary'
import { brief, metricName, range } from '../bench/summary/words'
import { csv } from './csv'
import { byMerit } from './figures/problem'
import { backendName } from './figures/time'
import { type Cell, table } from './html'

const number = (value: number | null | undefined, text = brief): Cell =>
  value === null || value === undefined ? { text: '–', value: null } : { text: text(value), value }
const percent = (value: number): Cell => ({ text: `${(100 * value).toFixed(0)} %`, value })
const options = (all: Record<string, number>, except: readonly string[] = [], text = brief) =>
  Object.entries(all)
    .filter(([key]) => !except.includes(key))
    .map(([key, value]) => `${key} ${text(value)}`)
    .join(', ')

export function rankingTable({ studies, profiles }: Summary): string {
  const name = contenderName(studies)
  const total = profiles.problems.length
  const rows = profiles.profiles
    .map(({ contender, wins, alone, solved, tried: on }) => {
      const own = studies.filter((study) => name(study) === contender)
      const sum = (of: (study: StudySummary) => number) => own.reduce((all, study) => all + of(study), 0)
      return {
        contender,
        wins,
        alone,
        solved,
        on,
        tried: sum(({ tune }) => tune.runs),
        diverged: sum(({ tune }) => tune.diverged),
      }
    })
    .sort((a, b) => b.wins - a.wins || b.solved - a.solved)
    .map(({ contender, wins, alone, solved, on, tried, diverged }): Cell[] => [
      contender,
      number(Math.round(wins * total)),
      number(Math.round(alone * total)),
      { text: `${Math.round(solved * total)} of ${on}`, value: Math.round(solved * total) },
      number(tried),
      number(diverged),
    ])
  const head = ['optimizer', `fastest, of ${total}`, 'alone', 'target reached', 'settings tried', 'diverged']
  return table('All problems', head, rows)
}

export function problemTable(
  studies: readonly StudySummary[],
  name: (study: StudySummary) => string,
): string {
  const [{ problem, target, valueName }] = studies
  const others = studies.some(({ best }) => best !== null && Object.keys(best.options).length > 1)
  const timed = studies.some(({ time }) => time !== null)
  const aimed = target !== null
  /** Head, cell, and whether there is anything to show. */
  const columns: [string, (study: StudySummary) => Cell, boolean?][] = [
    ['optimizer', name],
    ['lr', ({ best }) => number(best?.options.lr)],
    ['other options', ({ best }) => (best === null ? '–' : options(best.options, ['lr'])), others],
    [
      `final ${metricName(valueName)}`,
      ({ finalValue }) => ({ text: range(finalValue), value: finalValue.median }),
    ],
    [
      'final training loss',
      ({ finalLoss }) => ({ text: range(finalLoss), value: finalLoss.median }),
      valueName !== 'loss',
    ],
    ['reached', ({ reached, final }) => ({ text: `${reached} of ${final.runs}`, value: reached }), aimed],
    ['steps to target', ({ stepsToTarget: to }) => ({ text: range(to), value: to?.median ?? null }), aimed],
    [
      'seconds to target',
      ({ secondsToTarget: to }) => ({ text: range(to), value: to?.median ?? null }),
      aimed && timed,
    ],
    ['gradient, µs a step', ({ time }) => number(time?.gradient), timed],
    ['optimizer, µs a step', ({ time }) => number(time?.optimizer), timed],
    [
      'diverged in the search',
      ({ tune }) => ({ text: `${tune.diverged} of ${tune.runs}`, value: tune.diverged }),
    ],
    ['runs over seeds', ({ final }) => `${final.finished} of ${final.runs} finished`],
  ]
  const shown = columns.filter(([, , isShown = true]) => isShown)
  const rows = byMerit(studies).map((study) => shown.map(([, of]) => of(study)))
  return table(
    problem,
    shown.map(([head]) => head),
    rows,
  )
}

export function throughputTable({ throughput }: Results): string {
  const head = [
    'optimizer',
    'backend',
    'parameters',
    'ns per parameter',
    'roofline',
    'of the roofline’s speed',
  ]
  const rows = throughput.map(
    ({ optimizer, backend, isa, n, nsPerParam, rooflineNsPerParam: roof }): Cell[] => [
      optimizer,
      backendName({ backend, isa }),
      number(n),
      number(nsPerParam),
      number(roof),
      roof === null ? number(null) : percent(roof / nsPerParam),
    ],
  )
  return table('Throughput', head, rows)
}

export function checksTable(checks: Results['checks']): string {
  const rows = checks.map(({ study, id, hashes, same, repeatable }): Cell[] => [
    study,
    id,
    repeatable ? (same ? 'the same' : 'DIFFERENT') : 'not repeatable',
    Object.entries(hashes)
      .map(([backend, hash]) => `${backend} ${hash}`)
      .join(', '),
  ])
  return table('Checks of the backends', ['study', 'run', 'bits', 'hashes'], rows)
}

export function brokenTable(runs: readonly RunRecord[]): string {
  const rows = runs.map(({ study, phase, seed, options: of, outcome, reason }): Cell[] => [
    study,
    phase,
    number(seed),
    options(of),
    outcome,
    reason ?? '–',
  ])
  return table('Runs that did not finish', ['study', 'phase', 'seed', 'options', 'outcome', 'reason'], rows)
}

const RUN_HEAD = [
  'study',
  'phase',
  'seed',
  'options',
  'outcome',
  'initial loss',
  'final loss',
  'best loss',
  'validation',
  'steps',
  'steps to target',
  'gradient, s',
  'optimizer, s',
  'backend',
  'run',
  'hash',
]

export const runsTable = (runs: readonly RunRecord[]) =>
  table(
    'All runs',
    RUN_HEAD,
    runs.map((run) => cellsOf(run)),
  )

/** The same for a spreadsheet: numbers in full, nothing where there is none. */
export function runsCsv(runs: readonly RunRecord[]): string {
  const plain = (cell: Cell) =>
    typeof cell === 'string' ? cell.replace(/^–$/, '') : String(cell.value ?? '')
  return `${csv([RUN_HEAD, ...runs.map((run) => cellsOf(run, String).map(plain))])}\r\n`
}

/** Seconds of runs that shared the machine are not quoted. */
function cellsOf(run: RunRecord, text = brief): Cell[] {
  return [
    run.study,
    run.phase,
    number(run.seed),
    options(run.options, [], text),
    run.outcome,
    number(run.initialLoss),
    number(run.finalLoss),
    number(run.bestLoss),
    run.validation === null ? '–' : options(run.validation, [], text),
    number(run.steps),
    number(run.stepsToTarget),
    number(run.serial ? run.seconds.gradient : null),
    number(run.serial ? run.seconds.optimizer : null),
    backendName(run),
    run.id,
    run.hash ?? '–',
  ]
}
