// The tables and words of a benchmark on the terminal.
import { stripVTControlCharacters } from 'node:util'
import Table, { type HorizontalAlignment } from 'cli-table3'
import type { StudySummary, Summary } from '../bench/summary/index'
import { brief, plural, range } from '../bench/summary/words'
import type { RangeTest } from '../report'

/** Colours only where someone looks: not in files and pipes, nor against NO_COLOR. */
const style = () =>
  process.stdout.isTTY && process.stdout.hasColors()
    ? { head: ['bold'], border: ['grey'], compact: true }
    : { head: [], border: [], compact: true }

/** Where the cells of a column are broken: nowhere, at spaces, within ranges too. */
const BREAKS = [/(?!)/, / (?!\d)/g, / (?!\d)|(?<=–)(?=.)/g]

/** A box, its widest columns broken until the terminal is wide enough; where none is, a line for every cell. */
function fitted(
  head: readonly string[],
  rows: readonly string[][],
  colAligns: HorizontalAlignment[],
): string {
  // A terminal that does not know its width says 0.
  const room = process.stdout.columns || Number.POSITIVE_INFINITY
  const levels = head.map(() => 0)
  for (;;) {
    const cut = (row: readonly string[]) => row.map((text, i) => text.replace(BREAKS[levels[i]], '\n'))
    const box = new Table({ head: cut(head), colAligns, style: style() })
    box.push(...rows.map(cut))
    const text = box.toString()
    if (stripVTControlCharacters(text.split('\n', 1)[0]).length <= room) return text
    const widths = levels.map((level, i) => {
      const lines = [head, ...rows].flatMap((row) => cut(row)[i].split('\n'))
      return level + 1 < BREAKS.length ? Math.max(...lines.map(({ length }) => length)) : 0
    })
    const widest = Math.max(...widths)
    if (widest === 0) break
    levels[widths.indexOf(widest)]++
  }
  const line = (cell: string, i: number) =>
    `${i === 0 ? '' : ' '}${`${head[i].replace('\n', ' ')} ${cell}`.trim()}`
  return rows.flatMap((row) => row.map(line)).join('\n')
}

export function summaryText({ studies, words }: Summary): string {
  const parts = words.problems.map(({ problem, text }) => {
    const own = studies.filter((study) => study.problem === problem)
    return `${problem}\n${table(own)}\n${text}`
  })
  const caveats = words.caveats.map((text) => `· ${text}`)
  return [...parts, words.overall.join(' '), caveats.join('\n'), words.backends].filter(Boolean).join('\n\n')
}

function table(studies: readonly StudySummary[]): string {
  const [{ valueName, target }] = studies
  const seconds = studies.some(({ secondsToTarget }) => secondsToTarget !== null)
  const schedules = new Set(studies.map(({ schedule }) => schedule)).size > 1
  const columns: [string, (study: StudySummary) => string][] = [['optimizer', ({ optimizer }) => optimizer]]
  if (schedules) columns.push(['schedule', ({ schedule }) => schedule])
  columns.push(['best lr', bestRate])
  if (target) {
    columns.push(['steps to\ntarget', ({ stepsToTarget }) => range(stepsToTarget)])
    if (seconds) columns.push(['seconds to\ntarget', ({ secondsToTarget }) => range(secondsToTarget)])
    columns.push(['reached', ({ reached, final }) => (final.runs === 0 ? '–' : `${reached}/${final.runs}`)])
  }
  columns.push([`final ${valueName.replace('validation.', '')}`, ({ finalValue }) => range(finalValue)])
  columns.push([
    'diverged',
    ({ tune, final }) => `${tune.diverged + final.diverged}/${tune.runs + final.runs}`,
  ])
  if (seconds) columns.push(['optimizer\nµs a step', ({ time }) => (time ? brief(time.optimizer) : '–')])
  if (studies.some(({ tune, final }) => broken(tune) + broken(final) > 0)) {
    columns.push(['failed', ({ tune, final }) => String(broken(tune) + broken(final))])
  }
  return fitted(
    columns.map(([title]) => title),
    studies.map((study) => columns.map(([, cell]) => cell(study))),
    columns.map((_, i) => (i === 0 || (schedules && i === 1) ? 'left' : 'right')),
  )
}

const broken = ({ failed, timeout }: StudySummary['tune']) => failed + timeout

/** A best rate at the end of the grid only bounds the best there is. */
function bestRate({ best, edge }: StudySummary): string {
  if (best === null) return 'none'
  const bound = edge === 'highest' ? '≥ ' : edge === 'lowest' ? '≤ ' : ''
  return `${bound}${best.options.lr}`
}

const ROWS = 12

/** What `cauchy lr-find` found: the zones, the suggestion, and some of the steps. */
export function rangeText(test: RangeTest): string {
  const { problem, optimizer, from, to, batchSize, tooLow, justRight, tooHigh, suggestion, points } = test
  const batches = batchSize === null ? '' : `, batches of ${batchSize}`
  const what = `${problem}, ${optimizer}: ${plural(test.steps, 'step')} from ${from} to ${to}${batches}, seed ${test.seed}`
  const zone = (lr: number) => {
    if (tooHigh && (justRight ? lr > tooHigh[0] : lr >= tooHigh[0])) return 'too high'
    return justRight && lr >= justRight[0] ? 'just right' : 'too low'
  }
  const line = (name: string, zone: readonly [number, number] | null, does: string, none: string) => {
    const empty = zone === null || zone[0] === zone[1]
    return `${name.padEnd(12)}${empty ? `none: ${none}` : `${brief(zone[0])} … ${brief(zone[1])}: ${does}`}`
  }
  const zones = [
    line('too low', tooLow, 'the loss barely moves', 'it moves at the lowest rate'),
    line('just right', justRight, 'the loss falls', 'no rate lowered the loss, beyond its noise'),
    line('too high', tooHigh, 'the loss rises', 'it does not rise at the highest rate'),
  ]
  const every = Math.max(1, Math.ceil((points.length - 1) / (ROWS - 1)))
  const steps = fitted(
    ['learning rate', 'loss', 'smoothed', ''],
    points
      .filter((_, i) => i % every === 0 || i === points.length - 1)
      .map(({ lr, loss, smoothed }) => [brief(lr), figure(loss), figure(smoothed), zone(lr)]),
    ['right', 'right', 'right', 'left'],
  )
  const advice =
    suggestion === null
      ? `No suggestion: try ${remedy(test)}.`
      : `Suggestion: lr ${brief(suggestion)}, where the loss falls fastest.`
  return [what, zones.join('\n'), steps, `${advice}\n${test.message}`].join('\n\n')
}

/** What may make a rate lower the loss, where none did. */
function remedy({ tooLow, tooHigh, batchSize }: RangeTest): string {
  const rates =
    tooHigh === null ? ['higher rates (--to)'] : tooLow?.[0] === tooLow?.[1] ? ['lower rates (--from)'] : []
  const batches = batchSize === null ? [] : ['larger batches (--batch-size)']
  return [...rates, 'more steps (--steps)', ...batches].join(' or ')
}

/** Rounded alike, whole or not, so that one can compare. */
const figure = (loss: number) => brief(Number(loss.toPrecision(3)))
