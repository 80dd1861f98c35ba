// The picture: ns per parameter against the number of parameters, the roofline below.
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Report } from './command'
import type { Row } from './spec'
import { digits, size } from './tables'

interface Point {
  readonly series: string
  readonly n: number
  readonly ns: number
}

/** Series in the order of the legend's colours; after Okabe and Ito, told apart by the colour-blind too. */
const COLOURS: Readonly<Record<string, string>> = {
  roofline: '#777777',
  'Cauchy, native': '#0072b2',
  'Cauchy, WebAssembly': '#009e73',
  'Cauchy, JavaScript': '#cc79a7',
  'plain JavaScript loop': '#e69f00',
  'TensorFlow.js, WebAssembly': '#d55e00',
  'TensorFlow.js, JavaScript': '#7b4ea3',
}
const NAMES: Readonly<Record<string, string>> = {
  native: 'Cauchy, native',
  wasm: 'Cauchy, WebAssembly',
  js: 'Cauchy, JavaScript',
  'plain-js': 'plain JavaScript loop',
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

/** Where to write each series' name: at its last point, those of one size at least `apart` powers of ten apart. */
function labels(all: readonly Point[], apart: number): (Point & { readonly y: number })[] {
  const last = new Map(all.map((point) => [point.series, point]))
  const below = new Map<number, number>()
  return [...last.values()]
    .sort((a, b) => a.ns - b.ns)
    .map((point) => {
      const exponent = Math.max(
        Math.log10(point.ns),
        (below.get(point.n) ?? Number.NEGATIVE_INFINITY) + apart,
      )
      below.set(point.n, exponent)
      return { ...point, y: 10 ** exponent }
    })
}

const WIDTH = 950
const HEIGHT = 480
const MARGIN = { marginTop: 66, marginRight: 284, marginBottom: 76, marginLeft: 64 }
const LINE = 17 // pixels

/** An SVG document. */
export function drawChart({ rows, cpu, node, date, command }: Report): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = defaults(rows)
  if (drawn.length === 0) throw new Error('--svg: no row of one thread, float32 and owned memory to draw')
  const data = points(drawn)
  const sizes = [...new Set(data.map(({ n }) => n))].sort((a, b) => a - b)
  const exponents = data.map(({ ns }) => Math.log10(ns))
  const [low, high] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))]
  const powers = Array.from({ length: high - low + 1 }, (_, k) => 10 ** (low + k))
  const perPixel = (high - low) / (HEIGHT - MARGIN.marginTop - MARGIN.marginBottom)
  const colour = ({ series }: Point) => COLOURS[series]
  const title = { frameAnchor: 'top-left', dx: -48 } as const
  const grey = { fill: '#666666' }
  const plot = Plot.plot({
    document: document as unknown as Document,
    width: WIDTH,
    height: HEIGHT,
    ...MARGIN,
    style: { background: 'white', color: '#222222', fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
    x: {
      type: 'log',
      base: 2,
      ticks: sizes,
      tickFormat: size,
      label: 'parameters',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 40,
    },
    y: {
      type: 'log',
      domain: [10 ** low, 10 ** high],
      grid: true,
      label: null,
      ticks: powers,
      tickFormat: '~g',
    },
    marks: [
      Plot.line(data, {
        filter: ({ series }) => series === 'roofline',
        x: 'n',
        y: 'ns',
        stroke: colour,
        strokeWidth: 2,
        strokeDasharray: '6 4',
      }),
      Plot.line(data, {
        filter: ({ series }) => series !== 'roofline',
        x: 'n',
        y: 'ns',
        z: 'series',
        stroke: colour,
        strokeWidth: 2.2,
      }),
      Plot.dot(data, { x: 'n', y: 'ns', fill: colour, r: 3.5 }),
      Plot.text(labels(data, LINE * perPixel), {
        x: 'n',
        y: 'y',
        text: ({ series, ns }: Point) => `${series}  ${digits(ns)}`,
        fill: colour,
        stroke: 'white',
        textAnchor: 'start',
        dx: 11,
        fontWeight: 600,
      }),
      Plot.text([`One ${drawn[0].rule === 'adam' ? 'Adam' : drawn[0].rule} step: ns per parameter`], {
        ...title,
        dy: -56,
        fontSize: 17,
        fontWeight: 700,
      }),
      Plot.text(
        ['float32, one thread; both axes logarithmic, lower is faster; roofline: what memory allows'],
        {
          ...title,
          ...grey,
          dy: -30,
        },
      ),
      Plot.text([`${cpu}, Node ${node}, ${date.slice(0, 10)}, ${command}`], {
        ...grey,
        frameAnchor: 'bottom-left',
        dx: -48,
        dy: 66,
        fontSize: 11,
        lineWidth: 75,
        textOverflow: 'ellipsis',
      }),
    ],
  })
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${plot.outerHTML}\n`
}
