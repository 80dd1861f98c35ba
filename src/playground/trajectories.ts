// The race itself: every racer's way, drawn on from step to step.
import type { Plane } from './plane'
import type { Run } from './run'

export interface Track {
  readonly run: Run
  readonly colour: string
  readonly label: string
}

export interface Inks {
  /** Around every way, so that it stands out from the contours and from other ways. */
  readonly halo: string
  readonly text: string
}

/** Pixels beyond the canvas that are as good as any farther. */
const MARGIN = 4000
const clamp = (value: number) => Math.min(Math.max(value, -MARGIN), MARGIN)

const place = (plane: Plane, { path }: Run, t: number) =>
  [clamp(plane.x(path[2 * t])), clamp(plane.y(path[2 * t + 1]))] as const

/** Where the head of a racer is; who has left the picture waits at its border. */
export function headOf(plane: Plane, run: Run, step: number): readonly [number, number] {
  const [x, y] = place(plane, run, Math.min(step, run.steps))
  const inside = (value: number, size: number) => Math.min(Math.max(value, 10), size - 10)
  return [inside(x, plane.width), inside(y, plane.height)]
}

/** The ways of a race on a canvas. A later step adds to them; an earlier one draws them anew. */
export class Ways {
  readonly #pen: CanvasRenderingContext2D
  readonly #plane: Plane
  readonly #tracks: readonly Track[]
  readonly #inks: Inks
  #step = Number.POSITIVE_INFINITY
  /** The last two points drawn of each way. */
  #ends: [before: number, last: number][] = []

  constructor(pen: CanvasRenderingContext2D, plane: Plane, tracks: readonly Track[], inks: Inks) {
    this.#pen = pen
    this.#plane = plane
    this.#tracks = tracks
    this.#inks = inks
    pen.lineJoin = 'round'
  }

  show(step: number): void {
    if (step < this.#step) this.#clear()
    this.#step = step
    for (let k = 0; k < this.#tracks.length; k++) this.#extend(k, step)
  }

  #clear(): void {
    const pen = this.#pen
    pen.clearRect(0, 0, this.#plane.width, this.#plane.height)
    this.#ends = this.#tracks.map(() => [0, 0])
    const [x, y] = place(this.#plane, this.#tracks[0].run, 0)
    pen.beginPath()
    pen.arc(x, y, 4.5, 0, 2 * Math.PI)
    pen.fillStyle = this.#inks.halo
    pen.fill()
    pen.strokeStyle = this.#inks.text
    pen.lineWidth = 2
    pen.stroke()
  }

  #extend(k: number, step: number): void {
    const { run, colour } = this.#tracks[k]
    const [before, last] = this.#ends[k]
    const points = this.#newPoints(run, last, Math.min(step, run.steps))
    if (points.length === 0) return
    const pen = this.#pen
    this.#line(run, [last, ...points])
    pen.lineCap = 'butt'
    pen.strokeStyle = this.#inks.halo
    pen.lineWidth = 4
    pen.stroke()
    // Over the corner of the halo too, where the last stroke ended.
    this.#line(run, [before, last, ...points])
    pen.lineCap = 'round'
    pen.strokeStyle = colour
    pen.lineWidth = 2.25
    pen.stroke()
    this.#ends[k] = [points.at(-2) ?? last, points[points.length - 1]]
  }

  /** Those after `last` that make a visible difference. */
  #newPoints(run: Run, last: number, step: number): number[] {
    const points: number[] = []
    let [lastX, lastY] = place(this.#plane, run, last)
    for (let t = last + 1; t <= step; t++) {
      const [x, y] = place(this.#plane, run, t)
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1) continue
      points.push(t)
      ;[lastX, lastY] = [x, y]
    }
    return points
  }

  #line(run: Run, points: readonly number[]): void {
    this.#pen.beginPath()
    for (const t of points) this.#pen.lineTo(...place(this.#plane, run, t))
  }
}
