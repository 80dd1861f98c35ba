// The race itself, drawn anew in each frame: every racer's way up to the step shown, its head numbered.
import type { Plane } from './plane'
import type { Run } from './run'

export interface Track {
  readonly run: Run
  readonly colour: string
  readonly label: string
}

/** Pixels beyond the canvas that are as good as any farther. */
const MARGIN = 4000
const clamp = (value: number) => Math.min(Math.max(value, -MARGIN), MARGIN)

/** A way in pixels, without the points that make no visible difference. */
function trace(pen: CanvasRenderingContext2D, plane: Plane, { path }: Run, step: number): void {
  let [lastX, lastY] = [Number.NaN, Number.NaN]
  pen.beginPath()
  for (let t = 0; t <= step; t++) {
    const x = clamp(plane.x(path[2 * t]))
    const y = clamp(plane.y(path[2 * t + 1]))
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1 && t < step) continue
    if (t === 0) pen.moveTo(x, y)
    else pen.lineTo(x, y)
    ;[lastX, lastY] = [x, y]
  }
}

function drawHead(
  pen: CanvasRenderingContext2D,
  plane: Plane,
  { run, colour, label }: Track,
  step: number,
  halo: string,
): void {
  const [rawX, rawY] = [plane.x(run.path[2 * step]), plane.y(run.path[2 * step + 1])]
  const radius = 8
  // Who has left the picture waits at its border.
  const x = Math.min(Math.max(rawX, radius + 2), plane.width - radius - 2)
  const y = Math.min(Math.max(rawY, radius + 2), plane.height - radius - 2)
  pen.beginPath()
  pen.arc(x, y, radius, 0, 2 * Math.PI)
  pen.fillStyle = colour
  pen.fill()
  pen.strokeStyle = halo
  pen.lineWidth = 2
  pen.stroke()
  pen.fillStyle = halo
  pen.font = 'bold 11px system-ui, sans-serif'
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(label, x, y + 0.5)
}

export function drawRace(
  pen: CanvasRenderingContext2D,
  plane: Plane,
  tracks: readonly Track[],
  start: readonly [number, number],
  step: number,
): void {
  const halo = getComputedStyle(pen.canvas).getPropertyValue('--halo').trim()
  pen.clearRect(0, 0, plane.width, plane.height)
  pen.lineJoin = 'round'
  for (const { run, colour } of tracks) {
    trace(pen, plane, run, Math.min(step, run.steps))
    pen.strokeStyle = halo
    pen.lineWidth = 4
    pen.stroke()
    pen.strokeStyle = colour
    pen.lineWidth = 2.25
    pen.stroke()
  }
  pen.beginPath()
  pen.arc(plane.x(start[0]), plane.y(start[1]), 4.5, 0, 2 * Math.PI)
  pen.fillStyle = halo
  pen.fill()
  pen.strokeStyle = getComputedStyle(pen.canvas).getPropertyValue('--text').trim()
  pen.lineWidth = 2
  pen.stroke()
  for (const track of tracks) drawHead(pen, plane, track, Math.min(step, track.run.steps), halo)
}
