// Sensitivity to the learning rate: on one problem, and of each contender over all of them.
import { dot, frame, line, type ScaleOptions, text } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { ForgivenessData, RatesData } from './data'
import { type Canvas, colour, cut, dashes, draw, endLabels, ends, powerLabel, powers, tips } from './frame'

const CROSS = 9 // pixels

/** Where finished runs end up; runs that did not finish are crosses on top, a row a contender. */
export function rates(data: RatesData, canvas: Canvas, alt: string): Element {
  const { width, contenders, alone } = canvas
  const { marginRight, name } = ends(canvas)
  const finished = data.points.flatMap((point) =>
    point.value === null ? [] : [{ ...point, y: data.log ? Math.max(point.value, 1e-16) : point.value }],
  )
  const broken = data.points.filter(({ value }) => value === null)
  type Point = (typeof finished)[number]
  type Broken = (typeof broken)[number]
  const rows = [...new Set(broken.map(({ contender }) => contender))]
  const series = [...new Set(finished.map(({ contender }) => contender))]
  const last = [...new Map(finished.map((point) => [point.contender, point])).values()]
  const values = finished.map(({ y }) => y)
  const by = { x: 'lr', y: 'y', z: 'contender' } as const
  return draw(canvas, alt, {
    height: (width < 480 ? 290 : 320) + CROSS * rows.length,
    marginTop: 26 + CROSS * rows.length,
    marginRight,
    x: rateAxis(
      data.points.map(({ lr }) => lr),
      width < 480 ? 4 : 8,
    ),
    y: {
      ...(data.log
        ? { type: 'log', ticks: powers(values, 8), tickFormat: powerLabel }
        : { ticks: 6, tickFormat: '~g' }),
      ...(values.length === 0 ? { domain: [1, 10] } : {}),
      label: data.yLabel,
      grid: true,
    },
    marks: [
      ...series.map((contender) =>
        line(finished, {
          ...by,
          filter: (d: Point) => d.contender === contender,
          stroke: colour(contender),
          strokeDasharray: dashes(contender),
          strokeWidth: 1.6,
        }),
      ),
      dot(finished, { x: 'lr', y: 'y', r: 2.5, fill: (d: Point) => colour(d.contender) }),
      ...rows.map((contender, row) =>
        dot(broken, {
          filter: (d: Broken) => d.contender === contender,
          x: 'lr',
          frameAnchor: 'top',
          dy: -6 - CROSS * row,
          symbol: 'times',
          r: 3.5,
          strokeWidth: 1.8,
          stroke: colour(contender),
          ...(alone
            ? {}
            : { title: (d: Broken) => `${contenders[contender]}, rate ${brief(d.lr)}: ${d.outcome}` }),
        }),
      ),
      endLabels(last, {
        x: 'lr',
        y: 'y',
        text: (d: Point) => name(d.contender),
        fill: (d: Point) => colour(d.contender),
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
export function forgiveness({ points, medians }: ForgivenessData, canvas: Canvas, alt: string): Element {
  const { width, contenders } = canvas
  type Point = ForgivenessData['points'][number]
  const shown = [...new Set(points.map(({ contender }) => contender))].sort((a, b) => a - b)
  const columns = Math.min(shown.length, width < 480 ? 2 : width < 720 ? 3 : 4)
  const place = {
    fx: (d: { contender: number }) => shown.indexOf(d.contender) % columns,
    fy: (d: { contender: number }) => Math.floor(shown.indexOf(d.contender) / columns),
  }
  const by = { x: 'lr', y: 'score', z: 'problem', ...place } as const
  const rows = Math.ceil(shown.length / columns)
  return draw(canvas, alt, {
    height: 84 + 150 * rows,
    marginTop: 40,
    marginBottom: 44,
    marginLeft: 44,
    x: rateAxis(
      points.map(({ lr }) => lr),
      width < 480 ? 2 : 4,
    ),
    y: { domain: [0, 1], label: 'final value, 1 = best of all', grid: true, ticks: 2, tickFormat: '~g' },
    fx: { axis: null, padding: 0.1 },
    fy: { axis: null, padding: 0.24 },
    marks: [
      frame({ strokeOpacity: 0.15 }),
      text(
        shown.map((contender) => ({ contender })),
        {
          ...place,
          text: (d) => cut(contenders[d.contender], Math.floor((0.9 * (width - 48)) / columns / 7.6)),
          fill: (d) => colour(d.contender),
          frameAnchor: 'top-left',
          dy: -16,
          fontWeight: 600,
        },
      ),
      line(points, { ...by, stroke: 'var(--soft)', strokeWidth: 0.8, strokeOpacity: 0.45 }),
      dot(points, {
        ...by,
        filter: (d: Point) => d.outcome !== 'finished',
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
        stroke: (d: Point) => colour(d.contender),
        strokeWidth: 3,
      }),
      ...tips(canvas, points, {
        ...by,
        title: (d: Point) =>
          `${contenders[d.contender]} on ${d.problem}\nrate ${brief(d.lr)}: ${
            d.outcome === 'finished' ? brief(d.score) : d.outcome
          }`,
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
