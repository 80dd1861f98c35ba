// The loss curves of the race, up to the step shown: drawn whole, and uncovered as the race goes on.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { ln, pow } from '../../math/functions'
import type { Landscape } from '../landscapes'
import type { Player } from '../player'
import type { Track } from '../trajectories'
import { show } from '../verdict'
import { useWidth } from './page'

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
  const first = Math.max(...curves.map(([first]) => first ?? 0))
  let [least, most] = [first, first]
  for (const curve of curves) {
    for (const value of curve) {
      if (value === null) break
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  }
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

/** A chart in two layers: its frame, and over it its curves, of which a part can be shown. */
function createChart(place: HTMLElement, width: number, colours: readonly string[], isLog: boolean) {
  const style = getComputedStyle(place)
  const [text, line] = ['--soft', '--line'].map((name) => style.getPropertyValue(name).trim())
  const font = '12px system-ui, sans-serif'
  let end = 1
  let range: [number, number] = [1, 10]
  const layer = (axis: uPlot.Axis, series: readonly uPlot.Series[]) =>
    new uPlot(
      {
        width,
        height: 240,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [0, end] },
          y: { distr: isLog ? 3 : 1, range: () => range },
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
        series: [{}, ...series],
      },
      [[], ...series.map(() => [])],
      place,
    )
  const ticksOff = { ticks: { show: false } }
  const frame = layer({ stroke: text, grid: { stroke: line, width: 1 }, ...ticksOff }, [{}])
  const lines = layer(
    { stroke: 'transparent', grid: { show: false }, ...ticksOff },
    colours.map((stroke) => ({ stroke, width: 2, points: { show: false } })),
  )
  return {
    setCurves(curves: readonly Curve[]): void {
      const steps = Array.from(curves[0].keys())
      end = steps.length - 1
      range = rangeOf(curves, isLog)
      frame.setData([steps, steps.map(() => null)])
      lines.setData([steps, ...curves] as uPlot.AlignedData)
    },
    showTo(step: number): void {
      const { left, width: inner } = lines.bbox
      const shown = (left + inner * (step / end)) / uPlot.pxRatio
      // Half of a line's width beyond.
      lines.root.style.clipPath = `inset(0 ${width - shown - 1}px 0 0)`
    },
    destroy(): void {
      frame.destroy()
      lines.destroy()
    },
  }
}

export function Curves({ landscape, tracks, steps, player }: Props) {
  const [box, width] = useWidth()
  const chart = useRef<ReturnType<typeof createChart>>(undefined)
  const isLog = landscape.least !== undefined
  const colours = tracks.map(({ colour }) => colour).join()

  useEffect(() => {
    if (!box.current || width === 0) return undefined
    const made = createChart(box.current, width, colours.split(','), isLog)
    chart.current = made
    return () => made.destroy()
  }, [width, colours, isLog])

  useEffect(() => {
    const made = chart.current
    if (!made) return undefined
    made.setCurves(tracks.map((track) => curveOf(landscape, track, steps)))
    const showStep = () => made.showTo(player.step)
    showStep()
    return player.onChange(showStep)
  }, [width, landscape, tracks, steps, player])

  const title = isLog ? 'Loss above the least loss (logarithmic), by step' : 'Loss, by step'
  return (
    <section class="curves">
      <h2>{title}</h2>
      <div ref={box} class="chart" role="img" aria-label={`${title}; the verdicts say it in words`} />
    </section>
  )
}
