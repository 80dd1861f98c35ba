// The way of each contender over the contours of a landscape: a ring where it started, a dot where it ended.
import { contour, dot, line } from '@observablehq/plot'
import type { TrajectoriesData } from './data'
import { type Canvas, draw, endLabels, ends, inks, tips } from './frame'

const LEVELS = 18

export function trajectories({ view, grid, paths }: TrajectoriesData, canvas: Canvas, alt: string): Element {
  const { width, contenders } = canvas
  const { marginRight, name } = ends(canvas)
  const { ink, dash } = inks(canvas)
  const inside = ([x, y]: number[]) => x >= view.x[0] && x <= view.x[1] && y >= view.y[0] && y <= view.y[1]
  const points = paths.flatMap(({ contender, points: way }) => {
    // What leaves the view is drawn to its first point outside: the frame clips it.
    const left = way.findIndex((point) => !inside(point))
    return (left < 0 ? way : way.slice(0, left + 1)).map(([x, y]) => ({ contender, x, y }))
  })
  type Point = (typeof points)[number]
  const visible = points.filter(({ x, y }) => inside([x, y]))
  const last = [...new Map(visible.map((point) => [point.contender, point])).values()]
  const starts = paths.flatMap(({ points: [start] }) =>
    start && inside(start) ? [{ x: start[0], y: start[1] }] : [],
  )
  const by = { x: 'x', y: 'y', z: 'contender' } as const
  const place = { x1: view.x[0], x2: view.x[1], y1: view.y[0], y2: view.y[1] }
  return draw(canvas, alt, {
    height: Math.min(width - marginRight, 480) + 12,
    marginLeft: 40,
    marginRight,
    x: { domain: view.x, label: null, ticks: 5 },
    y: { domain: view.y, label: null, ticks: 5 },
    marks: [
      ...(grid
        ? [
            contour(grid.levels, {
              ...place,
              width: grid.size,
              height: grid.size,
              interpolate: 'none',
              thresholds: Array.from({ length: LEVELS }, (_, i) => (1000 * (i + 0.5)) / LEVELS),
              stroke: 'var(--soft)',
              strokeOpacity: 0.45,
              strokeWidth: 0.7,
            }),
          ]
        : []),
      dot(
        view.minima.map(([x, y]) => ({ x, y })),
        { x: 'x', y: 'y', symbol: 'star', r: 6, fill: 'var(--text)', stroke: 'var(--card)', clip: true },
      ),
      ...paths.map(({ contender }) =>
        line(points, {
          ...by,
          filter: (d: Point) => d.contender === contender,
          stroke: ink(contender),
          strokeDasharray: dash(contender),
          strokeWidth: 1.7,
          clip: true,
        }),
      ),
      dot(starts, { x: 'x', y: 'y', r: 4.5, stroke: 'var(--text)', strokeWidth: 1.6 }),
      dot(last, { x: 'x', y: 'y', r: 3.5, fill: (d: Point) => ink(d.contender), stroke: 'var(--card)' }),
      endLabels(
        canvas,
        last.map((point) => ({ ...point, x: view.x[1] })),
        {
          x: 'x',
          y: 'y',
          text: (d: Point) => name(d.contender),
          fill: (d: Point) => ink(d.contender),
        },
      ),
      ...tips(canvas, visible, {
        ...by,
        title: (d: Point) => `${contenders[d.contender]}\n${d.x.toPrecision(3)}, ${d.y.toPrecision(3)}`,
      }),
    ],
  })
}
