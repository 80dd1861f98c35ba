// The landscapes: two-dimensional problems with a view, and what the page needs to know of each.
import type { FloatArray } from 'cauchy'
import type { ProblemEntry, View } from '../problems/entry'
import { landscapes } from '../problems/landscapes/index'

export interface Landscape {
  readonly name: string
  readonly summary: string
  readonly view: View
  /** The least loss, where it is known. */
  readonly least: number | undefined
  /** Where a run begins unless told otherwise. */
  readonly start: readonly [number, number]
  /** The loss at a point, its gradient written to `g`. */
  lossAndGrad(x: FloatArray, g: FloatArray): number
  /** The loss alone. */
  loss(x: number, y: number): number
}

function open({ name, summary, create }: ProblemEntry): Landscape {
  const problem = create()
  const view = problem.view as View
  const point = new Float64Array(2)
  const unused = new Float64Array(2)
  const lossAndGrad = (x: FloatArray, g: FloatArray) => problem.lossAndGrad({ x }, { x: g }, undefined)
  const loss = (x: number, y: number) => {
    point[0] = x
    point[1] = y
    return lossAndGrad(point, unused)
  }
  const [x, y] = problem.params(0).x
  const least = view.minima.length === 0 ? undefined : Math.min(...view.minima.map(([x, y]) => loss(x, y)))
  return { name, summary, view, least, start: [x, y], lossAndGrad, loss }
}

const opened = new Map<string, Landscape>()

export const LANDSCAPES: readonly { readonly name: string; readonly summary: string }[] = landscapes

/** A landscape by its name, which must be one of {@link LANDSCAPES}. */
export function landscapeOf(name: string): Landscape {
  const found = opened.get(name) ?? open(landscapes.find((entry) => entry.name === name) as ProblemEntry)
  opened.set(name, found)
  return found
}
