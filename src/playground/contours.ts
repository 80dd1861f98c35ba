// The landscape behind the race: filled contours, axes and the minima; drawn once for a size and colour scheme.
import { type ContourMultiPolygon, contours } from 'd3-contour'
import { pow } from '../math/functions'
import type { Landscape } from './landscapes'
import { type Plane, planeOf } from './plane'
import { show } from './verdict'

const LEVELS = 20
const GRID = 280

/** Losses on a grid of cell centres, row by row from the top. */
function grid({ loss, view }: Landscape): Float64Array {
  const values = new Float64Array(GRID * GRID)
  const plane = planeOf(view, GRID, GRID)
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const [x, y] = plane.at(column + 0.5, row + 0.5)
      values[row * GRID + column] = loss(x, y)
    }
  }
  return values
}

/** The levels between the least and the greatest loss in view: evenly spaced, or by equal factors. */
function levels(values: Float64Array, { view: { logScale }, least }: Landscape): number[] {
  const sorted = values.slice().sort()
  const low = least ?? sorted[0]
  const high = sorted[sorted.length - 1] - low
  if (!logScale) return Array.from({ length: LEVELS }, (_, k) => low + (high * (k + 0.5)) / LEVELS)
  // From what only a hundredth of the picture lies below: narrower valleys fall between the points of the grid.
  const near = Math.max(sorted[Math.floor(sorted.length / 100)] - low, high * 1e-9)
  const factor = pow(high / near, 1 / LEVELS)
  return Array.from({ length: LEVELS }, (_, k) => low + near * pow(factor, k))
}

const found = new WeakMap<Landscape, readonly ContourMultiPolygon[]>()

/** The areas above each level, in units of the grid: the same for every size of the picture. */
function areasOf(landscape: Landscape): readonly ContourMultiPolygon[] {
  const known = found.get(landscape)
  if (known) return known
  const values = grid(landscape)
  const areas = contours().size([GRID, GRID]).thresholds(levels(values, landscape))(Array.from(values))
  found.set(landscape, areas)
  return areas
}

/** Round numbers on an axis. */
function ticks([low, high]: readonly [number, number]): number[] {
  const step =
    [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find((step) => (high - low) / step <= 6) ?? high - low
  const first = Math.ceil(low / step + 0.25)
  const count = Math.floor(high / step - 0.25) - first + 1
  return Array.from({ length: Math.max(count, 0) }, (_, k) => (first + k) * step)
}

function drawAxes(
  pen: CanvasRenderingContext2D,
  plane: Plane,
  { view }: Landscape,
  colour: string,
  halo: string,
): void {
  const label = (value: number, x: number, y: number) => {
    pen.strokeText(show(value), x, y)
    pen.fillText(show(value), x, y)
  }
  pen.fillStyle = colour
  pen.strokeStyle = halo
  pen.lineWidth = 3
  pen.lineJoin = 'round'
  pen.font = '12px system-ui, sans-serif'
  pen.textAlign = 'center'
  pen.textBaseline = 'bottom'
  for (const value of ticks(view.x)) {
    pen.fillRect(plane.x(value) - 0.5, plane.height - 5, 1, 5)
    label(value, plane.x(value), plane.height - 6)
  }
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  for (const value of ticks(view.y)) {
    pen.fillRect(0, plane.y(value) - 0.5, 5, 1)
    label(value, 8, plane.y(value))
  }
}

export function drawLandscape(pen: CanvasRenderingContext2D, plane: Plane, landscape: Landscape): void {
  const style = getComputedStyle(pen.canvas)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const [low, high, line] = [colour('--low'), colour('--high'), colour('--contour')]
  pen.fillStyle = low
  pen.fillRect(0, 0, plane.width, plane.height)

  const areas = areasOf(landscape)
  pen.lineWidth = 0.75
  pen.strokeStyle = line
  areas.forEach(({ coordinates }, k) => {
    pen.beginPath()
    for (const ring of coordinates.flat()) {
      ring.forEach(([x, y], i) => {
        pen[i === 0 ? 'moveTo' : 'lineTo']((x / GRID) * plane.width, (y / GRID) * plane.height)
      })
      pen.closePath()
    }
    pen.fillStyle = `color-mix(in oklab, ${high} ${(100 * (k + 1)) / areas.length}%, ${low})`
    pen.fill('evenodd')
    pen.stroke()
  })

  drawAxes(pen, plane, landscape, colour('--text'), colour('--halo'))
  pen.strokeStyle = colour('--text')
  pen.lineWidth = 2
  for (const [x, y] of landscape.view.minima) {
    const [cx, cy] = [plane.x(x), plane.y(y)]
    pen.beginPath()
    for (const [dx, dy] of [
      [6, 6],
      [6, -6],
    ]) {
      pen.moveTo(cx - dx, cy - dy)
      pen.lineTo(cx + dx, cy + dy)
    }
    pen.stroke()
  }
}
