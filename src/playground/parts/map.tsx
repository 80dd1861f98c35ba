// The landscape with the race over it; a click, a tap or the arrow keys move the start.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ln } from '../../math/functions'
import { drawLandscape } from '../contours'
import type { Landscape } from '../landscapes'
import { fitCanvas, planeOf, proportion } from '../plane'
import type { Player } from '../player'
import { headOf, type Track, Ways } from '../trajectories'
import { showPoint } from '../verdict'
import { useScheme, useWidth } from './page'

interface Props {
  readonly landscape: Landscape
  readonly start: readonly [number, number]
  readonly tracks: readonly Track[]
  readonly player: Player
  onStart(start: [number, number]): void
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

/** To a thousandth of the picture: links stay short. */
const rounded = (value: number, [low, high]: readonly [number, number]) => {
  const exponent = Math.floor(ln(high - low) / Math.LN10)
  return Number(value.toFixed(Math.min(Math.max(3 - exponent, 0), 12)))
}

export function LandscapeMap({ landscape, start, tracks, player, onStart }: Props) {
  const base = useRef<HTMLCanvasElement>(null)
  const top = useRef<HTMLCanvasElement>(null)
  const heads = useRef<HTMLDivElement>(null)
  const [box, width] = useWidth()
  const scheme = useScheme()
  const [dragging, setDragging] = useState(false)
  const { view } = landscape
  const height = Math.round(width * proportion(view))
  const plane = useMemo(() => planeOf(view, width, height), [view, width, height])

  useEffect(() => {
    if (base.current && width > 0) drawLandscape(fitCanvas(base.current, plane), plane, landscape)
  }, [landscape, plane, scheme])

  useEffect(() => {
    if (!top.current || !heads.current || width === 0) return undefined
    const style = getComputedStyle(top.current)
    const [halo, text] = ['--halo', '--text'].map((name) => style.getPropertyValue(name).trim())
    const ways = new Ways(fitCanvas(top.current, plane), plane, tracks, { halo, text })
    const dots = [...heads.current.children] as HTMLElement[]
    const draw = () => {
      ways.show(player.step)
      for (let k = 0; k < tracks.length; k++) {
        const [x, y] = headOf(plane, tracks[k].run, player.step)
        dots[k].style.transform = `translate(${x}px, ${y}px)`
      }
    }
    draw()
    return player.onChange(draw)
  }, [plane, tracks, player, scheme])

  const move = (x: number, y: number) =>
    onStart([
      rounded(Math.min(Math.max(x, view.x[0]), view.x[1]), view.x),
      rounded(Math.min(Math.max(y, view.y[0]), view.y[1]), view.y),
    ])
  const moveTo = (event: MouseEvent) => {
    const { left, top, width: shown } = (event.currentTarget as Element).getBoundingClientRect()
    const scale = width / shown
    move(...plane.at((event.clientX - left) * scale, (event.clientY - top) * scale))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ') {
      event.preventDefault()
      if (player.playing) player.pause()
      else player.play()
    }
    const arrow = ARROWS[event.key]
    if (arrow === undefined) return
    event.preventDefault()
    const part = event.shiftKey ? 0.1 : 0.01
    move(
      start[0] + arrow[0] * part * (view.x[1] - view.x[0]),
      start[1] + arrow[1] * part * (view.y[1] - view.y[0]),
    )
  }

  return (
    <div ref={box} class="view">
      <div
        id="map"
        class="map"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is interactive
        tabIndex={0}
        aria-label={`Landscape ${landscape.name}. Start ${showPoint(start)}. Arrow keys move the start, with Shift in larger steps; Space plays and pauses.`}
        style={{ height: `${height}px` }}
        onClick={moveTo}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => setDragging(event.pointerType === 'mouse' && event.button === 0)}
        onPointerUp={() => setDragging(false)}
        onPointerLeave={() => setDragging(false)}
        onPointerMove={(event) => dragging && moveTo(event)}
      >
        <canvas ref={base} />
        <canvas ref={top} />
        <div ref={heads} aria-hidden="true">
          {tracks.map(({ colour, label }) => (
            <span key={label} class="number" style={{ '--colour': colour }}>
              {label}
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}
