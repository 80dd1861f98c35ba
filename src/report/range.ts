// The picture of a learning-rate range test, as an SVG document.
import type { LRRangeTestResult } from 'cauchy'
import { brief } from '../bench/summary/words'
import { ln } from '../math/functions'
import { drawFigure } from './charts/browser'
import { asDocument, emptyDocument } from './document'

/** A range test, and what it was made of. */
export interface RangeTest extends LRRangeTestResult {
  problem: string
  optimizer: string
  from: number
  to: number
  steps: number
  /** null without data. */
  batchSize: number | null
  seed: number
  backend: string
  isa: string
}

/** A zone narrower than this share of the axis has no room for its name. */
const NARROW = 0.12

/** More points than this nobody can tell apart. */
const MOST_POINTS = 2000

/** Falls by more than this factor are drawn on a logarithmic axis. */
const DEEP = 50

export function rangePicture(test: RangeTest): string {
  const { problem, optimizer, tooLow, justRight, tooHigh, suggestion } = test
  const every = Math.ceil(test.points.length / MOST_POINTS)
  const points = test.points.filter((_, k) => k % every === 0)
  const losses = points.map(({ smoothed }) => smoothed).filter(Number.isFinite)
  const lowest = Math.min(...losses)
  const log = lowest > 0 && losses[0] > DEEP * lowest
  const finite = points.filter(({ loss }) => Number.isFinite(loss))
  const title = `${problem}, ${optimizer}: learning-rate range test`
  const batches = test.batchSize === null ? '' : `, batches of ${test.batchSize}`
  const shown = every === 1 ? 'each step' : `one step in ${every}`
  const source = `The loss of ${shown} (dots) and the running average (line): ${test.steps} steps${batches}, seed ${test.seed}`
  const [low, high] = justRight ?? [null, null]
  const alt =
    low === null || high === null
      ? 'No learning rate lowered the loss.'
      : `Rates from ${brief(low)} to ${brief(high)} lower the loss; it falls fastest at ${brief(suggestion ?? low)}.`
  const share = (a: number, b: number) => ln(b / a) / ln(test.to / test.from)
  const zones = [
    { name: 'too low', range: tooLow } as const,
    { name: 'just right', range: justRight } as const,
    { name: 'too high', range: tooHigh } as const,
  ].flatMap(({ name, range }) =>
    range ? [{ name, from: range[0], to: range[1], wide: share(...range) > NARROW }] : [],
  )
  const side = suggestion !== null && share(test.from, suggestion) > 0.5 ? 'left' : 'right'
  const marked = suggestion === null ? null : ({ lr: suggestion, side } as const)
  const chart = { kind: 'range', log, points: finite, zones, suggestion: marked } as const
  const canvas = { width: 760, contenders: [], alone: { document: emptyDocument(), title, source } }
  return asDocument(drawFigure({ name: 'lr-find', title, alt, chart }, canvas))
}
