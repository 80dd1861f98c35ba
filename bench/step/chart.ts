// The picture: ns per parameter against the number of parameters, the roofline below.
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Report } from './command'
import type { Row } from './spec'
import { size } from './tables'

interface Point {
  readonly series: string
  readonly n: number
  readonly ns: number
}

/** Series in the order of the legend's colours; after Okabe and Ito, told apart by the colour-blind too. */
const COLOURS: Readonly<Record<string, string>> = {
  roofline: '#777777',
  native: '#0072b2',
  WebAssembly: '#009e73',
  'JavaScript tier': '#cc79a7',
  'plain loop': '#e69f00',
  'TensorFlow.js, WebAssembly': '#d55e00',
  'TensorFlow.js, JavaScript': '#7b4ea3',
}
const NAMES: Readonly<Record<string, string>> = {
  native: 'native',
  wasm: 'WebAssembly',
  js: 'JavaScript tier',
  'plain-js': 'plain loop',
  'tfjs-wasm': 'TensorFlow.js, WebAssembly',
  'tfjs-cpu': 'TensorFlow.js, JavaScript',
}

/** What one would get by default: one rule, float32, one thread, owned memory, the best instruction set. */
function defaults(rows: readonly Row[]): Row[] {
  const rule = ['adamw', 'adam'].find((name) => rows.some((row) => row.rule === name)) ?? rows[0]?.rule
  const plain = rows.filter(
    (row) =>
      row.rule === rule &&
      row.dtype === 'float32' &&
      row.threads === 1 &&
      row.tensors === 1 &&
      row.mode === 'owned' &&
      ['float32', 'none'].includes(row.state),
  )
  const best = plain.find(({ backend }) => backend === 'native')?.isa
  return plain.filter(({ backend, isa }) => backend !== 'native' || isa === best)
}

function points(rows: readonly Row[]): Point[] {
  const steps = rows.map(({ backend, n, nsPerParam }) => ({ series: NAMES[backend], n, ns: nsPerParam }))
  const bounds = [...new Set(rows.map(({ n }) => n))].flatMap((n) => {
    const all = rows.flatMap((row) =>
      row.n === n && row.rooflineNsPerParam !== null ? [row.rooflineNsPerParam] : [],
    )
    return all.length > 0 ? [{ series: 'roofline', n, ns: Math.min(...all) }] : []
  })
  return [...steps, ...bounds].sort((a, b) => a.n - b.n)
}

/** Where to write each series' name, at its last point, no two closer than `apart` in units of log₁₀. */
function labels(all: readonly Point[], apart: number): (Point & { readonly y: number })[] {
  const last = new Map(all.map((point) => [point.series, point]))
  const sorted = [...last.values()].sort((a, b) => a.ns - b.ns)
  let below = Number.NEGATIVE_INFINITY
  return sorted.map((point) => {
    below = Math.max(Math.log10(point.ns), below + apart)
    return { ...point, y: 10 ** below }
  })
}

/** An SVG document. */
export function drawChart({ rows, cpu, node, date, command }: Report): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = defaults(rows)
  if (drawn.length === 0) throw new Error('--svg: no row of one thread, float32 and owned memory to draw')
  const data = points(drawn)
  const sizes = [...new Set(data.map(({ n }) => n))].sort((a, b) => a - b)
  const colour = ({ series }: Point) => COLOURS[series]
  const [width, height] = [860, 470]
  const plot = Plot.plot({
    document: document as unknown as Document,
    width,
    height,
    marginTop: 62,
    marginRight: 190,
    marginBottom: 62,
    marginLeft: 56,
    style: { background: 'white', color: '#222', fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
    x: {
      type: 'log',
      base: 2,
      ticks: sizes,
      tickFormat: size,
      label: 'parameters',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type: 'log', grid: true, label: null, tickFormat: '~g', tickSpacing: 60 },
    marks: [
      Plot.line(data, {
        x: 'n',
        y: 'ns',
        z: 'series',
        stroke: colour,
        strokeWidth: 2.2,
        strokeDasharray: '0',
      }),
      Plot.dot(data, { x: 'n', y: 'ns', fill: colour, r: 3.5 }),
      Plot.text(labels(data, 0.12), {
        x: () => sizes[sizes.length - 1],
        y: 'y',
        text: 'series',
        fill: colour,
        textAnchor: 'start',
        dx: 12,
        fontWeight: 600,
      }),
      Plot.text([`One ${drawn[0].rule === 'adam' ? 'Adam' : 'AdamW'} step, ns per parameter`], {
        frameAnchor: 'top-left',
        dx: -44,
        dy: -48,
        fontSize: 17,
        fontWeight: 700,
      }),
      Plot.text(['float32, one thread; both axes logarithmic; lower is faster'], {
        frameAnchor: 'top-left',
        dx: -44,
        dy: -24,
        fill: '#666',
      }),
      Plot.text([`${cpu}, Node ${node}, ${date.slice(0, 10)}, ${command}`], {
        frameAnchor: 'bottom-left',
        dx: -44,
        dy: 54,
        fill: '#666',
        fontSize: 11,
      }),
    ],
  })
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${plot.outerHTML}\n`
}
