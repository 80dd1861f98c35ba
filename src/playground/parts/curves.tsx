// The loss curves of the race, up to the step shown.
import { useEffect } from 'preact/hooks'
import uPlot from 'uplot'
import { ln, pow } from '../../math/functions'
import type { Landscape } from '../landscapes'
import type { Player } from '../player'
import type { Track } from '../trajectories'
import { show } from '../verdict'
import { useScheme, useWidth } from './page'

interface Props {
  readonly landscape: Landscape
  readonly tracks: readonly Track[]
  readonly steps: number
  readonly player: Player
}

/** Losses below this part of the first are not told apart. */
const FLOOR = 1e-10

type Curve = (number | null)[]

/** The losses of a run, above the least loss where that is known; null after it diverged. */
function curveOf({ least }: Landscape, { run: { losses } }: Track, steps: number): Curve {
  const floor = least === undefined ? undefined : FLOOR * (losses[0] - least)
  return Array.from({ length: steps + 1 }, (_, t) => {
    if (t >= losses.length) return null
    return least === undefined || floor === undefined ? losses[t] : Math.max(losses[t] - least, floor)
  })
}

function rangeOf(curves: readonly Curve[], isLog: boolean): [number, number] {
  const values = curves.flat().filter((value): value is number => value !== null)
  const first = Math.max(...curves.map(([first]) => first ?? 0))
  const least = values.reduce((a, b) => Math.min(a, b), first)
  const most = values.reduce((a, b) => Math.max(a, b), first)
  if (isLog) return [Math.max(least, first * FLOOR), Math.min(most, first * 100)]
  const span = Math.max(Math.abs(first), 1)
  return [Math.max(least, first - 20 * span), Math.min(most, first + 5 * span)]
}

/** Powers of ten on a logarithmic axis, six at most; four even steps where there are not two. */
function ticks(_: uPlot, _axis: number, low: number, high: number): number[] {
  const first = Math.ceil(ln(low) / Math.LN10)
  const last = Math.floor(ln(high) / Math.LN10)
  if (last <= first) return [0, 1, 2, 3].map((k) => low + (k / 3) * (high - low))
  const every = Math.ceil((last - first) / 6)
  const count = Math.floor((last - first) / every) + 1
  return Array.from({ length: count }, (_, k) => pow(10, last - k * every)).reverse()
}

export function Curves({ landscape, tracks, steps, player }: Props) {
  const [box, width] = useWidth()
  const scheme = useScheme()
  const isLog = landscape.least !== undefined

  useEffect(() => {
    const place = box.current
    if (!place || width === 0) return undefined
    const style = getComputedStyle(place)
    const [text, line] = ['--soft', '--line'].map((name) => style.getPropertyValue(name).trim())
    const curves = tracks.map((track) => curveOf(landscape, track, steps))
    const xs = Array.from({ length: steps + 1 }, (_, t) => t)
    const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { show: false } }
    const font = '12px system-ui, sans-serif'
    const upTo = (step: number): uPlot.AlignedData => [
      xs.slice(0, step + 1),
      ...curves.map((curve) => curve.slice(0, step + 1)),
    ]
    const chart = new uPlot(
      {
        width,
        height: 240,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [0, steps] },
          y: { distr: isLog ? 3 : 1, range: rangeOf(curves, isLog) },
        },
        axes: [
          { ...axis, font, size: 30 },
          {
            ...axis,
            font,
            size: 58,
            ...(isLog && { splits: ticks }),
            filter: (_, splits) => splits,
            values: (_, splits) => splits.map((value) => (value === null ? '' : show(value))),
          },
        ],
        series: [
          {},
          ...tracks.map(({ colour, label }) => ({
            label,
            stroke: colour,
            width: 2,
            points: { show: false },
          })),
        ],
      },
      upTo(player.step),
      place,
    )
    const stop = player.onChange(() => chart.setData(upTo(player.step)))
    return () => {
      stop()
      chart.destroy()
    }
  }, [landscape, tracks, steps, width, scheme, isLog])

  const title = isLog ? 'Loss above the least loss (logarithmic), by step' : 'Loss, by step'
  return (
    <section class="curves">
      <h2>{title}</h2>
      <div ref={box} role="img" aria-label={`${title}; the verdicts say it in words`} />
    </section>
  )
}
