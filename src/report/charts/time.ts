// Where the time goes: the optimizer's share of a step, and its speed against the memory's.
import { cell, dot, line, text } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { SplitData, ThroughputData } from './data'
import { type Canvas, colour, cut, dashes, draw, endLabels, NARROW, powerLabel, powers, tips } from './frame'

export function split({ cells }: SplitData, canvas: Canvas, alt: string): Element {
  const { contenders, width } = canvas
  type Cell = SplitData['cells'][number]
  const shown = [...new Set(cells.map(({ contender }) => contender))].sort((a, b) => a - b)
  const problems = [...new Set(cells.map(({ problem }) => problem))]
  const names = shown.map((contender) => contenders[contender])
  const most = width < NARROW ? 14 : 26
  const longest = (all: readonly string[]) => Math.min(most, Math.max(...all.map((name) => name.length)))
  const narrow = (width - 7 * longest(problems)) / shown.length < 7.5 * longest(names)
  const place = { x: (d: Cell) => contenders[d.contender], y: 'problem' } as const
  return draw(canvas, alt, {
    height: 20 + 26 * problems.length + (narrow ? 6.5 * longest(names) : 20),
    marginTop: 14 + (narrow ? 6.5 * longest(names) : 14),
    marginLeft: 14 + 6.8 * longest(problems),
    marginRight: narrow ? 24 : 8,
    marginBottom: 6,
    x: {
      domain: names,
      axis: 'top',
      label: null,
      tickSize: 0,
      tickRotate: narrow ? -50 : 0,
      tickFormat: (name: string) => cut(name, most),
    },
    y: { domain: problems, label: null, tickSize: 0, tickFormat: (name: string) => cut(name, most) },
    marks: [
      cell(cells, {
        ...place,
        fill: 'var(--heat)',
        fillOpacity: (d: Cell) => 0.04 + 0.5 * d.share,
        inset: 1,
        rx: 3,
      }),
      text(cells, { ...place, text: (d: Cell) => (100 * d.share).toFixed(0) }),
      ...tips(canvas, cells, {
        ...place,
        title: (d: Cell) =>
          `${contenders[d.contender]} on ${d.problem}\ngradient ${brief(d.gradient)} µs, optimizer ${brief(d.optimizer)} µs a step`,
      }),
    ],
  })
}

/** 65536 → 64 Ki */
export function binarySize(n: number): string {
  if (n >= 2 ** 20 && n % 2 ** 20 === 0) return `${n / 2 ** 20} Mi`
  return n >= 1024 && n % 1024 === 0 ? `${n / 1024} Ki` : String(n)
}

/** Small multiples, one an optimizer; the roofline is dashed. */
export function throughput({ rows }: ThroughputData, canvas: Canvas, alt: string): Element {
  const { width } = canvas
  type Row = ThroughputData['rows'][number]
  const optimizers = [...new Set(rows.map(({ optimizer }) => optimizer))]
  const series = [...new Set(rows.map((row) => row.series))].sort(
    (a, b) => Number(a === 'roofline') - Number(b === 'roofline'),
  )
  const columns = Math.min(optimizers.length, width < NARROW ? 1 : width < 720 ? 2 : 3)
  const lines = Math.ceil(optimizers.length / columns)
  const place = {
    fx: (d: { optimizer: string }) => optimizers.indexOf(d.optimizer) % columns,
    fy: (d: { optimizer: string }) => Math.floor(optimizers.indexOf(d.optimizer) / columns),
  }
  const ink = (name: string) => (name === 'roofline' ? 'var(--soft)' : colour(series.indexOf(name)))
  const sizes = [...new Set(rows.map(({ n }) => n))].sort((a, b) => a - b)
  const last = [...new Map(rows.map((row) => [`${row.optimizer} ${row.series}`, row])).values()]
  return draw(canvas, alt, {
    height: 76 + (optimizers.length > 6 ? 150 : 230) * lines,
    marginTop: 44,
    marginRight: 110,
    x: {
      type: 'log',
      base: 2,
      ticks: sizes.filter((_, i) => i % Math.ceil(sizes.length / 4) === 0),
      tickFormat: binarySize,
      label: 'parameters',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      type: 'log',
      label: 'ns per parameter',
      grid: true,
      ticks: powers(
        rows.map(({ ns }) => ns),
        6,
      ),
      tickFormat: powerLabel,
    },
    fx: { axis: null, padding: columns > 1 ? 0.45 : 0 },
    fy: { axis: null, padding: 0.24 },
    marks: [
      text(
        optimizers.map((optimizer) => ({ optimizer })),
        { ...place, text: 'optimizer', frameAnchor: 'top-left', dy: -16, fontWeight: 600 },
      ),
      ...series.map((name, i) =>
        line(rows, {
          x: 'n',
          y: 'ns',
          ...place,
          filter: (d: Row) => d.series === name,
          stroke: ink(name),
          strokeWidth: 2,
          strokeDasharray: name === 'roofline' ? '6 4' : dashes(i),
        }),
      ),
      dot(rows, { x: 'n', y: 'ns', ...place, r: 3, fill: (d: Row) => ink(d.series) }),
      endLabels(canvas, last, { x: 'n', y: 'ns', ...place, text: 'series', fill: (d: Row) => ink(d.series) }),
      ...tips(canvas, rows, {
        x: 'n',
        y: 'ns',
        ...place,
        title: (d: Row) => `${d.optimizer}, ${d.series}\n${binarySize(d.n)}: ${brief(d.ns)} ns per parameter`,
      }),
    ],
  })
}
