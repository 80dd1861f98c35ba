// Performance profiles: the share of problems solved within τ times the steps of the fastest.
import { line, ruleY } from '@observablehq/plot'
import { brief } from '../../bench/summary/words'
import type { ProfilesData } from './data'
import { type Canvas, draw, endLabels, ends, inks, NARROW, tips } from './frame'

export function profiles({ lines }: ProfilesData, canvas: Canvas, alt: string): Element {
  const { width, contenders } = canvas
  const { marginRight, name } = ends(canvas)
  const { inColour, ink, dash } = inks(canvas)
  const inFront = [...lines].sort((a, b) => Number(inColour(a.contender)) - Number(inColour(b.contender)))
  const end = 1.3 * Math.max(2, ...lines.flatMap(({ points }) => points.map(({ tau }) => tau)))
  const points = lines.flatMap(({ contender, points: own }) => {
    const start = own[0]?.tau === 1 ? [] : [{ contender, tau: 1, share: 0 }]
    const staircase = [...start, ...own.map((point) => ({ contender, ...point }))]
    return [...staircase, { contender, tau: end, share: own.at(-1)?.share ?? 0 }]
  })
  type Point = (typeof points)[number]
  const by = { x: 'tau', y: 'share', z: 'contender' } as const
  return draw(canvas, alt, {
    height: width < NARROW ? 320 : 400,
    marginRight,
    x: {
      type: 'log',
      domain: [1, end],
      label: 'steps, as a multiple of the fastest',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [1, 2, 3, 5, 10, 20, 50, 100, 1000, 10000].filter(
        (tick) => tick <= end && (end < 30 || ![3, 5].includes(tick)),
      ),
      tickFormat: (tau: number) => `${tau}×`,
    },
    y: { domain: [0, 100], label: 'problems solved, %', percent: true, grid: true, ticks: 5 },
    marks: [
      ruleY([0], { strokeOpacity: 0.4 }),
      ...inFront.map(({ contender }) =>
        line(points, {
          ...by,
          filter: (d: Point) => d.contender === contender,
          curve: 'step-after',
          stroke: ink(contender),
          strokeDasharray: dash(contender),
          strokeWidth: inColour(contender) ? 2 : 1,
        }),
      ),
      endLabels(
        canvas,
        points.filter(({ contender, tau }) => tau === end && inColour(contender)),
        {
          x: 'tau',
          y: 'share',
          text: (d: Point) => name(d.contender),
          fill: (d: Point) => ink(d.contender),
        },
      ),
      ...tips(canvas, points, {
        ...by,
        title: (d: Point) =>
          `${contenders[d.contender]}\nwithin ${brief(d.tau)}×: ${brief(100 * d.share)} % of the problems`,
      }),
    ],
  })
}
