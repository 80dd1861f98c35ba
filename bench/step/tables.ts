// The rows as tables: sizes side by side for each rule, for the terminal and for Markdown.
import Table from 'cli-table3'
import type { ColdStart } from './cold-start'
import type { Report } from './command'
import type { Row } from './spec'

interface Grid {
  readonly title: string
  readonly head: readonly string[]
  readonly cells: readonly (readonly string[])[]
}

/** 65536 → 64 Ki */
export function size(n: number): string {
  if (n >= 2 ** 20 && n % 2 ** 20 === 0) return `${n / 2 ** 20} Mi`
  return n >= 1024 && n % 1024 === 0 ? `${n / 1024} Ki` : String(n)
}

/** Three digits that count. */
export const digits = (x: number) =>
  x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(x >= 1 ? 2 : 3)
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** What sets a row apart from others of its rule, type and size. */
export function label({ backend, isa, threads, state, dtype, mode }: Row): string {
  return [
    ['none', 'simd128'].includes(isa) ? backend : `${backend} ${isa}`,
    ...(threads > 1 ? [`${threads} threads`] : []),
    ...(state !== 'none' && state !== dtype ? [`${state} state`] : []),
    ...(mode === 'callers' ? ["caller's arrays"] : mode === 'clip-norm' ? ['with clip-norm'] : []),
  ].join(', ')
}

/** The least roofline at each size, by threads and precision of state: the first lines of a grid. */
function rooflines(rows: readonly Row[], sizes: readonly number[]): string[][] {
  const bounded = rows.filter(({ mode, rooflineRatio }) => mode === 'owned' && rooflineRatio !== null)
  const kind = ({ threads, state, dtype }: Row) =>
    [
      'roofline',
      ...(threads > 1 ? [`${threads} threads`] : []),
      ...(state !== 'none' && state !== dtype ? [`${state} state`] : []),
    ].join(', ')
  return unique(bounded.map(kind)).map((name) => [
    name,
    ...sizes.map((n) => {
      const all = bounded.filter((row) => row.n === n && kind(row) === name)
      return all.length > 0 ? digits(Math.min(...all.map((row) => row.rooflineNsPerParam as number))) : '–'
    }),
  ])
}

function ruleGrid(title: string, rows: readonly Row[]): Grid {
  const sizes = unique(rows.map(({ n }) => n)).sort((a, b) => a - b)
  const tensors = (n: number) => rows.find((row) => row.n === n)?.tensors ?? 1
  const cells = unique(rows.map(label)).map((name) => [
    name,
    ...sizes.map((n) => {
      const row = rows.find((other) => other.n === n && label(other) === name)
      if (row === undefined) return '–'
      const ratio = row.rooflineRatio === null ? '' : ` (${row.rooflineRatio.toFixed(2)})`
      return `${digits(row.nsPerParam)}${ratio}`
    }),
  ])
  return {
    title: `${title}: ns per parameter (roofline over it)`,
    head: ['', ...sizes.map((n) => (tensors(n) > 1 ? `${tensors(n)} × ${size(n / tensors(n))}` : size(n)))],
    cells: [...rooflines(rows, sizes), ...cells],
  }
}

function deadGrid(rows: readonly Row[]): Grid {
  const magnitudes = unique(rows.map(({ magnitude }) => magnitude))
  const line = (row: Row) =>
    `${row.rule}${row.dtype === 'float32' ? '' : ` ${row.dtype}`}, n=${row.n}, ${label(row)}`
  const cells = unique(rows.map(line)).map((name) => [
    name,
    ...magnitudes.map(
      (magnitude) =>
        rows.find((row) => line(row) === name && row.magnitude === magnitude)?.overLive?.toFixed(2) ?? '–',
    ),
  ])
  return {
    title: 'A step at gradients of a magnitude, over one at magnitude 1',
    head: ['', ...magnitudes.map(String)],
    cells,
  }
}

function coldGrid(starts: readonly ColdStart[]): Grid {
  return {
    title: 'Cold start: a process that imports the package, makes an AdamW and steps once',
    head: ['', 'ms', 'ms over an empty program'],
    cells: starts.map(({ backend, module, milliseconds, overEmpty }) => [
      `${backend}, ${module}`,
      milliseconds.toFixed(1),
      overEmpty.toFixed(1),
    ]),
  }
}

function grids({ rows, coldStart }: Report): Grid[] {
  const dead = rows.filter(({ mode }) => mode === 'dead')
  const alive = rows.filter(({ mode }) => mode !== 'dead')
  const title = ({ rule, dtype, tensors }: Row) =>
    `${rule}, ${dtype}${tensors > 1 ? ', many small tensors' : ''}`
  return [
    ...unique(alive.map(title)).map((name) =>
      ruleGrid(
        name,
        alive.filter((row) => title(row) === name),
      ),
    ),
    ...(dead.length > 0 ? [deadGrid(dead)] : []),
    ...(coldStart.length > 0 ? [coldGrid(coldStart)] : []),
  ]
}

const source = ({ cpu, cores, node, date, command }: Report, code: string) =>
  `${cores} cores of ${cpu}, Node ${node}, ${date.slice(0, 10)}, medians of ${code}${command}${code}.`

export function terminal(report: Report): string {
  const tables = grids(report).map(({ title, head, cells }) => {
    const table = new Table({
      head: [...head],
      colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
      style: { head: [], border: [], compact: true },
    })
    table.push(...cells.map((line) => [...line]))
    return `${title}\n${table}`
  })
  return [...tables, source(report, '')].join('\n\n')
}

export function markdown(report: Report): string {
  const tables = grids(report).map(({ title, head, cells }) => {
    const line = (values: readonly string[]) => `| ${values.join(' | ')} |`
    const rule = `|---|${'---:|'.repeat(head.length - 1)}`
    return [`${title}:`, '', line(head), rule, ...cells.map(line)].join('\n')
  })
  return [...tables, source(report, '`')].join('\n\n')
}
