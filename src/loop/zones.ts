// The zones of a learning-rate range test: which rates barely moved the loss, lowered it, and made it rise.
import type { LRRange, LRRangeTestPoint } from '../lr-range-test'

export interface Zones {
  tooLow: LRRange | null
  justRight: LRRange | null
  tooHigh: LRRange | null
  suggestion: number | null
}

/** Nothing was tried. */
export const NO_ZONES: Zones = { tooLow: null, justRight: null, tooHigh: null, suggestion: null }

/** Averages of pure noise stay this many standard deviations together. */
const DEVIATIONS = 5

/** How many losses have a plain mean as noisy as the running average. */
export const widthOf = (smoothing: number) => Math.round((1 + smoothing) / (1 - smoothing))

/** The middle value, the upper one of two; NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

interface Test {
  readonly minLr: number
  readonly maxLr: number
  readonly smoothing: number
  readonly diverged: boolean
}

/** @param points at least one, the first with a finite loss */
export function zonesOf(points: readonly LRRangeTestPoint[], test: Test): Zones {
  const { minLr, maxLr, smoothing, diverged } = test
  const finite = points.filter(({ smoothed }) => Number.isFinite(smoothed))
  const level = finite.map(({ smoothed }) => smoothed)
  const width = Math.min(finite.length, widthOf(smoothing))
  const start = finite.slice(0, width).reduce((sum, { loss }) => sum + loss, 0) / width
  const noise = smoothing === 0 ? 0 : (DEVIATIONS * deviation(finite)) / Math.sqrt(width)
  // The rate of the last step that the loss at k has seen.
  const rate = (k: number) => finite[Math.max(k - 1, 0)].lr

  let best = width - 1
  for (let k = width; k < level.length; k++) if (level[k] < level[best]) best = k
  const fall = start - level[best]
  if (!(fall > noise)) {
    let rise = diverged ? Math.min(level.length, points.length - 1) : level.length
    const risen = start + Math.max(noise, 0.01 * Math.abs(start))
    while (rise > 1 && level[rise - 1] > risen) rise--
    if (rise === points.length) return { ...NO_ZONES, tooLow: [minLr, maxLr] }
    const low = rate(rise - 1)
    return { ...NO_ZONES, tooLow: [minLr, low], tooHigh: [low, maxLr] }
  }
  let first = best
  while (first > 1 && start - level[first - 1] >= Math.max(0.1 * fall, noise)) first--
  let last = best
  while (last + 1 < level.length && level[last + 1] < level[best] + noise) last++
  const span = Math.min(Math.ceil(width / 2), best - first + 1)
  const change = (k: number) => level[k + span] - level[k]
  let steepest = first - 1
  for (let k = first; k + span <= best; k++) if (change(k) < change(steepest)) steepest = k
  const suggestion = finite[steepest].lr
  const low = rate(first)
  if (!diverged && level.slice(best).every((each) => each <= level[best] + noise)) {
    return { tooLow: [minLr, low], justRight: [low, maxLr], tooHigh: null, suggestion }
  }
  // The average rises half its width after the loss.
  const high = Math.max(suggestion, rate(last - Math.floor(width / 2)))
  return { tooLow: [minLr, low], justRight: [low, high], tooHigh: [high, maxLr], suggestion }
}

/** The standard deviation of the losses about any smooth curve, from their second differences; outliers hardly count. */
function deviation(points: readonly LRRangeTestPoint[]): number {
  const bends = points.slice(2).map(({ loss }, k) => Math.abs(loss - 2 * points[k + 1].loss + points[k].loss))
  // The median of |x| is 0.6745 standard deviations, and that of second differences √6.
  return bends.length === 0 ? 0 : median(bends) / (0.6745 * Math.sqrt(6))
}
