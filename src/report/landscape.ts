// The heights under the trajectories, from the problem's own loss on a grid.
import type { TrajectoriesData } from './charts/data'

type Ground = Pick<TrajectoriesData, 'view' | 'grid'>

/** Without a known landscape, the view is what the trajectories cover. */
export function landscape(_problem: string, ways: readonly number[][][]): Ground {
  const extent = (axis: 0 | 1): [number, number] => {
    const values = ways.flatMap((way) => way.map((point) => point[axis]))
    const [low, high] = [Math.min(...values), Math.max(...values)]
    const margin = 0.1 * (high - low) || 1
    return [low - margin, high + margin]
  }
  return { view: { x: extent(0), y: extent(1), minima: [] }, grid: null }
}
