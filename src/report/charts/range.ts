// A learning-rate range test: the loss over the rate, the three zones shaded.
import { dot, line, rect, ruleX, text } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { RangeData } from './data'
import { type Canvas, colour, draw, powerLabel, powers } from './frame'
import { rateAxis } from './rates'

const INKS = { 'too low': 'var(--soft)', 'just right': colour(2), 'too high': colour(1) }

export function range(data: RangeData, canvas: Canvas, alt: string): Element {
  const { points, log, zones, suggestion } = data
  type Point = (typeof points)[number]
  type Zone = (typeof zones)[number]
  const drawn = points.filter(({ smoothed }) => !log || smoothed > 0)
  const left = suggestion?.side === 'left'
  const [bottom, top] = limits(
    drawn.map(({ smoothed }) => smoothed),
    log,
  )
  return draw(canvas, alt, {
    height: 340,
    marginTop: 40,
    marginRight: 24,
    x: {
      ...rateAxis(
        zones.flatMap(({ from, to }) => [from, to]),
        10,
      ),
      domain: [zones[0].from, zones[zones.length - 1].to],
    },
    y: {
      ...(log
        ? { type: 'log', ticks: powers([bottom, top], 8), tickFormat: powerLabel }
        : { ticks: 6, tickFormat: '~g' }),
      domain: [bottom, top],
      label: log ? 'loss (log)' : 'loss',
      grid: true,
    },
    marks: [
      rect(zones, { x1: 'from', x2: 'to', fill: (d: Zone) => INKS[d.name], fillOpacity: 0.12 }),
      text(zones, {
        filter: (d: Zone) => d.wide,
        x: (d: Zone) => Math.sqrt(d.from * d.to),
        text: 'name',
        fill: (d: Zone) => INKS[d.name],
        frameAnchor: 'top',
        dy: -12,
        fontWeight: 600,
      }),
      dot(points, {
        filter: (d: Point) => d.loss >= bottom && d.loss <= top,
        x: 'lr',
        y: 'loss',
        r: 1.8,
        fill: 'var(--soft)',
        fillOpacity: 0.6,
      }),
      line(drawn, { x: 'lr', y: 'smoothed', stroke: colour(0), strokeWidth: 2.2, clip: true }),
      ...(suggestion === null
        ? []
        : [
            ruleX([suggestion], {
              x: 'lr',
              stroke: colour(2),
              strokeWidth: 1.6,
              strokeDasharray: '5 4',
            }),
            text([suggestion], {
              x: 'lr',
              text: [`suggestion ${brief(suggestion.lr)}`],
              frameAnchor: 'top',
              textAnchor: left ? 'end' : 'start',
              dx: left ? -7 : 7,
              dy: 12,
              fill: colour(2),
              stroke: 'var(--card)',
              strokeWidth: 4,
              fontWeight: 600,
            }),
          ]),
    ],
  })
}

/** All of the fall, and as much of a rise above the start as half of it, or a decade. */
function limits(values: readonly number[], log: boolean): [number, number] {
  const [start, lowest, highest] = [values[0], Math.min(...values), Math.max(...values)]
  if (log) return [lowest, Math.min(Math.max(highest, 2 * lowest), 10 * start)]
  const fall = start - lowest || Math.abs(start) || 1
  return [lowest - fall / 20, Math.max(start + fall / 20, Math.min(highest, start + fall / 2))]
}
