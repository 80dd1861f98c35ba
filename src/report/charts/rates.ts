// Sensitivity to the learning rate: on one problem, and of each contender over all of them.
import { dot, frame, line, type ScaleOptions, text } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { ForgivenessData, RatesData } from './data'
import { type Canvas, draw, endLabels, ends, inks, NARROW, powerLabel, powers, tips, wrap } from './frame'

const CROSS = 9 // pixels

/** Where finished runs end up; runs that did not finish are crosses on top, a row a contender. */
export function rates(data: RatesData, canvas: Canvas, alt: string): Element {
  const { width, contenders, alone } = canvas
  const { marginRight, name } = ends(canvas)
  const { ink, dash } = inks(canvas)
  const finished = data.points.flatMap((point) =>
    point.value === null ? [] : [{ ...point, y: data.log ? Math.max(point.value, 1e-16) : point.value }],
  )
  const broken = data.points.filter(({ value }) => value === null)
  type Point = (typeof finished)[number]
  type Broken = (typeof broken)[number]
  const rows = [...new Set(broken.map(({ contender }) => contender))]
  const series = [...new Set(finished.map(({ contender }) => contender))]
  const end = Math.max(...data.points.map(({ lr }) => lr))
  const last = [...new Map(finished.map((point) => [point.contender, { ...point, lr: end }])).values()]
  const values = finished.map(({ y }) => y)
  const by = { x: 'lr', y: 'y', z: 'contender' } as const
  return draw(canvas, alt, {
    height: (width < NARROW ? 290 : 320) + CROSS * rows.length,
    marginTop: 26 + CROSS * rows.length,
    marginRight,
    x: rateAxis(
      data.points.map(({ lr }) => lr),
      width < NARROW ? 4 : 8,
    ),
    y: {
      ...(data.log
        ? { type: 'log', ticks: powers(values, 8), tickFormat: powerLabel }
        : { ticks: 6, tickFormat: '~r' }),
      ...(values.length === 0 ? { domain: [1, 10] } : {}),
      label: data.yLabel,
      grid: true,
    },
    marks: [
      ...series.map((contender) =>
        line(finished, {
          ...by,
          filter: (d: Point) => d.contender === contender,
          stroke: ink(contender),
          strokeDasharray: dash(contender),
          strokeWidth: 1.6,
        }),
      ),
      dot(finished, { x: 'lr', y: 'y', r: 2.5, fill: (d: Point) => ink(d.contender) }),
      ...rows.map((contender, row) =>
        dot(broken, {
          filter: (d: Broken) => d.contender === contender,
          x: 'lr',
          frameAnchor: 'top',
          dy: -6 - CROSS * row,
          symbol: 'times',
          r: 3.5,
          strokeWidth: 1.8,
          stroke: ink(contender),
          ...(alone
            ? {}
            : { title: (d: Broken) => `${contenders[contender]}, rate ${brief(d.lr)}: ${d.outcome}` }),
        }),
      ),
      endLabels(canvas, last, {
        x: 'lr',
        y: 'y',
        text: (d: Point) => name(d.contender),
        fill: (d: Point) => ink(d.contender),
        frameAnchor: 'right',
      }),
      ...tips(canvas, finished, {
        ...by,
        title: (d: Point) =>
          `${contenders[d.contender]}\nrate ${brief(d.lr)}: ${d.value === null ? '–' : brief(d.value)}`,
      }),
    ],
  })
}

/** Small multiples, one a contender: a thin line for each problem, their median in bold. */
export function forgiveness({ lines, medians }: ForgivenessData, canvas: Canvas, alt: string): Element {
  const { width, contenders } = canvas
  const { inColour, ink } = inks(canvas)
  const bold = (d: { contender: number }) => (inColour(d.contender) ? ink(d.contender) : 'var(--accent)')
  const points = lines.flatMap(({ contender, problem, lr, score }) =>
    lr.map((rate, i) => ({
      contender,
      problem,
      lr: rate,
      score: score[i] ?? 0,
      finished: score[i] !== null,
    })),
  )
  type Point = (typeof points)[number]
  const shown = [...new Set(points.map(({ contender }) => contender))].sort((a, b) => a - b)
  const columns = Math.min(shown.length, width < NARROW ? 2 : width < 720 ? 3 : 4)
  const place = {
    fx: (d: { contender: number }) => shown.indexOf(d.contender) % columns,
    fy: (d: { contender: number }) => Math.floor(shown.indexOf(d.contender) / columns),
  }
  const by = { x: 'lr', y: 'score', z: 'problem', ...place } as const
  const rows = Math.ceil(shown.length / columns)
  const titles = shown.map((contender) => ({
    contender,
    title: wrap(contenders[contender], Math.floor((0.9 * (width - 48)) / columns / 7.6)),
  }))
  const tall = titles.some(({ title }) => title.includes('\n')) ? 14 : 0
  return draw(canvas, alt, {
    height: 84 + tall + ((rows > 4 ? 115 : 150) + tall) * rows,
    marginTop: 40 + tall,
    marginBottom: 44,
    marginLeft: 44,
    x: rateAxis(
      points.map(({ lr }) => lr),
      width < NARROW ? 2 : 4,
    ),
    y: { domain: [0, 1], label: 'final value, 1 = best of all', grid: true, ticks: 2, tickFormat: '~g' },
    fx: { axis: null, padding: 0.1 },
    fy: { axis: null, padding: tall > 0 ? 0.36 : rows > 4 ? 0.28 : 0.24 },
    marks: [
      frame({ strokeOpacity: 0.15 }),
      text(titles, {
        ...place,
        text: 'title',
        fill: bold,
        frameAnchor: 'top-left',
        lineAnchor: 'bottom',
        dy: -6,
        fontWeight: 600,
      }),
      line(points, { ...by, stroke: 'var(--soft)', strokeWidth: 0.8, strokeOpacity: 0.45 }),
      dot(points, {
        ...by,
        filter: (d: Point) => !d.finished,
        symbol: 'times',
        r: 3.5,
        stroke: 'var(--soft)',
        strokeWidth: 1.4,
      }),
      line(medians, {
        x: 'lr',
        y: 'score',
        z: 'contender',
        ...place,
        stroke: bold,
        strokeWidth: 3,
      }),
      ...tips(canvas, points, {
        ...by,
        title: (d: Point) =>
          `${contenders[d.contender]} on ${d.problem}\nrate ${brief(d.lr)}: ${d.finished ? brief(d.score) : 'did not finish'}`,
      }),
    ],
  })
}

export function rateAxis(rates: readonly number[], most: number): ScaleOptions {
  return {
    type: 'log',
    label: 'learning rate',
    labelAnchor: 'center',
    labelArrow: 'none',
    ticks: powers(rates, most),
    tickFormat: powerLabel,
  }
}
