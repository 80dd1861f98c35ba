// The ground under the trajectories, from the problem's own loss on a grid.
import { type BenchProblem, problems } from '../problems/index'
import type { TrajectoriesData } from './charts/data'

type Ground = Pick<TrajectoriesData, 'view' | 'grid'>

const SIZE = 72

/** Without a known landscape, the view is what the trajectories cover. */
export function landscape(name: string, ways: readonly number[][][]): Ground {
  const known = problems.find((problem) => problem.name === name && problem.kind !== 'data')?.create()
  if (known?.view === undefined)
    return { view: { x: extent(ways, 0), y: extent(ways, 1), minima: [] }, grid: null }
  const { x, y, minima } = known.view
  return { view: { x, y, minima }, grid: { size: SIZE, levels: levelsOf(known, x, y) } }
}

function extent(ways: readonly number[][][], axis: 0 | 1): [number, number] {
  const values = ways.flatMap((way) => way.map((point) => point[axis]))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const margin = 0.1 * (high - low) || 1
  return [low - margin, high + margin]
}

type Interval = readonly [number, number]

/** Ranks of the losses: between two lines lies the same area everywhere, in valleys as on cliffs. */
function levelsOf(problem: BenchProblem, x: Interval, y: Interval): number[] {
  const params = problem.params(0)
  const grads = problem.params(0)
  const at = ([low, high]: Interval, i: number) => low + ((i + 0.5) / SIZE) * (high - low)
  const heights = Array.from({ length: SIZE * SIZE }, (_, i) => {
    params.x[0] = at(x, i % SIZE)
    params.x[1] = at(y, Math.floor(i / SIZE))
    const loss = problem.lossAndGrad(params, grads, undefined)
    return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss
  })
  const sorted = [...new Set(heights)].sort((a, b) => a - b)
  const ranks = new Map(sorted.map((height, rank) => [height, rank]))
  const most = Math.max(1, sorted.length - 1)
  return heights.map((height) => Math.round((1000 * (ranks.get(height) ?? 0)) / most))
}
