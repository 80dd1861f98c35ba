// Loss or metric over the steps: the median of the seeds in its quartile band.
import { areaY, line, ruleY } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { CurvesData } from './data'
import { type Canvas, draw, endLabels, ends, inks, NARROW, powerLabel, powers, tips } from './frame'

export function curves(data: CurvesData, canvas: Canvas, alt: string): Element {
  const { width, contenders } = canvas
  const { marginRight, name } = ends(canvas)
  const { ink, dash } = inks(canvas)
  const floor = data.log ? 1e-16 : Number.NEGATIVE_INFINITY
  const points = data.lines.flatMap(({ contender, step, median, q1, q3 }) =>
    step.flatMap((x, i) => {
      const y = median[i]
      if (y === null) return []
      const clamp = (value: number) => Math.max(value, floor)
      return [{ contender, x, y: clamp(y), low: clamp(q1[i] ?? y), high: clamp(q3[i] ?? Number.MAX_VALUE) }]
    }),
  )
  type Point = (typeof points)[number]
  const medians = points.map(({ y }) => y)
  const { top, bottom } = limits(data, medians)
  const clipped = points.map((point) => ({
    ...point,
    y: Math.min(point.y, top),
    high: Math.min(point.high, top),
  }))
  const last = [...new Map(clipped.map((point) => [point.contender, point])).values()]
  const by = { x: 'x', y: 'y', z: 'contender' } as const
  return draw(canvas, alt, {
    height: width < NARROW ? 300 : 340,
    marginRight,
    x: {
      label: 'step',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: width < NARROW ? 3 : 7,
      tickFormat: (step: number) => (step < 1000 ? String(step) : `${step / 1000}k`),
    },
    y: {
      ...(data.log
        ? { type: 'log', ticks: powers([bottom, top], 8), tickFormat: powerLabel }
        : { ticks: 6, tickFormat: '~r' }),
      domain: [bottom, top],
      label: data.yLabel,
      grid: true,
    },
    marks: [
      ...(data.target === null || data.target < bottom || data.target > top
        ? []
        : [ruleY([data.target], { stroke: 'var(--soft)', strokeDasharray: '2 3' })]),
      areaY(clipped, {
        x: 'x',
        y1: 'low',
        y2: 'high',
        z: 'contender',
        fill: (d: Point) => ink(d.contender),
        fillOpacity: 0.14,
        clip: true,
      }),
      ...data.lines.map(({ contender }) =>
        line(clipped, {
          ...by,
          filter: (d: Point) => d.contender === contender,
          stroke: ink(contender),
          strokeDasharray: dash(contender),
          strokeWidth: 1.8,
          clip: true,
        }),
      ),
      endLabels(canvas, last, {
        x: 'x',
        y: 'y',
        text: (d: Point) => name(d.contender),
        fill: (d: Point) => ink(d.contender),
        frameAnchor: 'right',
      }),
      ...tips(canvas, clipped, {
        ...by,
        title: (d: Point) =>
          `${contenders[d.contender]}\nstep ${d.x}: ${brief(d.y)}\nquartiles ${brief(d.low)} – ${brief(d.high)}`,
      }),
    ],
  })
}

/**
 * The axis: what the medians need, but no more above the start than a tenth of the way, or a decade. Where larger is
 * better, the first tenth of the steps may lie under it.
 */
function limits(
  { log, rising, lines, target }: CurvesData,
  medians: readonly number[],
): { top: number; bottom: number } {
  const starts = lines.flatMap(({ median }) => (median[0] === null ? [] : [median[0]]))
  const start = Math.max(...starts)
  const all = target === null || (log && target <= 0) ? medians : [...medians, target]
  const later = lines.flatMap(({ step, median }) =>
    median.filter((value, i) => value !== null && step[i] >= (step.at(-1) as number) / 10),
  ) as number[]
  const bottom = Math.min(...(rising && later.length > 0 ? later : all))
  const most = Math.max(...all)
  const top = log
    ? Math.min(most, Math.max(10 * start, 10 * bottom))
    : Math.min(most, start + (start - bottom) / 10)
  if (log) return { top: Math.max(top, 2 * bottom), bottom }
  return { top: top > bottom ? top : most > bottom ? most : bottom + 1, bottom }
}
