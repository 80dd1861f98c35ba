// The tables on the terminal, and the words that they share with the report.
import Table from 'cli-table3'
import type { BackendResult } from './backends'
import type { ModelResult, OptimizerResult } from './results'

/** Colours only where someone looks: not in files and pipes. */
const STYLE = process.stdout.isTTY
  ? { head: ['bold'], border: ['grey'], compact: true }
  : { head: [], border: [], compact: true }

export const percent = (share: number) => `${(100 * share).toFixed(1)}\u00a0%`

/** The cells of one optimizer: what the terminal and the report both show. */
export function optimizerCells({ name, best, settings, zones }: OptimizerResult): string[] {
  const diverged = settings.filter((setting) => setting.diverged > 0).length
  const rates = [`${zones.low}/${zones.works}/${zones.high}`, String(diverged)]
  if (best === null) return [name, 'none', '–', '–', '–', ...rates]
  const { lr, accuracy, goal } = best
  const goalCells = goal ? [goal.epochs.toFixed(1), goal.seconds.toPrecision(2)] : ['–', '–']
  // A best rate at the end of the grid only bounds the best there is.
  const bound = lr === settings.at(-1)?.lr ? '≥ ' : lr === settings[0].lr ? '≤ ' : ''
  return [name, `${bound}${lr}`, percent(accuracy), ...goalCells, ...rates]
}

export const OPTIMIZER_HEAD = [
  'optimizer',
  'best\nrate',
  'accuracy',
  'epochs\nto 90\u00a0%',
  'seconds\nto 90\u00a0%',
  'low/\nwork/\nhigh',
  'diverged',
]

export function modelTable({ optimizers }: ModelResult): string {
  const table = new Table({
    head: OPTIMIZER_HEAD,
    colAligns: ['left', ...OPTIMIZER_HEAD.slice(1).map(() => 'right' as const)],
    style: STYLE,
  })
  for (const optimizer of optimizers) table.push(optimizerCells(optimizer))
  return table.toString()
}

export function backendCells({ rows }: BackendResult): string[][] {
  return rows.map(({ optimizer, runs, same }) => [
    optimizer,
    same ? 'same' : 'DIFFERENT',
    ...runs.map(({ microseconds }) => microseconds.toFixed(1)),
    same ? runs[0].hash : runs.map(({ backend, hash }) => `${backend} ${hash}`).join('\n'),
  ])
}

export function backendHead({ available }: BackendResult): string[] {
  const times = available.map(({ name, isa }) => `${isa === 'none' ? name : `${name} ${isa}`}\nµs a step`)
  return ['optimizer', 'bits', ...times, 'hash of the\nparameters']
}

export function backendTable(result: BackendResult): string {
  const times = result.available.map(() => 'right' as const)
  const table = new Table({
    head: backendHead(result),
    colAligns: ['left', 'left', ...times, 'right'],
    style: STYLE,
  })
  table.push(...backendCells(result))
  return table.toString()
}
