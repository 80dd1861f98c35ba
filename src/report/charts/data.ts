// What the pictures are drawn from: small enough to travel in the page, where they are drawn again.

/** Index into the report's contenders: decides colour and dashes everywhere. */
type Contender = number

export interface CurvesData {
  kind: 'curves'
  yLabel: string
  log: boolean
  /** Larger is better. */
  rising: boolean
  /** What counts as solved, where the curves show the target's metric. */
  target: number | null
  /** Median and quartiles over the seeds, at each step. */
  lines: {
    contender: Contender
    step: number[]
    q1: (number | null)[]
    median: (number | null)[]
    q3: (number | null)[]
  }[]
}

/** Settings tried: `value` is null for those that did not finish. */
export interface RatesData {
  kind: 'rates'
  yLabel: string
  log: boolean
  points: { contender: Contender; lr: number; value: number | null; outcome: string }[]
}

/** The same of all problems, each on a scale from the start, 0, to the best that any contender reached, 1. */
export interface ForgivenessData {
  kind: 'forgiveness'
  /** Settings by rate, one line a study; null for those that did not finish. */
  lines: { contender: Contender; problem: string; lr: number[]; score: (number | null)[] }[]
  /** Over the problems, in bins of half a decade. */
  medians: { contender: Contender; lr: number; score: number }[]
}

export interface ProfilesData {
  kind: 'profiles'
  lines: { contender: Contender; points: { tau: number; share: number }[] }[]
}

export interface TrajectoriesData {
  kind: 'trajectories'
  view: { x: [number, number]; y: [number, number]; minima: readonly (readonly [number, number])[] }
  /** Levels of the landscape, 0 … 1000, row by row from the lowest y; null where it could not be computed. */
  grid: { size: number; levels: number[] } | null
  paths: { contender: Contender; points: number[][] }[]
}

/** The optimizer's share of the time of a step. */
export interface SplitData {
  kind: 'split'
  cells: { contender: Contender; problem: string; share: number; gradient: number; optimizer: number }[]
}

export interface ThroughputData {
  kind: 'throughput'
  rows: { optimizer: string; series: string; n: number; ns: number }[]
}

/** A learning-rate range test. */
export interface RangeData {
  kind: 'range'
  log: boolean
  points: readonly { lr: number; loss: number; smoothed: number }[]
  /** `wide` enough for its name. */
  zones: { name: 'too low' | 'just right' | 'too high'; from: number; to: number; wide: boolean }[]
  /** `side`: where there is room for words. */
  suggestion: { lr: number; side: 'left' | 'right' } | null
}

export type ChartData =
  | CurvesData
  | RatesData
  | ForgivenessData
  | ProfilesData
  | TrajectoriesData
  | SplitData
  | ThroughputData
  | RangeData

export interface Figure {
  /** Of the SVG beside the page, and of the element within it. */
  name: string
  title: string
  /** What a reader who cannot see it should know. */
  alt: string
  /** The contenders with a colour and a name of their own, by colour; without it: all. */
  chosen?: Contender[]
  chart: ChartData
}
